import { describe, expect, it } from "vitest";
import { outlineOf } from "./render.ts";

const url = "https://example.com/";

/** What CommonMark and GFM say, unless the row is among the deviations. */
const cases: Record<string, [source: string, expected: string][]> = {
  paragraphs: [
    ["one\ntwo", "<p>one\ntwo</p>"],
    ["one\n\ntwo", "<p>one</p><p>two</p>"],
    ["  one\n   two  ", "<p>one\ntwo</p>"],
    ["one  \ntwo", "<p>one<br>two</p>"],
    ["one\\\ntwo", "<p>one<br>two</p>"],
    ["one\r\ntwo\rthree", "<p>one\ntwo\nthree</p>"],
    ["", ""],
    [" \n\t\n", ""],
  ],
  headings: [
    ["### one\ntwo", "<h5>one</h5><p>two</p>"],
    ["## one ##", "<h4>one</h4>"],
    ["# a#", "<h3>a#</h3>"],
    ["#one", "<p>#one</p>"],
    ["####### one", "<p>####### one</p>"],
    ["text\n# one", "<p>text</p><h3>one</h3>"],
  ],
  rules: [
    ["***", "<hr>"],
    ["- - -", "<hr>"],
    ["text\n***\ntext", "<p>text</p><hr><p>text</p>"],
    ["--", "<p>--</p>"],
  ],
  emphasis: [
    ["*a* _b_", "<p><em>a</em> <em>b</em></p>"],
    ["**a** __b__", "<p><strong>a</strong> <strong>b</strong></p>"],
    ["***a***", "<p><em><strong>a</strong></em></p>"],
    ["**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"],
    ["*a **b***", "<p><em>a <strong>b</strong></em></p>"],
    ["snake_case_name", "<p>snake_case_name</p>"],
    ["a*b*c", "<p>a<em>b</em>c</p>"],
    ["5 * 6 * 7", "<p>5 * 6 * 7</p>"],
    ["*foo**bar*", "<p><em>foo**bar</em></p>"],
    ["*foo**bar**baz*", "<p><em>foo<strong>bar</strong>baz</em></p>"],
    ["**a", "<p>**a</p>"],
    ["*a **b*", "<p>*a *<em>b</em></p>"],
    ["**a*", "<p>*<em>a</em></p>"],
    ["** a **", "<p>** a **</p>"],
    ["~~a~~", "<p><del>a</del></p>"],
    ["*a `*` b*", "<p><em>a <code>*</code> b</em></p>"],
    ["*a\nb*", "<p><em>a\nb</em></p>"],
    ["*a\n\nb*", "<p>*a</p><p>b*</p>"],
    ["**🎁**gift", "<p>**🎁**gift</p>"],
  ],
  code: [
    ["`a`", "<p><code>a</code></p>"],
    ["`` a`b ``", "<p><code>a`b</code></p>"],
    ["` `", "<p><code> </code></p>"],
    ["`a\nb`", "<p><code>a b</code></p>"],
    ["`\\`", "<p><code>\\</code></p>"],
    ["``a`", "<p>``a`</p>"],
    ["```js\na\n\n  b\n```\nc", "<pre js>a\n\n  b</pre><p>c</p>"],
    ["~~~\n```\n~~~", "<pre>```</pre>"],
    ["````\n```\n````", "<pre>```</pre>"],
    ["```\na", "<pre>a</pre>"],
    ["text\n```\na\n```", "<p>text</p><pre>a</pre>"],
    ["  ```\n  a\n   b\n  ```", "<pre>a\n b</pre>"],
    ["```\n\ta\n```", "<pre>\ta</pre>"],
    ["``` a`b", "<p>``` a`b</p>"],
  ],
  lists: [
    ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["1) a\n1. b", '<ol start="1"><li>a</li></ol><ol start="1"><li>b</li></ol>'],
    ["- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"],
    ["- a\n\n  b", "<ul><li>a<p>b</p></li></ul>"],
    ["- a\nb", "<ul><li>a\nb</li></ul>"],
    ["- a\n\nb", "<ul><li>a</li></ul><p>b</p>"],
    ["1. a\n   ```\n   b\n   ```\n2. c", '<ol start="1"><li>a<pre>b</pre></li><li>c</li></ol>'],
    ["- - a", "<ul><li><ul><li>a</li></ul></li></ul>"],
    ["-\ta", "<ul><li>a</li></ul>"],
    ["text\n- a", "<p>text</p><ul><li>a</li></ul>"],
    ["born in\n1984. Yes", "<p>born in\n1984. Yes</p>"],
    ["-a", "<p>-a</p>"],
    ["- > a\n  > b", "<ul><li><blockquote><p>a\nb</p></blockquote></li></ul>"],
  ],
  quotes: [
    ["> a\n> b", "<blockquote><p>a\nb</p></blockquote>"],
    ["> a\nb", "<blockquote><p>a\nb</p></blockquote>"],
    ["> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"],
    [">a\n>\n>b", "<blockquote><p>a</p><p>b</p></blockquote>"],
    ["> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"],
    [">> a", "<blockquote><blockquote><p>a</p></blockquote></blockquote>"],
    ["> ```\n> a\nb", "<blockquote><pre>a</pre></blockquote><p>b</p>"],
  ],
  tables: [
    [
      "| a | b |\n|---|--:|\n| 1 | 2 |",
      '<table><thead><tr><th>a</th><th class="right">b</th></tr></thead>' +
        '<tbody><tr><td>1</td><td class="right">2</td></tr></tbody></table>',
    ],
    [
      "text\n|a|\n|:-:|\n\ntext",
      '<p>text</p><table><thead><tr><th class="center">a</th></tr></thead><tbody></tbody></table>' +
        "<p>text</p>",
    ],
    [
      "|a|b|\n|-|-|\n|1|\n|1|2|3|",
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>" +
        "<tr><td>1</td><td></td></tr><tr><td>1</td><td>2</td></tr></tbody></table>",
    ],
    [
      "|a|\n|-|\n|`x \\| y` **z**|",
      "<table><thead><tr><th>a</th></tr></thead><tbody>" +
        "<tr><td><code>x | y</code> <strong>z</strong></td></tr></tbody></table>",
    ],
    ["| a | b |\n|---|", "<p>| a | b |\n|---|</p>"],
    ["| a |\ntext", "<p>| a |\ntext</p>"],
    ["- | a |\n  text", "<ul><li>| a |\ntext</li></ul>"],
  ],
  links: [
    [`[a](${url})`, `<p><a href="${url}">a</a></p>`],
    [`[a](<${url}b c> 'd')`, `<p><a href="${url}b%20c" title="d">a</a></p>`],
    [`[a](${url}b_(c))`, `<p><a href="${url}b_(c)">a</a></p>`],
    [`[**a** \`b\`](${url})`, `<p><a href="${url}"><strong>a</strong> <code>b</code></a></p>`],
    [`*[a](${url})*`, `<p><em><a href="${url}">a</a></em></p>`],
    [`*a [b*](${url})`, `<p>*a <a href="${url}">b*</a></p>`],
    [`[](${url})`, `<p><a href="${url}">${url}</a></p>`],
    [`![a](${url})`, `<p><a href="${url}">a</a></p>`],
    [`[![a](${url}b)](${url})`, `<p><a href="${url}">a</a></p>`],
    [`[${url}b](${url})`, `<p><a href="${url}">${url}b</a></p>`],
    ["[a][1] [b]", "<p>[a][1] [b]</p>"],
    ["[a](/b) [c](#d) [e](//f)", "<p>a c e</p>"],
    ["[a](javascript:alert(1))", "<p>a</p>"],
    ["[a](b c)", "<p>[a](b c)</p>"],
    ["<https://example.com/>", `<p><a href="${url}">${url}</a></p>`],
    ["<a@example.com>", '<p><a href="mailto:a@example.com">a@example.com</a></p>'],
    [`(see ${url}a_(b)).`, `<p>(see <a href="${url}a_(b)">${url}a_(b)</a>).</p>`],
    [`**${url}**`, `<p><strong><a href="${url}">${url}</a></strong></p>`],
    ["xhttps://example.com", "<p>xhttps://example.com</p>"],
  ],
  "escapes, references and HTML": [
    ["\\*a\\* \\a", "<p>*a* \\a</p>"],
    ["\\# a", "<p># a</p>"],
    ["&lt;b&gt; &amp;amp; &quot;&#39;", "<p><b> &amp; \"'</p>"],
    ["&copy; & &;", "<p>&copy; & &;</p>"],
    ["<b>a</b>", "<p><b>a</b></p>"],
    ["<script>alert(1)</script>", "<p><script>alert(1)</script></p>"],
  ],
  "deviations from CommonMark": [
    // What is on the screen can't become a heading.
    ["a\n---", "<p>a</p><hr>"],
    // Models indent for looks, not for code.
    ["    a", "<p>a</p>"],
    // Models nest by two columns under "1." as well.
    ["1. a\n  - b", '<ol start="1"><li>a<ul><li>b</li></ul></li></ol>'],
    // A row needs its first pipe, so the text after a table is a paragraph.
    [
      "|a|\n|-|\ntext",
      "<table><thead><tr><th>a</th></tr></thead><tbody></tbody></table><p>text</p>",
    ],
    // The only HTML there is: cells have no other way to break a line.
    ["a<br>b<br />c", "<p>a<br>b<br>c</p>"],
    // One tilde means "about".
    ["~5 to ~10", "<p>~5 to ~10</p>"],
    // The outer of two links is the one.
    [`[a [b](${url}) c](${url}d)`, `<p><a href="${url}d">a b c</a></p>`],
    // A mark may touch the letters of scripts without blanks.
    ["**注意：**商品", "<p><strong>注意：</strong>商品</p>"],
  ],
  "task lists": [
    ["- [ ] a\n- [x] b", '<ul><li class="task">☐ a</li><li class="task">☑ b</li></ul>'],
    ["- [a] b", "<ul><li>[a] b</li></ul>"],
    [`- [x](${url})`, `<ul><li><a href="${url}">x</a></li></ul>`],
    ["[ ] a", "<p>[ ] a</p>"],
  ],
};

describe.each(Object.entries(cases))("%s", (_name, rows) => {
  it.each(rows)("turns %j into %s", (source, expected) => {
    expect(outlineOf(source)).toBe(expected);
  });
});
