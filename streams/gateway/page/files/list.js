// The list of updates: served nodes are taken over as they are, new ones come beside them, nothing that is read moves.

import { momentOf } from "./board.js";
import { renderEntry, showWhenOpened } from "./entry.js";
import { element, localise } from "./markup.js";
import { ago } from "./words.js";

const AT_TOP_PX = 120;
const BAR_PX = 60;
const UP_MS = 50; // in a frame of its own: scrolling is no jump

export class List {
  #root;
  #nodes = new Map();
  #days = new Map();
  #context;

  // context: what `renderEntry` takes, with `titleOf(coverage id)` where several coverages are shown.
  constructor(root, context) {
    this.#root = root;
    this.#context = context;
  }

  // Take over what was served; `known`: id to the entry in short.
  adopt(known) {
    localise(this.#root);
    for (const node of this.#root.querySelectorAll("li.entry")) {
      const held = known(node.id.slice(2));
      if (!held) continue;
      this.#nodes.set(held.entry.entry_id, node);
      const changes = node.querySelector("details.changes");
      if (changes) showWhenOpened(changes, held.entry, null);
    }
    for (const node of this.#root.querySelectorAll("li.day")) node.remove();
  }

  forget(id) {
    this.#nodes.delete(id);
  }

  // wanted: what the board shows, in its order; `arrived`: ids that came in while the page was live.
  draw(wanted, arrived) {
    const rows = [];
    let last = "";
    for (const known of wanted) {
      if (known.day !== last && !known.pinned) {
        rows.push(this.#dayRow(known.day));
        last = known.day;
      }
      rows.push(this.#nodeOf(known, arrived));
    }
    this.#place(rows);
  }

  // Says how old each is that is in sight of being new.
  tellAges() {
    for (const node of this.#nodes.values()) {
      const told = ago(node.querySelector(".clock time").dateTime);
      const place = node.querySelector(".ago");
      if (place.textContent !== told) place.textContent = told;
    }
  }

  #dayRow(text) {
    const known = this.#days.get(text) ?? element("li", { class: "day" }, text);
    this.#days.set(text, known);
    return known;
  }

  #nodeOf({ entry, before }, arrived) {
    let node = this.#nodes.get(entry.entry_id);
    if (!node) {
      const { titleOf, ...context } = this.#context;
      node = renderEntry(entry, before, { ...context, coverageTitle: titleOf?.(entry.coverage_id) });
      node.querySelector(".ago").textContent = ago(momentOf(entry));
      // It is laid out at once: an estimate of its height would be put right a moment later, and all below would jump.
      if (arrived.delete(entry.entry_id)) node.classList.add("new");
      this.#nodes.set(entry.entry_id, node);
    }
    return node;
  }

  // Moves only what is not in its place, so that a reader's focus, selection and open details stay.
  #place(rows) {
    const kept = new Set(rows);
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.closest("li.entry")?.id : null;
    let at = this.#root.firstElementChild;
    const clear = () => {
      while (at && !kept.has(at)) {
        const next = at.nextElementSibling;
        at.remove();
        at = next;
      }
    };
    for (const row of rows) {
      clear();
      if (row === at) at = at.nextElementSibling;
      else this.#root.insertBefore(row, at);
    }
    clear();
    // An edit puts another node in the place of the one that had the focus.
    if (focused && !this.#root.contains(document.activeElement)) {
      document.getElementById(focused)?.querySelector(".clock a").focus({ preventScroll: true });
    }
  }

  // What is being read stays where it is, whatever comes in above it. At the top of the page what comes in is scrolled
  // to, so that nothing jumps there either. Returns a function to call when all is drawn.
  hold() {
    const places = [];
    for (const row of this.#root.children) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > BAR_PX && row.id) places.push([row.id, top]);
      if (places.length === 5) break;
    }
    const at = this.#upTo ?? scrollY;
    return () => {
      const kept = places.map(([id, top]) => [document.getElementById(id), top]).find(([row]) => row);
      const by = kept ? kept[0].getBoundingClientRect().top - kept[1] : 0;
      if (Math.abs(by) <= 0.5) return;
      scrollBy({ top: by, behavior: "instant" });
      if (at >= AT_TOP_PX) return;
      this.#upTo = at;
      const held = scrollY;
      clearTimeout(this.#scrolling);
      this.#scrolling = setTimeout(() => {
        this.#upTo = null;
        // Unless the reader has gone on meanwhile.
        if (Math.abs(scrollY - held) < 2) scrollTo({ top: at, behavior: "instant" });
      }, UP_MS);
    };
  }
  #upTo = null; // where it is about to scroll to
  #scrolling = 0;
}
