// The live page: one coverage, or all of them.

import { Board, momentOf } from "./board.js";
import { isEdited, isGone, renderEntry } from "./entry.js";
import { Feed } from "./feed.js";
import { element } from "./markup.js";
import { clock, count, day, nameOf } from "./words.js";

const byId = (id) => document.getElementById(id);
const list = byId("list");
const coverage = /^\/coverages\/([^/]+)\/?$/.exec(location.pathname)?.[1];
const board = new Board();
const nodes = new Map();
const arrived = new Set();
const titles = new Map();
const FIRST = 200;
let show = "all";
let waiting = false;
let live = false;
let unseen = 0;
let loaded = false;

const STATES = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting", offline: "Offline" };
const EMPTY = {
  all: ["No updates yet", "Leave this page open. The first update appears here the moment it comes in."],
  key: ["No key moments yet", "Updates that the newsroom marks as key or breaking are gathered here."],
  changed: ["Nothing was changed", "Edited, corrected and withdrawn updates are gathered here."],
};
const SHOWN = {
  all: () => true,
  key: ({ entry }) => (entry.key_event || entry.breaking) && !isGone(entry),
  changed: ({ entry }) => isGone(entry) || isEdited(entry) || entry.is_correction,
};

const feed = new Feed(`/v1${coverage ? `/coverages/${coverage}` : ""}/stream?replay=latest&limit=${FIRST}`, {
  entry(entry, isLive) {
    const became = board.take(entry);
    if (!became) return;
    nodes.delete(entry.entry_id);
    if (isLive) {
      arrived.add(entry.entry_id);
      announce(entry, became);
      if (became === "added" && entry.revision === 1 && list.getBoundingClientRect().top < 0) unseen += 1;
    }
    soon();
  },
  incomplete(reason) {
    board.replace();
    // The first load is complete by itself; only what was missed since is worth a word.
    const notice = byId("notice");
    notice.hidden = !loaded;
    notice.textContent = `This page was away for too long to be sent every single update; it shows all of them as they stand now (${reason}).`;
  },
  state(name) {
    live = name === "live";
    if (live) board.replaced();
    // A long coverage begins with its newest; the earlier ones are there when asked for.
    if (live && !loaded) byId("earlier").hidden = !coverage || board.size < FIRST * 0.5;
    loaded ||= live;
    byId("state").dataset.state = name;
    byId("state-text").textContent = STATES[name];
    soon();
  },
});

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
  const held = hold();
  const shown = board.shown();
  const wanted = shown.filter(SHOWN[show]);
  const rows = [];
  let last = wanted.length ? day(momentOf((wanted.find(({ entry }) => !entry.pinned) ?? wanted[0]).entry)) : "";
  const first = last;
  for (const known of wanted) {
    const today = day(momentOf(known.entry));
    if (today !== last && !known.entry.pinned) {
      rows.push(dayRow(today));
      last = today;
    }
    rows.push(nodeOf(known));
  }
  if (rows.length && first !== day(Date.now())) rows.unshift(dayRow(first));
  place(rows);
  drawEmpty(shown, wanted);
  drawHead(shown);
  drawKeys(shown);
  byId("pill").hidden = unseen === 0;
  byId("pill").textContent = count(unseen, "new update", "new updates");
  held();
}

// What is being read stays where it is, whatever comes in above it.
function hold() {
  if (scrollY < 120) return () => {};
  const inSight = [...list.children].filter((row) => row.getBoundingClientRect().bottom > 60).slice(0, 5);
  const places = inSight.map((row) => [row.id, row.getBoundingClientRect().top]);
  return () => {
    for (const [id, top] of places) {
      const row = id && byId(id);
      if (row) {
        const moved = row.getBoundingClientRect().top - top;
        if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
        return;
      }
    }
  };
}

function drawEmpty(shown, wanted) {
  document.querySelector(".choice").hidden = shown.length === 0;
  byId("empty").hidden = wanted.length > 0 || !loaded;
  const [title, words] = EMPTY[shown.length ? show : "all"];
  byId("empty").replaceChildren(element("p", { class: "empty-title" }, title), element("p", {}, words));
}

function dayRow(text) {
  const known = nodes.get(text) ?? element("li", { class: "day" }, text);
  nodes.set(text, known);
  return known;
}

