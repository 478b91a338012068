/**
 * Copies `text`. Where the browser refuses that (no permission, or a page without TLS), `place` is
 * selected instead: the visitor can still press Ctrl+C. Resolves with whether it is copied.
 */
export async function copy(text: string, place: Node): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    document.getSelection()?.selectAllChildren(place);
    return false;
  }
}
