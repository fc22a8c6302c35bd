// Liveline's client: follows a gateway over server-sent events or a WebSocket, and goes on where it was cut off.
// No dependency; browsers, workers and Node from 18 on (a WebSocket there from 22 on). Types: liveline.d.ts.

const SILENCE_MS = 45_000; // the gateway beats every 15 s
const PING_MS = 20_000;
const LEAST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const SUBSCRIPTION = "feed";
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
const TOO_MANY = 4429;
const FINAL = new Set([204, 400, 401, 403, 404, 405, 410]);

class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

class Interrupted extends Error {
  constructor(afterMs = 0) {
    super("the connection ended");
    this.afterMs = afterMs;
  }
}

class Expired extends Error {}

/** Follow what a gateway publishes, until `close()`. */
export function follow(base, options = {}, heard = {}) {
  return new Feed(base, options, heard);
}

class Feed {
  #base; #options; #heard;
  #cursor; #state = "connecting";
  #failures = 0;
  #freshToken = false;
  #hurry = false;
  #replacing = false; // a state is coming that replaces what is held, and has not ended yet
  #stopped = new AbortController();
  #connection = null;
  #wake = () => {};

  constructor(base, options, heard) {
    this.#base = new URL(base, globalThis.location?.href);
    this.#options = options;
    this.#heard = heard;
    this.#cursor = options.cursor ?? "";
    const signal = this.#stopped.signal;
    globalThis.addEventListener?.("online", () => this.reconnect(), { signal });
    globalThis.addEventListener?.("offline", () => this.#tell("offline"), { signal });
    this.ended = this.#run();
  }

  get cursor() { return this.#cursor; }
  get state() { return this.#state; }

  close() {
    this.#stopped.abort();
    this.#connection?.abort();
    this.#wake();
  }

  /** Connect anew at once, from the last cursor on. */
  reconnect() {
    this.#hurry = true;
    this.#connection?.abort();
    this.#wake();
  }

  async #run() {
    while (!this.#stopped.signal.aborted) {
      this.#connection = new AbortController();
      let failure = null;
      try {
        const connect = this.#options.transport === "websocket" ? overWebSocket : overEvents;
        let first = true;
        for await (const message of connect(await this.#request(), this.#connection.signal)) {
          if (first) this.#begin();
          first = false;
          this.#take(message);
        }
      } catch (error) {
        failure = error;
      }
      this.#connection.abort();
      if (this.#stopped.signal.aborted) break;
      if (this.#isOver(failure)) return;
      await this.#wait(failure?.afterMs ?? 0);
    }
    this.#tell("closed");
  }

  async #request() {
    const { coverage, filter = {}, token, replay, since, limit, alerts } = this.#options;
    const begin = this.#cursor ? { lastEventID: this.#cursor } : { replay, since, limit };
    return {
      base: this.#base,
      query: { ...(coverage ? { coverage } : {}), ...filter, ...begin, alerts },
      token: typeof token === "function" ? await token() : token,
      beat: () => this.#heard.beat?.(),
    };
  }

  // What was cut off amid a state is no state: it comes whole, or the cursor before it is continued.
  #begin() {
    this.#replacing = false;
    if (!this.#cursor && this.#options.replay === "latest") this.#replace("latest");
  }

  #replace(reason) {
    this.#replacing = true;
    this.#heard.incomplete?.(reason);
  }

  #take(message) {
    if (message.cursor) this.#cursor = message.cursor;
    switch (message.type) {
      case "entry":
        this.#heard.entry?.(message.entry, { live: this.#state === "live", left: message.left, cursor: message.cursor });
        break;
      case "alert": this.#heard.alert?.(message.alert); break;
      case "incomplete": this.#replace(message.reason); break;
      case "live": {
        this.#failures = 0;
        this.#freshToken = false;
        this.#heard.live?.({ replaced: this.#replacing, cursor: this.#cursor });
        this.#replacing = false;
        this.#tell("live");
        break;
      }
      case "expired": throw new Expired();
    }
  }

  #isOver(failure) {
    const status = failure?.status;
    const needsToken = failure instanceof Expired || status === 401;
    if (needsToken && typeof this.#options.token === "function" && !this.#freshToken) {
      this.#freshToken = true;
      return false;
    }
    if (failure instanceof Expired) {
      this.#tell("expired");
      this.#heard.expired?.();
      return true;
    }
    if (failure instanceof Refused && FINAL.has(status)) {
      this.#tell("refused");
      this.#heard.refused?.(status, failure.message);
      return true;
    }
    return false;
  }

  // Each time twice as long, and each client at another time: a gateway that comes back is not overrun.
  async #wait(afterMs) {
    this.#tell(globalThis.navigator?.onLine === false ? "offline" : "reconnecting");
    const most = Math.min(LONGEST_WAIT_MS, LEAST_WAIT_MS * 2 ** this.#failures++);
    const wait = Math.max(afterMs, most * (0.5 + Math.random() / 2));
    if (!this.#hurry) {
      await new Promise((done) => {
        const timer = setTimeout(done, wait);
        this.#wake = () => { clearTimeout(timer); done(); };
      });
    }
    this.#wake = () => {};
    this.#hurry = false;
  }

  #tell(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#heard.state?.(state);
  }
}

