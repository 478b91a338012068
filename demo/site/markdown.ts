/** Help articles are Markdown; this turns one into HTML on the server. */
import { Attr, parser, parser_end, parser_write, Token, type Renderer } from "streaming-markdown";

/** An element that is still open: its end tag is not reached, its attributes may still come. */
type OpenElement = { token: Token; attributes: string; html: string; rows: number };

const tags: Partial<Record<Token, string>> = {
  [Token.Blockquote]: "blockquote",
  [Token.Paragraph]: "p",
  [Token.Heading_1]: "h2",
  [Token.Heading_2]: "h2",
  [Token.Heading_3]: "h3",
  [Token.Heading_4]: "h4",
  [Token.Code_Block]: "pre",
  [Token.Code_Fence]: "pre",
  [Token.Code_Inline]: "code",
  [Token.Italic_Ast]: "em",
  [Token.Italic_Und]: "em",
  [Token.Strong_Ast]: "strong",
  [Token.Strong_Und]: "strong",
  [Token.Strike]: "s",
  [Token.Link]: "a",
  [Token.Raw_URL]: "a",
  [Token.List_Unordered]: "ul",
  [Token.List_Ordered]: "ol",
  [Token.List_Item]: "li",
  [Token.Table]: "table",
  [Token.Table_Row]: "tr",
  [Token.Table_Cell]: "td",
};

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Markdown in, HTML out: everything but known tags and links of safe schemes is escaped or left out. */
export function markdownToHtml(markdown: string): string {
  const renderer = htmlRenderer();
  const markdownParser = parser(renderer);
  parser_write(markdownParser, markdown);
  parser_end(markdownParser);
  // The parser does not report the end of what is open at the end of the text.
  while (renderer.data.length > 1) renderer.end_token(renderer.data);
  return renderer.data[0]?.html ?? "";
}

/** Its data are the open elements: the document first, the innermost last. */
function htmlRenderer(): Renderer<OpenElement[]> {
  const root = open(Token.Document);
  const stack = [root];
  const innermost = () => stack.at(-1) ?? root;
  return {
    data: stack,
    add_token: (_, token) => {
      if (token === Token.Document) return;
      if (token === Token.Table_Row) innermost().rows += 1;
      stack.push(open(token));
    },
    end_token: () => {
      const element = stack.pop() ?? root;
      innermost().html += toHtml(element, stack);
    },
    add_text: (_, text) => {
      innermost().html += escapeHtml(text);
    },
    set_attr: (_, attribute, value) => {
      innermost().attributes += toAttribute(attribute, value);
    },
  };
}

function open(token: Token): OpenElement {
  return { token, attributes: "", html: "", rows: 0 };
}

function toHtml({ token, attributes, html }: OpenElement, parents: OpenElement[]): string {
  if (token === Token.Line_Break) return "<br>";
  if (token === Token.Rule) return "<hr>";
  if (token === Token.Table) return `<div class="scroll" tabindex="0"><table>${html}</table></div>`;
  if (token === Token.Table_Cell && html.trim() !== "" && parents.at(-2)?.rows === 1) {
    return `<th scope="col">${html}</th>`;
  }
  const tag = tags[token];
  return tag === undefined ? html : `<${tag}${attributes}>${html}</${tag}>`;
}

function toAttribute(attribute: Attr, value: string): string {
  if (attribute === Attr.Start) return ` start="${escapeHtml(value)}"`;
  const isSafeLink =
    attribute === Attr.Href && /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i.test(value);
  return isSafeLink ? ` href="${escapeHtml(value)}"` : "";
}
