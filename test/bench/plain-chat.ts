/**
 * What nobody can do without: it reads the stream, and shows the text when that has ended. Runs inside
 * the page, and has the few elements by which the probes know the widget.
 */
export function drawPlainChat(proxyUrl: string): void {
  const host = document.createElement("lex-chat-widget");
  const root = host.attachShadow({ mode: "open" });
  const list = root.appendChild(document.createElement("ol"));
  const input = root.appendChild(document.createElement("textarea"));
  const button = root.appendChild(document.createElement("button"));
  host.style.cssText = "position: fixed; right: 20px; bottom: 20px; background: white";
  list.style.cssText = "width: 360px; height: 480px; overflow-y: auto; white-space: pre-wrap";
  button.className = "send";
  document.body.append(host);
  input.focus();

  let token = "";
  let conversationId: string | undefined;
  let text = "";

  async function post<Body>(path: string, body: object): Promise<Body> {
    const headers: HeadersInit = { "Content-Type": "application/json" };
    if (token !== "") headers["Authorization"] = `Bearer ${token}`;
    const options = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${proxyUrl}/api${path}`, options)).json() as Promise<Body>;
  }

  async function ask(content: string): Promise<void> {
    button.type = "button";
    input.value = "";
    text = "";
    if (token === "") token = (await post<{ token: string }>("/session", {})).token;
    const isFirst = conversationId === undefined;
    const reply = { content, conversationId };
    ({ conversationId } = await post<{ conversationId: string }>("/conversations/reply", reply));
    if (isFirst) void read();
  }

  async function read(): Promise<void> {
    const headers = { Authorization: `Bearer ${token}` };
    const path = `/api/conversations/${conversationId}/stream`;
    const { body } = await fetch(proxyUrl + path, { headers });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let unread = "";
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      const frames = (unread + part.value).split("\n\n");
      unread = frames.pop() ?? "";
      for (const frame of frames) show(frame);
    }
  }

  function show(frame: string): void {
    const [, event, data = "{}"] = /event: (\S+)\ndata: (.*)/.exec(frame) ?? [];
    if (event === "message:chunk") text += (JSON.parse(data) as { text: string }).text;
    if (!data.startsWith('{"state":"idle"')) return;
    const answer = list.appendChild(document.createElement("li"));
    answer.className = "assistant";
    answer.append(text);
    list.scrollTop = list.scrollHeight;
    button.type = "submit";
  }

  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void ask(input.value);
  });
}
