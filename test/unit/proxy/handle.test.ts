import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHandles, MAX_HANDLE_CHARACTERS } from "../../../proxy/visitors/handle.ts";
import { deriveKeys } from "../../../proxy/visitors/keys.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const OTHER_SECRET = "fedcba9876543210fedcba9876543210";
const ID = "550e8400-e29b-41d4-a716-446655440000";

const handles = createHandles([SECRET], "lex");
const handle = handles.create("a_ada", ID);
const [encodedId = "", signature = ""] = handle.split(".");
const encode = (text: string): string => Buffer.from(text).toString("base64url");

describe("a handle", () => {
  test("is opened by the visitor it was made for", () => {
    expect(handles.open("a_ada", handle)).toBe(ID);
    expect(handle.length).toBeLessThan(MAX_HANDLE_CHARACTERS);
  });

  test("brings back any conversation id", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, (visitorId, id) => {
        expect(handles.open(visitorId, handles.create(visitorId, id))).toBe(id);
      }),
    );
  });

  test("is opened after a change of secrets, while the older one is listed", () => {
    expect(createHandles([OTHER_SECRET, SECRET], "lex").open("a_ada", handle)).toBe(ID);
    expect(createHandles([OTHER_SECRET], "lex").open("a_ada", handle)).toBeNull();
  });

  test("is made with the first secret", () => {
    const made = createHandles([OTHER_SECRET, SECRET], "lex").create("a_ada", ID);

    expect(createHandles([OTHER_SECRET], "lex").open("a_ada", made)).toBe(ID);
    expect(handles.open("a_ada", made)).toBeNull();
  });
});

describe("not opened is", () => {
  test("another visitor's handle", () => {
    expect(handles.open("a_bob", handle)).toBeNull();
  });

  test("another platform's handle", () => {
    expect(createHandles([SECRET], "lexey").open("a_ada", handle)).toBeNull();
  });

  test("a handle signed with the raw secret or the key of tokens", () => {
    const signed = `${"a_ada".length}:a_ada3:lex${ID.length}:${ID}`;
    for (const key of [SECRET, deriveKeys([SECRET], "visitor-token")[0] ?? ""]) {
      const forged = createHmac("sha256", key).update(signed).digest("base64url");

      expect(handles.open("a_ada", `${encodedId}.${forged}`)).toBeNull();
    }
  });

  test.each([
    ["the bare id", ID],
    ["the id without a signature", `${encodedId}.`],
    ["a signature without an id", `.${signature}`],
    ["another id under the signature", `${encode(`${ID}0`)}.${signature}`],
    ["a shorter signature", `${encodedId}.${signature.slice(0, -4)}`],
    ["a longer signature", `${encodedId}.${signature}AAAA`],
    ["a padded signature", `${encodedId}.${signature}=`],
    ["a padded id", `${encodedId}=.${signature}`],
    ["an id with a blank in it", `${encodedId.slice(0, 4)} ${encodedId.slice(4)}.${signature}`],
    ["a third part", `${handle}.`],
    ["an id that is not UTF-8", `_w.${signature}`],
    ["nothing", ""],
    ["a dot", "."],
  ])("%s", (_name, forged) => {
    expect(handles.open("a_ada", forged)).toBeNull();
  });

  test("a signature in the alphabet of plain base64", () => {
    const plain = Buffer.from(signature, "base64url").toString("base64");

    expect(handles.open("a_ada", `${encodedId}.${plain}`)).toBeNull();
  });

  // 32 bytes leave two bits of the last character unused: four spellings decode to the same bytes.
  test("another spelling of the same signature", () => {
    const bytes = Buffer.from(signature, "base64url");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spellings = [...alphabet]
      .map((last) => signature.slice(0, -1) + last)
      .filter((spelling) => bytes.equals(Buffer.from(spelling, "base64url")));

    expect(spellings).toHaveLength(4);
    expect(spellings.filter((one) => handles.open("a_ada", `${encodedId}.${one}`))).toEqual([
      signature,
    ]);
  });

  test("a handle of fields that were cut elsewhere", () => {
    const shifted = createHandles([SECRET], "l").create("a_ada", "exc1");
    const [, borrowed = ""] = shifted.split(".");

    expect(handles.open("a_ada", `${encode("c1")}.${borrowed}`)).toBeNull();
    expect(handles.open("a_adal", `${encode("c1")}.${borrowed}`)).toBeNull();
  });

  test("one with any single character changed", () => {
    for (let index = 0; index < handle.length; index += 1) {
      const other = handle[index] === "A" ? "B" : "A";
      const changed = handle.slice(0, index) + other + handle.slice(index + 1);

      expect(handles.open("a_ada", changed)).toBeNull();
    }
  });
});
