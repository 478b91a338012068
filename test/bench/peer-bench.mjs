/**
 * The built widget as an entry of a bench that compares chat widgets in Chromium: its page, its
 * files, and a backend that says what the proxy says, with one event for each token.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../../dist/widget/", import.meta.url));
const SETTINGS = { branding: {}, feedback: true, newConversation: true, messageCharacters: 8000 };
const LAUNCHER = "button.launcher";
const WARM_UP_MS = 1000;
/** The conversation of a browser that has chatted before. */
const RESTORED = "restored";
const AT = new Date().toISOString();

/** The loader as the proxy serves it: with its settings inlined. */
function writeLoader() {
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-peer-"));
  const source = readFileSync(`${BUILT}widget.js`, "utf8");
  const settings = JSON.stringify(SETTINGS);
  const whole = source.replace("__LEX_CHAT_SETTINGS__", () => settings);
  writeFileSync(join(folder, "widget.js"), whole);
  return folder;
}

const streams = new Map();
const questions = new Map();
let events = 0;

function write(response, event, data) {
  events += 1;
  response.write(frame(event, data));
}

const frame = (event, data) =>
  `id: bench-${events}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const toMessage = (role, content, id) => ({ id, role, content, created_at: AT });

const restore = ({ req, history }) =>
  history(Number(new URL(req.headers.referer).searchParams.get("history"))).map(
    ({ role, text }, index) => toMessage(role, text, `h${index}`),
  );

/** Takes a question; its answer goes into the conversation's stream, if that is open. */
function takeQuestion(api) {
  const { content, conversationId = `c${(events += 1)}` } = JSON.parse(api.body);
  const messageId = `q${(events += 1)}`;
  const message = toMessage("user", content, messageId);
  api.res.writeHead(202, { "content-type": "application/json" });
  api.res.end(JSON.stringify({ success: true, messageId, conversationId }));
  const open = streams.get(conversationId);
  if (!open) return void questions.set(conversationId, message);
  write(open, "message:new", { message, key: api.req.headers["idempotency-key"] });
  return answer(open, api);
}

/** Begins with a snapshot, as each stream of the proxy does. */
function openStream(api, conversationId) {
  const { res } = api;
  const question = questions.get(conversationId);
  const messages = conversationId === RESTORED ? restore(api) : [question];
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  res.write(`retry: 1000\n\nevent: connected\ndata: ${JSON.stringify({ conversationId })}\n\n`);
  const state = question ? "thinking" : "idle";
  const rest = { state, status: "active", partial: null, hasMore: false };
  write(res, "conversation:init", { messages, ...rest });
  streams.set(conversationId, res);
  return question && answer(res, api);
}

/** The bench writes and ends a response of its own; a conversation's stays open. */
function answer(response, { stream }) {
  const messageId = `a${(events += 1)}`;
  let content = "";
  const encode = (text) => {
    const offset = content.length;
    content += text;
    events += 1;
    return frame("message:chunk", { messageId, offset, text });
  };
  const part = {
    socket: response.socket,
    writeHead: () => undefined,
    write: (text) => response.write(text),
    end() {
      write(response, "message:complete", {
        message: toMessage("assistant", content, messageId),
      });
      write(response, "conversation:state", { state: "idle" });
    },
  };
  return stream(part, { encode });
}

/** A page of what came before a message. */
function sendOlder(api) {
  const { before, limit = 30 } = Object.fromEntries(api.url.searchParams);
  const all = restore(api);
  const end = all.findIndex(({ id }) => id === before);
  const start = Math.max(0, end - limit);
  return api.json(api.res, { messages: all.slice(start, Math.max(0, end)), hasMore: start > 0 });
}

function backend(api) {
  const [, kind, conversation, call] = /^api\/(\w+)(?:\/(\w+))?(?:\/(\w+))?/.exec(api.path) ?? [];
  if (call === "stream") return openStream(api, conversation);
  if (conversation === "reply") return takeQuestion(api);
  if (kind !== "session") return sendOlder(api);
  return api.json(api.res, { token: "bench", expiresAt: AT, visitorId: "a_bench" });
}

/** With a history, as in a browser that has chatted before. */
const remember = `<script>
  if (PB.history.length)
    localStorage.setItem("lex-chat:" + location.origin + "/api/lex-chat/", JSON.stringify({
      token: "bench", issuedAt: Date.now(), conversation: "${RESTORED}" }));
</script>`;

/** What a visitor's mouse does: it is over the launcher for a while before it clicks. */
async function open({ page }) {
  const launcher = page.locator(LAUNCHER);
  await launcher.hover();
  await page.waitForTimeout(WARM_UP_MS);
  await launcher.click();
}

export default {
  id: "lex-chat",
  name: "lex-chat",
  files: { "/lex-chat/assets/": `${BUILT}assets/`, "/lex-chat/": writeLoader() },
  html: () =>
    `${remember}<script async src="/lex-chat/widget.js" data-proxy="/api/lex-chat"></script>`,
  launcher: `lex-chat-widget >>> ${LAUNCHER}`,
  input: "lex-chat-widget >>> textarea",
  open,
  streams: true,
  history: true,
  backend,
};
