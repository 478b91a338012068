export type Attributes = Readonly<Record<string, string>>;

/** Where the parser writes: a tree that is opened and closed in order and whose text only grows. */
export type Sink = {
  open(tag: string, attributes?: Attributes): void;
  close(): void;
  text(value: string): void;
};
