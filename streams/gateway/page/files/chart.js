// The numbers over time: a small chart and its table for each kind, each point a link to its update.

import { element, localise } from "./markup.js";
import { coverage } from "./page_state.js";
import { clock, day, full, nameOf } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 320;
const HEIGHT = 120;
const EDGE = 14;
const BOUNDS = { least: "at least ", most: "at most ", about: "about " };
const AGAIN_MS = 2_000;
let begun = false;
let timer = 0;

// Asked for when it is opened, and anew after updates with figures have come in.
export function drawCharts(hasFigures) {
  const shown = document.getElementById("figures");
  if (!coverage) return;
  if (!begun) {
    begun = true;
    shown.addEventListener("toggle", load);
  }
  if (!hasFigures) return;
  timer ||= setTimeout(() => { timer = 0; load(); }, AGAIN_MS);
}

async function load() {
  const shown = document.getElementById("figures");
  if (!shown.open) return;
  const place = document.getElementById("charts");
  try {
    const answer = await fetch(`/v1/coverages/${encodeURIComponent(coverage)}/figures`);
    if (!answer.ok) throw new Error(answer.statusText);
    const { figures } = await answer.json();
    if (place.contains(document.activeElement)) return;
    const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.dataset.series));
    const drawn = figures.map((series) => drawSeries(series, open));
    place.replaceChildren(...(drawn.length ? drawn : [element("p", {}, "No numbers yet.")]));
    localise(place);
  } catch {
    if (!place.childElementCount) place.replaceChildren(element("p", {}, "The numbers could not be loaded."));
  }
}

function drawSeries(series, open) {
  const name = [series.kind[0].toUpperCase() + series.kind.slice(1), series.unit ? `(${series.unit})` : ""].filter(Boolean).join(" ");
  const key = `${series.kind} ${series.unit ?? ""}`;
  const table = element("details", { "data-series": key }, element("summary", {}, `${name} as a table`), drawTable(series, name));
  table.open = open.has(key);
  return element("section", { class: "series", "aria-label": name },
    element("h3", {}, name),
    series.points.some(({ value }) => Array.isArray(value)) ? null : drawChart(series, name),
    table);
}

function words(point) {
  const value = Array.isArray(point.value) ? point.value.join("–") : point.value.toLocaleString();
  return `${BOUNDS[point.bound] ?? ""}${value}`;
}

function drawChart({ points }, name) {
  const times = points.map(({ at }) => Date.parse(at));
  const values = points.map(({ value }) => value);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 1)];
  const x = (time) => EDGE + ((time - first) / (last - first || 1)) * (WIDTH - 2 * EDGE);
  const y = (value) => HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `${name} over time`, class: "chart" });
  svg.append(draw("line", { x1: EDGE, x2: WIDTH - EDGE, y1: y(low), y2: y(low), class: "axis" }));
  for (const [value, anchor, place] of [[values[0], "start", EDGE], [values.at(-1), "end", WIDTH - EDGE]]) {
    const label = draw("text", { x: place, y: y(value) - 10 < 9 ? y(value) + 18 : y(value) - 10, "text-anchor": anchor, "aria-hidden": "true" });
    label.textContent = value.toLocaleString();
    svg.append(label);
  }
  const standing = points.filter((point) => point.standing);
  svg.append(draw("polyline", { points: standing.map((point) => `${x(Date.parse(point.at))},${y(point.value)}`).join(" "), class: "line" }));
  for (const point of points) {
    const text = `${words(point)}, ${nameOf(point.source_id)}, ${day(point.at)} ${clock(point.at)}${point.standing ? "" : " (no longer said)"}`;
    const link = draw("a", { href: `#e-${point.entry_id}`, "aria-label": text });
    const title = draw("title", {});
    title.textContent = text;
    link.append(title,
      draw("circle", { cx: x(Date.parse(point.at)), cy: y(point.value), r: 12, class: "reach" }),
      draw("circle", { cx: x(Date.parse(point.at)), cy: y(point.value), r: 4.5, class: point.standing ? "point" : "point gone" }));
    svg.append(link);
  }
  return svg;
}

function drawTable({ points }, name) {
  const head = ["When", "Said", "By"].map((text) => element("th", { scope: "col" }, text));
  return element("table", {}, element("caption", { class: "hidden" }, `${name} over time`),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...points.map((point) => element("tr", { class: point.standing ? null : "gone" },
      element("td", {}, element("a", { href: `#e-${point.entry_id}` }, element("time", { datetime: point.at, title: full(point.at) }, clock(point.at)))),
      element("td", {}, words(point), point.standing ? "" : " (no longer said)"),
      element("td", {}, nameOf(point.source_id))))));
}

function draw(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
