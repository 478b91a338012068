/** What happens to the site's HTML files on their way out, and the headers that they leave with. */

/** The address in the files, as a page author would write it. */
const writtenProxyUrl = "http://localhost:8787";

/** Frames another `<main>` with the front page's head, header, footer and script tag. */
export function withMain(frontPage: string, main: string): string {
  const heading = /<h1>(.*?)<\/h1>/s.exec(main)?.[1] ?? "";
  return frontPage
    .replace(/<main.*<\/main>/s, () => main)
    .replace(/<title>.*<\/title>/, () => `<title>${heading} · Marlow</title>`)
    .replace("/styles/shop.css", "/styles/prose.css");
}

/** Points the script tag at the proxy that is really running. */
export function withProxy(html: string, proxyUrl: string): string {
  return html.replaceAll(writtenProxyUrl, () => proxyUrl.replace(/\/$/, ""));
}

/** The shop's own policy: files of this site, scripts and calls of this site and the proxy. */
export function shopHeaders(proxyUrl: string): Record<string, string> {
  const { origin } = new URL(proxyUrl);
  return {
    ...commonHeaders,
    "Cache-Control": "no-cache",
    "Content-Security-Policy": policy([
      ...commonPolicy,
      `script-src 'self' ${origin}`,
      `connect-src 'self' ${origin}`,
    ]),
  };
}

/** The strictest policy that a careful site may have. The nonce must be new for every answer. */
export function strictHeaders(proxyUrl: string, nonce: string): Record<string, string> {
  return {
    ...commonHeaders,
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy([
      ...commonPolicy,
      `script-src 'nonce-${nonce}' 'strict-dynamic'`,
      `connect-src 'self' ${new URL(proxyUrl).origin}`,
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
  };
}

const commonHeaders = {
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "X-Content-Type-Options": "nosniff",
};

const commonPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

function policy(directives: string[]): string {
  return directives.join("; ");
}
