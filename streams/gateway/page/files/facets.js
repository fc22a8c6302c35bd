// What the updates are about, to filter by; as `facets.py` makes it for the page that is served.

import { element } from "./markup.js";
import { nameOf } from "./words.js";

const MOST = 10;
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const KINDS = [
  ["People", "entity", (entry) => namesOf(entry, "person"), String],
  ["Places", "place", (entry) => (entry.places ?? []).map(({ name }) => name), String],
  ["Organisations", "entity", (entry) => namesOf(entry, "organisation"), String],
  ["Figures", "figure", (entry) => (entry.figures ?? []).map(({ kind }) => kind), capital],
  ["Sources", "source", (entry) => [entry.source_id], nameOf],
];
const AGAIN_MS = 2_000;
let drawn = "";
let waiting = 0;

function namesOf(entry, type) {
  return (entry.entities ?? []).filter((each) => each.type === type).map(({ name }) => name);
}

// What the updates are about changes slowly: it is worked out when nothing else is to do.
export function drawFacets(shownNow, query) {
  waiting ||= setTimeout(() => {
    waiting = 0;
    draw(shownNow(), query);
  }, AGAIN_MS);
}

function draw(shown, query) {
  const facets = KINDS.map(([title, parameter, valuesOf, named]) => {
    const counted = new Map();
    for (const { entry } of shown) {
      for (const value of new Set(valuesOf(entry))) counted.set(value, (counted.get(value) ?? 0) + 1);
    }
    if (parameter === "source" && counted.size === 1) counted.clear();
    const most = [...counted].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST).map(([value]) => value);
    return { title, parameter, named, most };
  }).filter(({ most }) => most.length);
  const now = JSON.stringify(facets);
  if (now === drawn) return;
  drawn = now;
  const list = document.getElementById("facet-list");
  // What has the keyboard's focus is not taken away.
  if (list.contains(document.activeElement)) return;
  list.replaceChildren(...facets.map(({ title, parameter, named, most }) => element("div", { class: "facet" },
    element("h3", {}, title),
    element("ul", { class: "chips" }, ...most.map((value) => element("li", {}, chip(parameter, value, named(value), query)))))));
}

function chip(parameter, value, name, query) {
  const isSet = (query[parameter] ?? []).includes(value);
  const others = Object.entries(query).filter(([each]) => each !== parameter).flatMap(([each, values]) => values.map((one) => [each, one]));
  const address = new URLSearchParams([...others, ...(isSet ? [] : [[parameter, value]])]);
  return element("a", { href: `?${address}`, "aria-current": isSet ? "true" : null }, name);
}
