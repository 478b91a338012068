import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { LexChat } from "./LexChat.tsx";

const COLORS = { Fir: "#1f5c4d", Clay: "#9c4a24", Night: "#1d2433" };

/** A page whose state the chat follows. */
function Page({ proxy }: { proxy: string }) {
  const [isShown, setShown] = useState(true);
  const [isInline, setInline] = useState(false);
  const [color, setColor] = useState(COLORS.Fir);
  const [answers, setAnswers] = useState(0);
  return (
    <>
      <fieldset className="choices">
        <legend>The chat</legend>
        <label>
          <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
          is there
        </label>
        <label>
          <input type="checkbox" checked={isInline} onChange={() => setInline(!isInline)} />
          is part of the page
        </label>
        <label>
          has the colour
          <select value={color} onChange={({ currentTarget }) => setColor(currentTarget.value)}>
            {Object.entries(COLORS).map(([name, value]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <output>Answers so far: {answers}</output>
      {isShown && (
        <LexChat
          proxy={proxy}
          inline={isInline}
          agentName="Marlow"
          primaryColor={color}
          suggestions={["What does delivery to Germany cost?"]}
          onMessage={({ role }) => role === "assistant" && setAnswers((count) => count + 1)}
        />
      )}
    </>
  );
}

const place = document.querySelector<HTMLElement>("#page");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Page proxy={place.dataset["proxy"] ?? ""} />
    </StrictMode>,
  );
}
