import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ERRORS } from "../../../proxy/errors.ts";
import {
  call,
  createVisitor,
  eventually,
  isIdle,
  startChat,
  startProxy,
} from "../../support/proxy.ts";
import { startRedis } from "../../support/redis.ts";
import { startUpstream } from "./upstream.ts";

const ADMIN_TOKEN = "admin-token-of-the-metrics-tests-0123456789";
const SECRET = "webhook-secret-of-the-metrics-tests-0123456";
const NOWHERE = "http://127.0.0.1:9";

/** Every label and every value that it may have. */
const LABELS: Record<string, RegExp> = {
  outcome: new RegExp(`^(accepted|${Object.keys(ERRORS).join("|")})$`),
  code: new RegExp(`^(${Object.keys(ERRORS).join("|")})$`),
  type: /^(init|message|chunk|complete|tool-use|tool-result|state|status|empty|failed)$/,
  kind: /^(fresh|replay|snapshot|refused|busy|not-found|unavailable|timeout|unknown|not-a-stream|invalid)$/,
  reason: /^(slow|stalled)$/,
  call: /^(send|stream|messages|state|overview)$/,
  rating: /^(up|down|none)$/,
  known: /^(true|false)$/,
  le: /^([\d.]+|\+Inf)$/,
};

type Sample = { name: string; labels: Record<string, string>; value: number };

/** The samples of a scrape in Prometheus' text format. */
function parse(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
      return { name, labels: Object.fromEntries(pairs) as Sample["labels"], value: Number(value) };
    });
}

async function scrape(url: string): Promise<{ text: string; samples: Sample[] }> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const { status, text } = await call(`${url}/metrics`, { headers });
  expect(status).toBe(200);
  return { text, samples: parse(text) };
}

const ours = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ name }) => name.startsWith("lex_chat_"));

/** The sum of all samples of a name whose labels fit. */
const valueOf = (samples: readonly Sample[], name: string, labels: Sample["labels"] = {}): number =>
  samples
    .filter((sample) => sample.name === `lex_chat_${name}`)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);

