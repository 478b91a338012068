import { describe, expect, it } from "vitest";
import { safeUrl } from "../../../../widget/markdown/url.ts";

describe("an address that may become a link", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTPS://EXAMPLE.COM/A", "https://example.com/A"],
    ["http://example.com/?a=1&b=2#c", "http://example.com/?a=1&b=2#c"],
    ["https://例え.jp/パス", "https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9"],
    ["mailto:help@example.com", "mailto:help@example.com"],
    ["tel:+49301234567", "tel:+49301234567"],
    [" https://example.com/ ", "https://example.com/"],
  ])("%j is taken as %s", (address, href) => {
    expect(safeUrl(address)).toBe(href);
  });
});

describe("an address that must not", () => {
  it.each([
    ["javascript:alert(1)", "script"],
    ["JaVaScRiPt:alert(1)", "script in mixed case"],
    ["java\nscript:alert(1)", "script with a newline that browsers drop"],
    ["java\tscript:alert(1)", "script with a tab that browsers drop"],
    ["java\rscript:alert(1)", "script with a carriage return that browsers drop"],
    ["\u0001javascript:alert(1)", "script behind a control character that browsers drop"],
    ["\u0000javascript:alert(1)", "script behind a NUL"],
    ["   javascript:alert(1)", "script behind blanks"],
    ["javascript\u0000:alert(1)", "script with a NUL in the scheme"],
    ["javascript://example.com/%0Aalert(1)", "script dressed as an address"],
    ["javascript&colon;alert(1)", "script with a character reference"],
    ["java%73cript:alert(1)", "script with a percent sign"],
    ["\u202Ejavascript:alert(1)", "script behind a direction mark"],
    ["data:text/html,<script>alert(1)</script>", "a document in the address"],
    ["data:image/svg+xml;base64,PHN2Zz4=", "an image in the address"],
    ["vbscript:msgbox(1)", "another script"],
    ["blob:https://example.com/1", "an object of the page"],
    ["filesystem:https://example.com/1", "a file of the page"],
    ["file:///etc/passwd", "a local file"],
    ["view-source:https://example.com", "the browser's own"],
    ["intent://example.com#Intent;end", "another app"],
    ["feed:javascript:alert(1)", "script in a wrapper"],
    ["ftp://example.com", "a scheme that isn't on the list"],
    ["/account", "a path of the page"],
    ["//evil.example", "a host with the page's scheme"],
    ["\\\\evil.example", "a host behind backslashes"],
    ["#top", "a place in the page"],
    ["?a=1", "a query to the page"],
    ["example.com", "no scheme"],
    ["https://", "no host"],
    ["https://exa mple.com", "a host with a blank"],
    ["", "nothing"],
  ])("%j is refused: %s", (address) => {
    expect(safeUrl(address)).toBeUndefined();
  });
});
