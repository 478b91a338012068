import { createBlocks } from "./blocks.ts";
import { createCharacters } from "./characters.ts";
import type { Labels } from "./code-block.ts";
import { createDomSink } from "./dom.ts";

export type Markdown = { append(text: string): void; end(): void };

/**
 * Renders Markdown into `parent` as it arrives: nodes are only appended, and the result doesn't
 * depend on how the text was cut. `end` shows what was held back as undecided; call it once.
 */
export function createMarkdown(parent: Element, options: Labels): Markdown {
  const sink = createDomSink(parent, options);
  const blocks = createBlocks(sink);
  const characters = createCharacters(blocks.write);
  return {
    append(text) {
      characters.append(text);
      sink.flush();
    },
    end() {
      characters.end();
      blocks.end();
      sink.flush();
    },
  };
}
