// One stream for all tabs of this browser. The tab that holds the lock follows what all of them want and tells it on a
// channel. The others listen; each is brought up to date by a stream of its own, which it closes once it has joined.

import { follow } from "../liveline.js";

const NAME = "liveline.stream";
const ANSWER_MS = 200; // for a leader to answer a newcomer
const SILENCE_MS = 40_000; // a leader says something whenever its stream beats, every 15 s

export class Together {
  #coverage; #heard; #begin;
  #id = Math.random().toString(36).slice(2);
  #cursor;
  #channel = null;
  #own = null; // this tab's own stream: before it has joined, and as the leader
  #wants = new Map();
  #leading = null; // a function that gives up the lead
  #joined = false;
  #covered = false; // the leader follows what this tab wants; its own stream has yet to reach that
  #silence = 0;

  // coverage: its id, null for all; begin: {cursor} or {replay, limit}; heard: as `follow` has it.
  constructor(coverage, begin, heard) {
    this.#coverage = coverage;
    this.#begin = begin;
    this.#cursor = begin.cursor ?? "";
    this.#heard = heard;
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => { if (event.persisted) this.open(); });
    document.addEventListener("freeze", () => this.#leave());
    document.addEventListener("resume", () => this.open());
  }

  open() {
    if (this.#channel || this.#own) return;
    // Without TLS, away from this machine, browsers have no locks.
    if (!navigator.locks || !globalThis.BroadcastChannel) {
      this.#openOwn();
      return;
    }
    this.#channel = new BroadcastChannel(NAME);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#say({ type: "hello", coverage: this.#coverage });
    const answered = setTimeout(() => { if (!this.#own && !this.#joined) this.#openOwn(); }, ANSWER_MS);
    this.#leaving = new AbortController();
    navigator.locks.request(NAME, { signal: this.#leaving.signal }, () => {
      clearTimeout(answered);
      return new Promise((done) => this.#lead(done));
    }).catch(() => {}); // it left before its turn came
  }
  #leaving = new AbortController();

  #leave() {
    clearTimeout(this.#silence);
    this.#say({ type: "bye" });
    this.#own?.close();
    this.#own = null;
    this.#leaving.abort();
    this.#leading?.();
    this.#leading = null;
    this.#joined = false;
    this.#covered = false;
    this.#channel?.close();
    this.#channel = null;
  }

  #openOwn() {
    this.#own?.close();
    this.#joined = false;
    const own = follow(location.href, { ...this.#what([this.#coverage]), ...this.#from() }, {
      ...this.#listeners(() => own === this.#own, (message) => this.#take(message)),
      live: (how) => {
        if (own !== this.#own) return;
        this.#take({ type: "live", how });
        if (this.#covered) this.#join();
      },
    });
    this.#own = own;
  }

  // The stream of all tabs; it begins where this tab is.
  #lead(done) {
    this.#leading = done;
    this.#joined = false;
    clearTimeout(this.#silence);
    this.#followAll();
  }

  #followAll() {
    this.#own?.close();
    const all = [...new Set([this.#coverage, ...this.#wants.values()])];
    const tell = (message) => {
      this.#take(message);
      this.#say({ ...message, cursor: this.#cursor });
    };
    const own = follow(location.href, { ...this.#what(all), ...this.#from() }, {
      ...this.#listeners(() => own === this.#own, tell),
      live: (how) => { if (own === this.#own) { tell({ type: "live", how }); this.#beat(); } },
      beat: () => { if (own === this.#own) this.#beat(); },
    });
    this.#own = own;
    this.#all = all;
  }
  #all = [];

  #listeners(isCurrent, tell) {
    const if_ = (name, message) => (...said) => { if (isCurrent()) tell({ type: name, ...message(...said) }); };
    return {
      entry: if_("entry", (entry, told) => ({ entry, told })),
      incomplete: if_("incomplete", (reason) => ({ reason })),
      state: if_("state", (state) => ({ state })),
      expired: if_("expired", () => ({})),
      refused: if_("refused", (status, detail) => ({ status, detail })),
    };
  }

  #what(coverages) {
    return coverages.includes(null) ? {} : { coverage: coverages.length === 1 ? coverages[0] : coverages };
  }

  #from() {
    return this.#cursor ? { cursor: this.#cursor } : this.#begin;
  }

  #beat() {
    this.#say({ type: "beat", coverages: this.#all, live: this.#own?.state === "live" });
  }

  #receive(message) {
    if (message.from === this.#id) return;
    if (message.type === "hello") {
      this.#wants.set(message.from, message.coverage);
      if (!this.#leading) return;
      if (!this.#all.includes(null) && !this.#all.includes(message.coverage)) this.#followAll();
      else this.#beat();
    } else if (message.type === "bye") {
      this.#wants.delete(message.from);
    } else if (!this.#leading) {
      this.#hearLeader(message);
    }
  }

  #hearLeader(message) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#openOwn(), SILENCE_MS);
    if (message.type === "beat") {
      const mine = message.coverages.includes(null) || message.coverages.includes(this.#coverage);
      if (!mine) this.#say({ type: "hello", coverage: this.#coverage });
      if (this.#leader !== message.from) {
        this.#leader = message.from;
        this.#joined = false;
        this.#covered = false;
      }
      if (this.#joined || this.#covered || !mine || !message.live) return;
      // What the leader tells from here on is heard; what was before it comes by this tab's own stream.
      this.#covered = true;
      if (this.#own) this.#own.reconnect();
      else this.#openOwn();
    } else if (message.type === "expired" || message.type === "refused") {
      this.#covered = false;
      this.#openOwn();
    } else if (message.type === "entry") {
      this.#take(message);
    } else if (this.#joined) {
      this.#take(message);
    }
  }
  #leader = null;

  #join() {
    this.#covered = false;
    this.#joined = true;
    this.#own?.close();
    this.#own = null;
    this.#heard.state("live");
  }

  #take(message) {
    // Before it has joined, this tab's place is its own stream's.
    if (this.#own?.cursor) this.#cursor = this.#own.cursor;
    else if (this.#joined && message.cursor) this.#cursor = message.cursor;
    const { type } = message;
    if (type === "entry") {
      if (this.#coverage === null || message.entry.coverage_id === this.#coverage) this.#heard.entry(message.entry, message.told);
    } else if (type === "incomplete") this.#heard.incomplete(message.reason);
    else if (type === "live") this.#heard.live(message.how);
    else if (type === "state") this.#heard.state(message.state);
    else if (type === "expired") this.#heard.expired();
    else if (type === "refused") this.#heard.refused(message.status, message.detail);
  }

  #say(message) {
    this.#channel?.postMessage({ ...message, from: this.#id });
  }
}
