// The live page: one coverage, or all of them. It goes on from what was served.

import { Board, momentOf } from "./board.js";
import { drawCharts } from "./chart.js";
import { chooser } from "./choice.js";
import { isEdited, isGone } from "./entry.js";
import { drawFacets } from "./facets.js";
import { List } from "./list.js";
import { element, localise, timeOf } from "./markup.js";
import { FIRST, begin, coverage, served } from "./page_state.js";
import { goTo, keepPlace } from "./place.js";
import { Together } from "./together.js";
import { count, nameOf } from "./words.js";

const byId = (id) => document.getElementById(id);
const AGES_MS = 30_000;
const MOST_KEYS = 30;
const root = byId("list");
const board = new Board();
const choice = chooser(served.query);
const list = new List(root, {
  pictures: served.pictures,
  titleOf: coverage ? null : (id) => served.titles[id] ?? nameOf(id),
});
const arrived = new Set();
const keys = new Map(served.key_moments.map((entry) => [entry.entry_id, entry]));
let waiting = false;
let unseen = 0;
let loaded = Boolean(served.cursor);
let next = served.next;
let keysChanged = false;
let changed = false; // anything since the page was served

const STATES = {
  connecting: "Connecting", live: "Live", reconnecting: "Reconnecting", offline: "Offline", expired: "Access has ended",
  refused: "Not available", earlier: "Earlier updates",
};

const heard = {
  entry(entry, { live }) {
    const became = board.take(entry, isBeyond(entry));
    if (!became) return;
    changed = true;
    list.forget(entry.entry_id);
    keepKey(entry);
    if (live && choice.fits(entry) && !board.get(entry.entry_id).beyond) {
      arrived.add(entry.entry_id);
      announce(entry, became);
      if (became === "added" && entry.revision === 1 && root.getBoundingClientRect().top < 0) unseen += 1;
    }
    soon();
  },
  incomplete(reason) {
    board.replace();
    if (reason === "latest") return;
    // Only what was missed since the page was served is worth a word.
    say(`This page was away for too long to be sent every single update; it shows all of them as they stand now (${reason}).`);
  },
  live({ replaced }) {
    board.replaced(replaced);
    if (replaced) {
      board.revealAll();
      // A long coverage begins with its newest; the earlier ones are there when asked for.
      next = !loaded && board.shown(choice.fits).length >= FIRST * 0.5 ? "" : null;
      changed = true;
    }
    loaded = true;
    soon();
  },
  state: tellState,
  expired() {
    say("Your access to this coverage has ended. Sign in again and load the page anew.");
  },
  refused(status, detail) {
    say(`The gateway sends no updates (${status}: ${detail}). Load the page anew to try again.`);
  },
};

// An edit of an update that is further down than what is listed waits until the reader comes to it.
function isBeyond(entry) {
  if (next === null || board.get(entry.entry_id) || (entry.revision === 1 && !isGone(entry))) return false;
  const oldest = board.shown(choice.fits).at(-1);
  return Boolean(oldest) && Date.parse(momentOf(entry)) < Date.parse(momentOf(oldest.entry));
}

function keepKey(entry) {
  const isKey = (entry.key_event || entry.breaking) && entry.headline && !isGone(entry) && !entry.duplicate_of;
  if (isKey) keys.set(entry.entry_id, entry);
  keysChanged ||= isKey ? true : keys.delete(entry.entry_id);
}

function tellState(name) {
  byId("state").dataset.state = name;
  byId("state-text").textContent = STATES[name] ?? name;
}

function say(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = false;
}

function announce(entry, became) {
  const what = isGone(entry) ? "Withdrawn" : became === "added" ? "New" : "Edited";
  byId("announce").textContent = `${what}: ${entry.headline ?? entry.body_text?.slice(0, 120) ?? nameOf(entry.source_id)}`;
}

// Many entries come at once at the start; they are drawn together.
function soon() {
  if (waiting) return;
  waiting = true;
  (document.hidden ? setTimeout : requestAnimationFrame)(draw);
}

function draw() {
  waiting = false;
  const held = list.hold();
  const shown = board.shown(choice.fits);
  list.draw(shown, arrived);
  byId("empty").hidden = shown.length > 0 || !loaded;
  byId("earlier").hidden = next === null;
  if (changed) {
    drawFacts(shown);
    if (keysChanged) drawKeys();
    drawFacets(() => board.shown(choice.fits), served.query);
    drawCharts(shown.some(({ entry }) => entry.figures?.length));
  }
  byId("pill").hidden = unseen === 0;
  byId("pill").textContent = count(unseen, "new update", "new updates");
  held();
}

