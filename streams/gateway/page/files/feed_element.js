// <liveline-feed coverage="harbour-fire" entries="20" pictures="media.example.org">: a coverage's newest updates, live,
// within another site's page. Its colours are CSS variables (--liveline-red), its parts take styles by ::part(entry).

import { Entries, follow } from "../liveline.js";
import { newerFirst } from "./board.js";
import { renderEntry } from "./entry.js";
import { element } from "./markup.js";

const BASE = new URL("..", import.meta.url).origin;
const MOST = 20;
const STATES = { live: "Live", reconnecting: "Reconnecting", offline: "Offline", expired: "Access has ended", refused: "Not available" };
const PARTS = {
  "li.entry": "entry", ".clock": "time", h3: "headline", ".labels": "labels", ".body": "body", ".label": "label",
  ".picture": "picture", ".also": "also", ".changes": "changes", ".aside": "aside",
};
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  :host {
    --paper: var(--liveline-paper, #fff); --ink: var(--liveline-ink, #16181d); --soft: var(--liveline-soft, #5b6069);
    --line: var(--liveline-line, #dcd9d1); --red: var(--liveline-red, #b8102b); --blue: var(--liveline-blue, #0b4f8a);
    --amber: var(--liveline-amber, #8a5200); --green: var(--liveline-green, #17743a);
    display: block; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--liveline-sans, system-ui, sans-serif);
    overflow-wrap: anywhere; color-scheme: light dark; container-type: inline-size;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --paper: var(--liveline-paper, #121418); --ink: var(--liveline-ink, #eceae5); --soft: var(--liveline-soft, #a3a7af);
      --line: var(--liveline-line, #31353d); --red: var(--liveline-red, #ff6b7f); --blue: var(--liveline-blue, #7cbcf5);
      --amber: var(--liveline-amber, #f0b75c); --green: var(--liveline-green, #62cf8b);
    }
  }
  :host([hidden]) { display: none; }
  a { color: inherit; text-underline-offset: .15em; }
  :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
  .top { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: .5rem 0; border-bottom: 3px solid var(--ink); }
  .top a { font-weight: 700; text-decoration: none; }
  .top a:hover { text-decoration: underline; }
  .state { color: var(--soft); font-size: .875rem; font-weight: 600; }
  .state[data-state="live"] { color: var(--green); }
  ol.list { margin: 0; padding: 0; list-style: none; }
  li.entry { padding: .9rem 0; border-bottom: 1px solid var(--line); }
  .clock { display: flex; gap: .6rem; font-size: .875rem; font-weight: 600; font-variant-numeric: tabular-nums; }
  .clock a { text-decoration: none; }
  .ago { color: var(--soft); font-weight: 400; }
  .labels { display: flex; flex-wrap: wrap; gap: .2rem .6rem; margin: .1rem 0 0; color: var(--soft); font-size: .875rem; }
  .label { font-weight: 700; } .label.breaking { color: var(--red); } .label.edited { color: var(--blue); } .label.correction { color: var(--amber); }
  h3 { margin: .25rem 0 0; font: 700 1.2rem/1.25 var(--liveline-serif, Georgia, serif); }
  .body { margin-top: .35rem; } .body p { margin: .5rem 0; } .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
  blockquote { margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--line); }
  .aside, .also, figcaption { margin: .4rem 0 0; color: var(--soft); font-size: .875rem; }
  figure { margin: .6rem 0 0; } img { display: block; width: 100%; aspect-ratio: 3 / 2; object-fit: cover; }
  details { margin-top: .5rem; font-size: .875rem; } summary { color: var(--blue); cursor: pointer; }
  .versions { padding-left: .9rem; list-style: none; } .diff { white-space: pre-wrap; } ins { text-decoration: none; font-weight: 600; }
  .rest { padding: .7rem 0; margin: 0; font-size: .875rem; }
`);

export class LivelineFeed extends HTMLElement {
  static observedAttributes = ["coverage", "entries", "base", "pictures"];
  #entries = null;
  #feed = null;
  #nodes = new Map();
  #waiting = false;

  connectedCallback() { this.#start(); }

  disconnectedCallback() { this.#stop(); }

  attributeChangedCallback() { if (this.#feed) this.#start(); }

  get #page() {
    return `${this.#base}/coverages/${encodeURIComponent(this.getAttribute("coverage"))}`;
  }

  get #base() {
    return new URL(this.getAttribute("base") ?? BASE, location.href).origin;
  }

  get #most() {
    return Math.min(200, Math.max(1, Number(this.getAttribute("entries")) || MOST));
  }

  #start() {
    this.#stop();
    const coverage = this.getAttribute("coverage");
    if (!coverage) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    const title = this.getAttribute("title") || "Live updates";
    root.replaceChildren(
      element("div", { class: "top", part: "top" },
        element("a", { href: this.#page, target: "_blank", part: "title" }, title),
        element("span", { class: "state", part: "state", role: "status" }, "Connecting")),
      element("ol", { class: "list", part: "list", "aria-label": title }),
      element("p", { class: "rest", part: "rest" }, element("a", { href: this.#page, target: "_blank" }, "All updates")));
    this.#entries = new Entries();
    this.#feed = follow(this.#base, { coverage, replay: "latest", limit: this.#most }, {
      entry: (entry, told) => { if (this.#entries.take(entry, told)) { this.#nodes.delete(entry.entry_id); this.#soon(); } },
      incomplete: () => this.#entries.incomplete(),
      live: (how) => { this.#entries.live(how); this.#soon(); },
      state: (state) => {
        const shown = root.querySelector(".state");
        shown.dataset.state = state;
        shown.textContent = STATES[state] ?? "Connecting";
      },
    });
  }

  #stop() {
    this.#feed?.close();
    this.#feed = null;
    this.#nodes.clear();
  }

  #soon() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #draw() {
    const shown = [...this.#entries.values()].filter((entry) => !entry.duplicate_of).sort(newerFirst).slice(0, this.#most);
    this.shadowRoot.querySelector("ol.list").replaceChildren(...shown.map((entry) => this.#nodeOf(entry)));
  }

  #nodeOf(entry) {
    let node = this.#nodes.get(entry.entry_id);
    if (!node) {
      const pictures = (this.getAttribute("pictures") ?? "").split(",").map((each) => each.trim()).filter(Boolean);
      node = renderEntry(entry, null, { pictures, base: this.#base, page: this.#page });
      for (const [selector, part] of Object.entries(PARTS)) {
        for (const each of [node, ...node.querySelectorAll("*")]) if (each.matches(selector)) each.part.add(part);
      }
      this.#nodes.set(entry.entry_id, node);
    }
    return node;
  }
}

if (!customElements.get("liveline-feed")) customElements.define("liveline-feed", LivelineFeed);
