import type { Strings } from "../locales/en.ts";

type WelcomeProps = {
  strings: Strings;
  heading: string;
  subheading: string;
  suggestions: readonly string[];
  onAsk: (question: string) => void;
};

/** What an empty conversation shows. */
export function Welcome({ strings, heading, subheading, suggestions, onAsk }: WelcomeProps) {
  return (
    <div class="welcome">
      <div class="hero">
        <p class="heading">{heading}</p>
        <p class="subheading">{subheading}</p>
      </div>
      {suggestions.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-redundant-roles -- Safari drops it with the markers
        <ul class="suggestions" role="list" aria-label={strings.suggestions}>
          {suggestions.map((question) => (
            <li key={question}>
              <button type="button" class="suggestion" onClick={() => onAsk(question)}>
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