function nodeOf(known) {
  const id = known.entry.entry_id;
  let node = nodes.get(id);
  if (!node) {
    node = renderEntry(known, { coverageTitle: coverage ? null : titles.get(known.entry.coverage_id) ?? nameOf(known.entry.coverage_id) });
    if (arrived.delete(id)) node.classList.add("new");
    nodes.set(id, node);
  }
  return node;
}

// Moves only what is not in its place, so that a reader's focus, selection and open details stay.
function place(rows) {
  let at = list.firstElementChild;
  const kept = new Set(rows);
  for (const row of rows) {
    while (at && !kept.has(at)) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
    if (row === at) at = at.nextElementSibling;
    else list.insertBefore(row, at);
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
}

function drawHead(shown) {
  const sources = new Set(shown.flatMap(({ entry }) => [entry.source_id, ...(entry.sources ?? []).map((report) => report.source_id)]));
  const newest = shown.reduce((time, { entry }) => (entry.processed_at > time ? entry.processed_at : time), "");
  byId("facts").textContent = shown.length
    ? [count(shown.length, "update", "updates"), count(sources.size, "source", "sources"), `last change ${clock(newest)}`].join(" · ")
    : "";
}

function drawKeys(shown) {
  const keys = shown.filter(SHOWN.key).filter(({ entry }) => entry.headline).slice(0, 30);
  byId("key-moments").hidden = keys.length === 0;
  byId("key-list").replaceChildren(...keys.map(({ entry }) => element("li", {},
    element("time", { datetime: momentOf(entry) }, clock(momentOf(entry))),
    element("a", { href: `#e-${entry.entry_id}` }, entry.headline))));
}

async function drawCoverages() {
  try {
    const answer = await fetch("/v1/coverages?limit=200");
    if (!answer.ok) return;
    const { coverages } = await answer.json();
    for (const { id, title } of coverages) if (title) titles.set(id, title);
    const here = coverages.find(({ id }) => id === decodeURIComponent(coverage ?? ""));
    const title = coverage ? here?.title ?? nameOf(decodeURIComponent(coverage)) : coverages.length === 1 ? coverages[0].title : null;
    byId("title").textContent = title ?? "Live updates";
    document.title = `${title ?? "Live updates"} · Liveline`;
    byId("coverages").replaceChildren(
      element("a", { href: "/", "aria-current": coverage ? null : "page" }, "All"),
      ...coverages.map(({ id, title: name }) => element("a",
        { href: `/coverages/${encodeURIComponent(id)}`, "aria-current": id === here?.id ? "page" : null }, name ?? nameOf(id))),
    );
  } catch {
    // The stream says whether there is a connection; the names can wait for the next visit.
  }
}

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    show = button.dataset.show;
    for (const each of document.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", String(each === button));
    draw();
  });
}

// Entries that the page has are passed over, so that it reads on where it ends, whatever came in meanwhile.
let further = `/v1/coverages/${coverage}/entries?limit=100&duplicates=include`;
byId("earlier").addEventListener("click", async () => {
  const button = byId("earlier");
  button.disabled = true;
  try {
    for (let added = 0; further && !added;) {
      const answer = await fetch(further);
      if (!answer.ok) throw new Error(answer.statusText);
      const { entries, next } = await answer.json();
      for (const entry of entries) if (board.take(entry) === "added") added += 1;
      further = next ? `/v1/coverages/${coverage}/entries?limit=100&duplicates=include&cursor=${next}` : "";
    }
    button.hidden = !further;
    soon();
  } catch {
    byId("announce").textContent = "Earlier updates could not be loaded.";
  }
  button.disabled = false;
});

byId("pill").addEventListener("click", () => {
  unseen = 0;
  byId("updates").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  byId("updates").focus({ preventScroll: true });
  soon();
});

addEventListener("scroll", () => {
  if (unseen && list.getBoundingClientRect().top > 0) {
    unseen = 0;
    soon();
  }
}, { passive: true });

if (coverage) byId("title").textContent = nameOf(decodeURIComponent(coverage));
// The names first, so that entries are drawn with them; without an answer it goes on all the same.
Promise.race([drawCoverages(), new Promise((done) => setTimeout(done, 1000))]).then(() => feed.open());
