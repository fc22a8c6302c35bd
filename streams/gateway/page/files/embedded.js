// A coverage in an iframe: its newest updates, live; it tells the page around it how high it is, and takes its colours.

import { Board } from "./board.js";
import { isGone } from "./entry.js";
import { List } from "./list.js";
import { begin, coverage, served } from "./page_state.js";
import { Together } from "./together.js";
import { nameOf } from "./words.js";

const MOST = 50;
const VARIABLES = /^--(paper|card|ink|soft|line|red|blue|amber|green|serif|sans)$/;
const STATES = { live: "Live", reconnecting: "Reconnecting", offline: "Offline", expired: "Access has ended", refused: "Not available" };
const byId = (id) => document.getElementById(id);
const board = new Board();
const list = new List(byId("list"), { pictures: served.pictures });
const arrived = new Set();
let waiting = false;

function draw() {
  waiting = false;
  const held = list.hold();
  const shown = board.shown(() => true).filter(({ entry }) => !isGone(entry)).slice(0, MOST);
  list.draw(shown, arrived);
  byId("empty").hidden = shown.length > 0;
  held();
}

function soon() {
  if (waiting) return;
  waiting = true;
  (document.hidden ? setTimeout : requestAnimationFrame)(draw);
}

// Whoever holds this frame may know: `frame-ancestors` has let it.
function tellHeight() {
  parent.postMessage({ liveline: "height", coverage, height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.liveline !== "theme") return;
  for (const [name, value] of Object.entries(data.variables ?? {})) {
    if (VARIABLES.test(name) && typeof value === "string" && value.length < 200) document.documentElement.style.setProperty(name, value);
  }
});

for (const entry of served.entries) board.seed(entry);
list.adopt((id) => board.get(id));
draw();
new ResizeObserver(tellHeight).observe(document.body);
tellHeight();
new Together(coverage, begin, {
  entry(entry, { live }) {
    const became = board.take(entry);
    if (!became) return;
    list.forget(entry.entry_id);
    if (live && became === "added" && !isGone(entry)) {
      arrived.add(entry.entry_id);
      byId("announce").textContent = `New: ${entry.headline ?? nameOf(entry.source_id)}`;
    }
    soon();
  },
  incomplete: () => board.replace(),
  live({ replaced }) { board.replaced(replaced); soon(); },
  state(name) {
    byId("state").dataset.state = name;
    byId("state-text").textContent = STATES[name] ?? "Connecting";
  },
  expired() {},
  refused() {},
}).open();
