import { useStrings } from "./strings.ts";

type WelcomeProps = {
  heading: string;
  subheading: string;
  suggestions: readonly string[];
  onAsk: (question: string) => void;
};

/** What an empty conversation shows. */
export function Welcome({ heading, subheading, suggestions, onAsk }: WelcomeProps) {
  const strings = useStrings();
  return (
    <div class="welcome">
      <div class="hero">
        <p class="heading">{heading}</p>
        <p class="subheading">{subheading}</p>
      </div>
      {suggestions.length > 0 && (
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
