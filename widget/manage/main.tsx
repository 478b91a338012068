/** The owner's page. Until somebody has signed in it is a form, and nothing else is loaded. */
import { render } from "preact";
import { App } from "./components/App.tsx";
import { createSession } from "./state/session.ts";
import { createOwner } from "./transport/owner.ts";
import "uplot/dist/uPlot.min.css";
import "../styles/panel.css";
import "../styles/markdown.css";
import "./styles/page.css";
import "./styles/cards.css";
import "./styles/preview.css";

const session = createSession(createOwner({ base: new URL("./", document.baseURI).href }));
const place = document.createElement("div");
document.body.append(place);
render(<App session={session} load={() => import("./components/Dashboard.tsx")} />, place);
