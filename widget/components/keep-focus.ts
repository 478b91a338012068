const FOCUSABLE = "button:not([disabled]), a[href], textarea, [tabindex='0']";

/** Lets Tab go round within `container`, when it covers the page. */
export function keepFocus(container: HTMLElement, event: KeyboardEvent): void {
  const stops = [...container.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const [edge, next] = event.shiftKey ? [stops.at(0), stops.at(-1)] : [stops.at(-1), stops.at(0)];
  if (event.target !== edge) return;
  event.preventDefault();
  next?.focus();
}
