export type Attributes = Readonly<Record<string, string>>;

export type Tag = keyof HTMLElementTagNameMap;

/**
 * Where the parser writes: a tree that is opened and closed in order and whose text only grows.
 * A `pre` is a code block; its attribute is `language`.
 */
export type Sink = {
  open(tag: Tag, attributes?: Attributes): void;
  close(): void;
  text(value: string): void;
};
