export const CLOSE = "M6 6l12 12M18 6L6 18";
export const COMPOSE = "M12 5H4v15h15v-8M9 15l1-3 9-9 2 2-9 9z";
export const DOWN = "M12 5v14M6 13l6 6 6-6";
export const MORE = "M5 12h.01M12 12h.01M19 12h.01";
export const SEND = "M12 19V5M6 11l6-6 6 6";
export const STOP = "M8 8h8v8H8z";

/** Lines on a square of 24. Decoration: the control around it carries the name. */
export function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 24 24" class="icon" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