// What is said is true of all; where there are more than those here, their number is not known.
function drawFacts(shown) {
  const standing = shown.filter(({ entry }) => !isGone(entry));
  const sources = new Set(standing.flatMap(({ entry }) => [entry.source_id, ...(entry.sources ?? []).map((report) => report.source_id)]));
  const newest = shown.reduce((time, { entry }) => (entry.processed_at > time ? entry.processed_at : time), "");
  if (!shown.length) {
    byId("facts").replaceChildren();
    return;
  }
  const counted = next === null
    ? [count(standing.length, "update", "updates"), count(sources.size, "source", "sources")]
    : [`The newest ${standing.length.toLocaleString()} updates`];
  byId("facts").replaceChildren(`${counted.join(" · ")} · last change `, timeOf(newest));
}

function drawKeys() {
  keysChanged = false;
  const newest = [...keys.values()].sort((a, b) => Date.parse(momentOf(b)) - Date.parse(momentOf(a))).slice(0, MOST_KEYS);
  const rows = newest.map((entry) => element("li", {}, timeOf(momentOf(entry)),
    element("a", { href: `#e-${entry.entry_id}` }, entry.headline)));
  byId("key-list").replaceChildren(...(rows.length ? rows : [element("li", { class: "none" }, "None yet")]));
}

// Entries that the page has are passed over, so that it reads on where it ends, whatever came in meanwhile.
async function loadEarlier(least = 1) {
  let first = null;
  for (let added = 0; next !== null && added < least;) {
    const query = new URLSearchParams([...Object.entries(served.query).flatMap(([name, values]) => values.map((value) => [name, value])),
      ["limit", "100"], ["duplicates", "include"], ...(next ? [["cursor", String(next)]] : [])]);
    const answer = await fetch(`/v1/coverages/${encodeURIComponent(coverage)}/entries?${query}`);
    if (!answer.ok) throw new Error(answer.statusText);
    const { entries, next: following } = await answer.json();
    for (const entry of entries) {
      const isNew = board.take(entry) === "added" || board.reveal(entry.entry_id);
      if (isNew && !entry.duplicate_of) {
        added += 1;
        first ??= entry.entry_id;
      }
    }
    next = following ?? null;
  }
  changed = true;
  draw();
  return first;
}

byId("earlier").addEventListener("click", async (event) => {
  if (!coverage) return; // the link leads there
  event.preventDefault();
  const button = byId("earlier");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    const first = await loadEarlier();
    // The focus goes on where the list goes on, also when there is no more and the link goes.
    if (first) byId(`e-${first}`)?.querySelector(".clock a").focus({ preventScroll: true });
    else byId("updates").focus({ preventScroll: true });
  } catch {
    byId("announce").textContent = "Earlier updates could not be loaded.";
  }
  button.removeAttribute("aria-busy");
});

byId("pill").addEventListener("click", () => {
  unseen = 0;
  byId("updates").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  byId("updates").focus({ preventScroll: true });
  soon();
});

addEventListener("scroll", () => {
  if (unseen && root.getBoundingClientRect().top > 0) {
    unseen = 0;
    soon();
  }
}, { passive: true });

// Brings an entry onto the page that is not on it: by reading on to it, or, far down, by itself.
async function bring(id) {
  const answer = await fetch(`/v1/entries/${encodeURIComponent(id)}`);
  if (!answer.ok) return null;
  const entry = await answer.json();
  if (coverage && entry.coverage_id !== coverage) return null;
  if (entry.duplicate_of) return entry.duplicate_of;
  const known = () => board.get(id) && !board.get(id).beyond;
  for (let pages = 0; coverage && next !== null && !known() && !isGone(entry) && pages < 10; pages += 1) await loadEarlier();
  board.take(entry);
  board.reveal(id);
  draw();
  return id;
}

for (const entry of served.entries) board.seed(entry);
localise(document.body);
list.adopt((id) => board.get(id));
list.draw(board.shown(choice.fits), arrived);
list.tellAges();
setInterval(() => list.tellAges(), AGES_MS);
drawCharts(served.entries.some((entry) => entry.figures.length));
keepPlace({ bring, loadEarlier, size: () => root.querySelectorAll("li.entry").length, more: () => next !== null });
addEventListener("hashchange", () => goTo(location.hash, bring));
if (served.earlier) tellState("earlier");
else new Together(coverage, begin, heard).open();