describe.each(["alone", "in a fleet"])("a scrape after a chat, of a proxy %s", (place) => {
  let text: string;
  let samples: Sample[];
  let ids: string[];

  beforeAll(async () => {
    const redis = place === "alone" ? {} : { REDIS_URL: (await startRedis()).url };
    const chat = await startChat({}, { ADMIN_TOKEN, WEBHOOK_SECRET: SECRET, ...redis });
    await eventually("Redis, where there is one", async () => {
      const { body } = await call<{ redis?: string }>(`${chat.url}/healthz`);
      return body.redis !== "down" || undefined;
    });
    const visitor = await createVisitor(chat.url);
    const { conversationId, answer } = await visitor.ask("What does shipping cost?");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    await visitor.reply("And to Germany?", conversationId);
    await stream.until("the answer's end", ({ event }) => event === "message:complete");
    await stream.until("idle", isIdle);
    const { id: last = "" } = await stream.until(
      "an event with an id",
      ({ id }) => id !== undefined,
    );
    const again = await visitor.stream(conversationId, { "Last-Event-ID": last });
    const late = await visitor.stream(conversationId, { "Last-Event-ID": "000000000000-1" });
    await late.snapshot();
    await visitor.reply("");
    await visitor.request(`/${conversationId}/messages?since=unknown`);
    await visitor.request(`/${conversationId}/messages/${answer.id}/feedback`, {
      body: { rating: "up" },
    });
    for (const id of [
      answer.id,
      Buffer.from(conversationId.split(".")[0] ?? "", "base64url").toString(),
    ])
      await call(`${chat.url}/webhooks/lex`, {
        body: { conversationId: id },
        headers: { "X-Webhook-Secret": SECRET },
      });
    ids = [conversationId, visitor.visitorId, answer.id, "shipping", "€"];
    // The stream of `ask` was closed by the visitor's side alone: the proxy hears of it a moment later.
    ({ text, samples } = await eventually("three viewers", async () => {
      const scraped = await scrape(chat.url);
      return valueOf(scraped.samples, "viewers") === 3 ? scraped : undefined;
    }));
    for (const open of [stream, again, late]) open.close();
  });

  it.each<[name: string, labels: Sample["labels"], value: number]>([
    ["viewers", {}, 3],
    ["conversations", {}, 1],
    ["platform_streams", {}, 1],
    ["sends_total", { outcome: "accepted" }, 2],
    ["refusals_total", { code: "invalid_request" }, 2],
    ["admissions_total", { kind: "fresh" }, 2],
    ["admissions_total", { kind: "replay" }, 1],
    ["admissions_total", { kind: "snapshot" }, 1],
    ["dropped_viewers_total", { reason: "slow" }, 0],
    ["dropped_viewers_total", { reason: "stalled" }, 0],
    ["first_text_seconds_count", {}, 2],
    ["platform_call_duration_seconds_count", { call: "send" }, 2],
    ["platform_call_duration_seconds_count", { call: "stream" }, 1],
    ["platform_events_total", { type: "complete" }, 2],
    ["platform_errors_total", { call: "messages", kind: "refused" }, 1],
    ["platform_errors_total", {}, 1],
    ["platform_reconnects_total", {}, 0],
    ["feedback_total", { rating: "up" }, 1],
    ["webhooks_total", { known: "true" }, 1],
    ["webhooks_total", { known: "false" }, 1],
  ])("counts %s %j: %d", (name, labels, value) => {
    expect(samples.map((sample) => sample.name)).toContain(`lex_chat_${name}`);
    expect(valueOf(samples, name, labels)).toBe(value);
  });

  it("counts the chunks that came in, and the events that went out", () => {
    expect(valueOf(samples, "platform_events_total", { type: "chunk" })).toBeGreaterThan(5);
    expect(valueOf(samples, "viewer_events_total")).toBeGreaterThan(3);
    expect(valueOf(samples, "relay_delay_seconds_count")).toBeGreaterThan(0);
    const delay = valueOf(samples, "relay_delay_seconds_sum");
    expect(delay / valueOf(samples, "relay_delay_seconds_count")).toBeLessThan(1);
    expect(valueOf(samples, "first_text_seconds_sum")).toBeGreaterThan(0.01);
  });

  it("tells whether Redis can be used, where there is one", () => {
    const redis = samples.filter(({ name }) => name === "lex_chat_redis_up");
    expect(redis.map(({ value }) => value)).toEqual(place === "alone" ? [] : [1]);
  });

  it("has Node's own: heap and event loop", () => {
    const names = samples.map(({ name }) => name);
    expect(names).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(names).toContain("nodejs_heap_size_used_bytes");
  });

  it("names and labels everything as Prometheus' conventions say, with few values", () => {
    expect(ours(samples).length).toBeGreaterThan(30);
    for (const { name, labels } of ours(samples)) {
      const type = new RegExp(`^# TYPE ${name.replace(/_(bucket|sum|count)$/, "")} (\\w+)$`, "m");
      const [, kind] = type.exec(text) ?? [];
      expect(name, name).toMatch(/^lex_chat_[a-z_]+$/);
      expect(name.endsWith("_total"), name).toBe(kind === "counter");
      expect(/_seconds_(bucket|sum|count)$/.test(name), name).toBe(kind === "histogram");
      for (const [label, value] of Object.entries(labels))
        expect(LABELS[label]?.test(value), `${label}="${value}"`).toBe(true);
    }
  });

  it("holds no id and no text", () => {
    for (const id of ids) expect(text).not.toContain(id);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it("fits the dashboard, which shows every metric of ours but those left out on purpose", () => {
    const file = new URL("../../../proxy/deploy/grafana-dashboard.json", import.meta.url);
    const dashboard = JSON.parse(readFileSync(file, "utf8")) as unknown;
    const expressions = findExpressions(dashboard);
    const shown = new Set(
      expressions.flatMap(
        (expression) => expression.match(/\b(lex_chat|nodejs|process)_\w+/g) ?? [],
      ),
    );
    const base = (name: string): string => name.replace(/_(bucket|sum|count)$/, "");
    const scraped = new Set(samples.map(({ name }) => name));
    const missing = ours(samples)
      .map(({ name }) => base(name))
      .filter((name) => ![...shown].map(base).includes(name));

    expect(expressions.length).toBeGreaterThan(15);
    expect([...shown].filter((name) => !scraped.has(name))).toEqual(
      place === "alone" ? ["lex_chat_redis_up"] : [],
    );
    // What visitors thought of an answer is the agent's author's business.
    expect(new Set(missing)).toEqual(new Set(["lex_chat_feedback_total"]));
  });
});

/** Every `expr` of a dashboard, wherever it stands. */
function findExpressions(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "expr" && typeof inner === "string" ? [inner] : findExpressions(inner),
  );
}

describe("a platform that fails", () => {
  it("is counted by call and kind, and so are the sends and reconnects that it costs", async () => {
    const upstream = await startUpstream();
    const proxy = await startProxy(upstream.url, { ADMIN_TOKEN });
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply("Hello");
    upstream.routes.reply = ({ response }) => void response.writeHead(500).end();
    upstream.routes.messages = ({ response }) => void response.end("<h1>no JSON</h1>");
    await visitor.reply("Hello again", body.conversationId);
    await visitor.request(`/${body.conversationId}/messages`);
    upstream.routes.stream = ({ response }) => void response.writeHead(503).end();
    upstream.cutStreams();
    const samples = await eventually("a reconnect", async () => {
      const { samples } = await scrape(proxy.url);
      return valueOf(samples, "platform_reconnects_total") > 0 ? samples : undefined;
    });

    const failed = { call: "stream", kind: "unavailable" };
    expect(valueOf(samples, "platform_errors_total", failed)).toBeGreaterThan(0);
    expect(valueOf(samples, "sends_total", { outcome: "platform_unavailable" })).toBe(1);
    expect(valueOf(samples, "platform_errors_total", { call: "send", kind: "unavailable" })).toBe(
      1,
    );
    expect(
      valueOf(samples, "platform_errors_total", { call: "messages", kind: "invalid" }),
    ).toBeGreaterThan(0);
    expect(valueOf(samples, "platform_call_duration_seconds_count", { call: "send" })).toBe(1);
  });
});

describe("GET /metrics", () => {
  it("is for the owner: without the token it is refused, without a token set it is not there", async () => {
    const guarded = await startProxy(NOWHERE, { ADMIN_TOKEN });
    const open = await startProxy(NOWHERE);
    expect((await call(`${guarded.url}/metrics`)).status).toBe(401);
    expect((await call(`${open.url}/metrics`)).status).toBe(404);
  });
});
