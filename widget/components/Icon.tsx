const paths = {
  close: "M6 6l12 12M18 6L6 18",
  compose: "M12 5H4v15h15v-8M9 15l1-3 9-9 2 2-9 9z",
  down: "M12 5v14M6 13l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
};

/** Decoration: the control around it carries the name. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg viewBox="0 0 24 24" class="icon" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
