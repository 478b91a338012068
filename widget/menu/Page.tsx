import type { ComponentChildren } from "preact";
import { Tool } from "../components/Header.tsx";
import type { Strings } from "../locales/en.ts";

type PageProps = {
  strings: Strings;
  title: string;
  onBack: () => void;
  children: ComponentChildren;
};

const BACK = "M15 5l-7 7 7 7";

const focus = (page: HTMLElement | null) => page?.focus({ preventScroll: true });

/** Covers the panel, whose own parts nobody can get to meanwhile, and takes the focus. */
export function Page({ strings, title, onBack, children }: PageProps) {
  return (
    <section class="page" aria-label={title} tabIndex={-1} ref={focus}>
      <div class="header">
        <Tool name={strings.back} path={BACK} onClick={onBack} />
        <h2 class="agent">{title}</h2>
      </div>
      {children}
    </section>
  );
}
