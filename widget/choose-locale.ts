/** The wished-for language, or else that of the page around `host`, if there is a file of it: `de-AT` finds `de`. */
export function chooseLocale(wish: string | undefined, host: Element, known: object): string {
  const around = host.closest<HTMLElement>("[lang]") ?? document.documentElement;
  const tag = (wish || around.lang).toLowerCase();
  return [tag, tag.split("-")[0] ?? ""].find((tag) => Object.hasOwn(known, tag)) ?? "en";
}
