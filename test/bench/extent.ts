/** How much is measured: `rounds` that medians are taken of, `tokens` in the article that is the answer. */
export type Extent = { rounds: number; tokens: number };

/** Prints a table or a headline. */
export type Print = (text: string) => void;