async function* overEvents({ base, query, token, beat }, signal) {
  const { coverage, ...rest } = query;
  const one = typeof coverage === "string" && !coverage.includes(",");
  const url = new URL(one ? `/v1/coverages/${encodeURIComponent(coverage)}/stream` : "/v1/stream", base);
  for (const [name, value] of Object.entries(one ? rest : query)) {
    for (const each of [value].flat()) if (each !== undefined && each !== null) url.searchParams.append(name, each);
  }
  const quiet = watchdog(signal, beat);
  try {
    const answer = await fetch(url, {
      headers: { Accept: "text/event-stream", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      cache: "no-store",
      signal: quiet.signal,
    });
    if (answer.status !== 200) {
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Refused(answer.status, problem.detail ?? answer.statusText), {
        afterMs: 1000 * (Number(answer.headers.get("Retry-After")) || 0),
      });
    }
    for await (const event of readEvents(answer.body, quiet)) {
      const { type, data, id } = event;
      if (type === "entry" || type === "entry-left") {
        yield { type: "entry", entry: JSON.parse(data), left: type === "entry-left", cursor: id };
      } else if (type === "alert") yield { type, alert: JSON.parse(data) };
      else yield { type, ...(data ? JSON.parse(data) : {}), ...(id ? { cursor: id } : {}) };
    }
  } finally {
    quiet.end();
  }
  throw new Interrupted();
}

/** The events of a body, as WHATWG HTML 9.2 has them; one with an id and no data is handed out as `prime`. */
async function* readEvents(body, quiet) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let event = { type: "", data: [], id: "" };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    quiet.heard();
    text += decoder.decode(value, { stream: true });
    // A CR at the end may be half of a CRLF.
    const whole = text.endsWith("\r") ? text.length - 1 : text.length;
    let from = 0;
    for (const end of text.slice(0, whole).matchAll(/\r\n|\n|\r/g)) {
      const line = text.slice(from, end.index);
      from = end.index + end[0].length;
      if (line) {
        field(event, line);
      } else {
        if (event.data.length) yield { type: event.type || "message", data: event.data.join("\n"), id: event.id };
        else if (event.id) yield { type: "prime", data: "", id: event.id };
        event = { type: "", data: [], id: "" };
      }
    }
    text = text.slice(from);
  }
}

function field(event, line) {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "event") event.type = value;
  else if (name === "data") event.data.push(value);
  else if (name === "id") event.id = value;
}

async function* overWebSocket({ base, query, token, beat }, signal) {
  const { lastEventID, replay, since, limit, alerts, ...filter } = query;
  const url = new URL("/v1/ws", base);
  url.protocol = url.protocol.replace("http", "ws");
  const quiet = watchdog(signal, beat);
  const socket = new WebSocket(url, "liveline.v1");
  const messages = [];
  let wake = () => {};
  let end = null;
  const say = (message) => socket.send(JSON.stringify(message));
  const subscribe = () => say({ type: "subscribe", subscription: SUBSCRIPTION, filter, cursor: lastEventID, replay, since, limit, alerts });
  socket.onopen = () => (token ? say({ type: "authenticate", token }) : subscribe());
  socket.onmessage = (event) => { messages.push(JSON.parse(event.data)); quiet.heard(); wake(); };
  socket.onclose = (event) => { end = event; wake(); };
  quiet.signal.addEventListener("abort", () => { socket.close(); end ??= { code: 1006 }; wake(); });
  const pinging = setInterval(() => { if (socket.readyState === 1) say({ type: "ping" }); }, PING_MS);
  let afterMs = 0;
  try {
    for (;;) {
      while (messages.length) {
        const message = messages.shift();
        if (message.type === "authenticated") subscribe();
        else if (message.type === "error") throw new Refused(message.problem.status, message.problem.detail);
        else if (message.type === "reconnect") afterMs = message.after_ms;
        else if (message.type === "subscribed") yield { type: "prime", cursor: message.cursor };
        else if (message.type !== "pong") yield { ...message, left: message.matches === false };
      }
      if (end) break;
      await new Promise((done) => { wake = done; });
    }
  } finally {
    clearInterval(pinging);
    quiet.end();
    socket.close();
  }
  if (end.code === UNAUTHORIZED && /expired/.test(end.reason)) throw new Expired();
  if (end.code === UNAUTHORIZED || end.code === FORBIDDEN) throw new Refused(end.code - 4000, end.reason);
  throw new Interrupted(end.code === TOO_MANY ? LONGEST_WAIT_MS : afterMs);
}

// A connection that died without a word, as on a phone that changed its network, is found by its silence.
function watchdog(signal, beat) {
  const own = new AbortController();
  const abort = () => own.abort();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  let timer = setTimeout(abort, SILENCE_MS);
  return {
    signal: own.signal,
    heard() { clearTimeout(timer); timer = setTimeout(abort, SILENCE_MS); beat(); },
    end() { clearTimeout(timer); signal.removeEventListener("abort", abort); own.abort(); },
  };
}

/** The newest revision of each entry that fits: hand it what a feed says, and it holds what the log holds. */
export class Entries {
  #held = new Map();
  #unconfirmed = null;

  get size() { return this.#held.size; }
  get(id) { return this.#held.get(id); }
  values() { return this.#held.values(); }

  /** Take a revision; returns "added", "changed", "removed", or null for what is held already. */
  take(entry, { left = false } = {}) {
    const known = this.#held.get(entry.entry_id);
    this.#unconfirmed?.delete(entry.entry_id);
    if (known && known.revision >= entry.revision) return null;
    if (left || entry.status !== "usable") return this.#held.delete(entry.entry_id) ? "removed" : null;
    this.#held.set(entry.entry_id, entry);
    return known ? "changed" : "added";
  }

  /** The state that follows replaces what is held. */
  incomplete() { this.#unconfirmed = new Set(this.#held.keys()); }

  /** What was missed is there; after a whole state, what it did not hold goes. Returns the ids that went. */
  live({ replaced = false } = {}) {
    const gone = replaced ? [...(this.#unconfirmed ?? [])] : [];
    for (const id of gone) this.#held.delete(id);
    this.#unconfirmed = null;
    return gone;
  }
}
