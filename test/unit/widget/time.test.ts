import { afterEach, expect, it, vi } from "vitest";
import { toRegional } from "../../../widget/components/time.ts";

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ["as the visitor has it", "en", "en-GB"],
  ["plain, if the visitor doesn't", "de", "de"],
])("takes a language %s", (_, language, tag) => {
  vi.stubGlobal("navigator", { languages: ["fr", "en-GB", "en"] });
  expect(toRegional(language)).toBe(tag);
});
