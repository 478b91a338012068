/** What one process knows of conversations that Lexey's history does not say. Losing it costs a look there. */

/** More than are in use at the same time; the oldest are forgotten. */
const MAX_CONVERSATIONS = 20_000;

type Note = {
  /** Opened here, and without a message. */
  isNew?: boolean;
  /** Its newest question is not answered, and its answer not read here. */
  isUnread?: boolean;
  /** The position of the question whose answer has ended here, whatever the history says. */
  ended?: number;
};

export type Notes = ReturnType<typeof createNotes>;

export function createNotes(maxConversations = MAX_CONVERSATIONS) {
  const notes = new Map<string, Note>();

  function write(id: string, change: Note): void {
    const note = { ...notes.get(id), ...change };
    notes.delete(id);
    notes.set(id, note);
    const [oldest] = notes.keys();
    if (notes.size > maxConversations && oldest !== undefined) notes.delete(oldest);
  }

  return {
    setNew: (id: string): void => write(id, { isNew: true }),
    /** True once for each new conversation. */
    takeNew(id: string): boolean {
      const isNew = notes.get(id)?.isNew === true;
      if (isNew) write(id, { isNew: false });
      return isNew;
    },
    setUnread(id: string, isUnread: boolean): void {
      if (isUnread || notes.get(id)?.isUnread) write(id, { isUnread });
    },
    isUnread: (id: string): boolean => notes.get(id)?.isUnread === true,
    setEnded: (id: string, position: number): void => write(id, { ended: position }),
    ended: (id: string): number | undefined => notes.get(id)?.ended,
  };
}
