// One update as it is shown.

import { momentOf } from "./board.js";
import { bodyOf, element, link } from "./markup.js";
import { clock, difference, fieldNames, full, nameOf } from "./words.js";

const URGENT = 2;

export const isGone = (entry) => entry.status !== "usable";
export const isEdited = (entry) => (entry.changed_fields ?? []).length > 0 && !isGone(entry);

export function renderEntry({ entry, before }, { coverageTitle }) {
  const gone = isGone(entry);
  const marks = [
    "entry",
    entry.breaking && !gone && "breaking",
    entry.key_event && !gone && "key",
    gone && "withdrawn",
  ].filter(Boolean);
  const moment = momentOf(entry);
  const heading = !gone && entry.headline ? element("h3", {}, entry.headline) : null;
  return element(
    "li",
    { id: `e-${entry.entry_id}`, class: marks.join(" "), "data-revision": entry.revision },
    element("div", { class: "clock" },
      element("a", { href: `#e-${entry.entry_id}` }, element("time", { datetime: moment, title: full(moment) }, clock(moment)))),
    element("article", { class: "what" },
      labels(entry, coverageTitle),
      ...(gone ? [element("p", { class: "gone" }, `${nameOf(entry.source_id)} withdrew this update at ${clock(entry.processed_at)}.`)]
        : [heading, bodyOf(entry), ...media(entry), ...embeds(entry), alsoBy(entry), changes(entry, before), original(entry)])),
  );
}

function labels(entry, coverageTitle) {
  const gone = isGone(entry);
  const label = (kind, text) => element("span", { class: `label ${kind}` }, text);
  return element(
    "p",
    { class: "labels" },
    entry.breaking && !gone ? label("breaking", "Breaking") : null,
    entry.key_event && !gone ? label("key", "Key moment") : null,
    entry.pinned && !gone ? label("pinned", "Pinned") : null,
    entry.is_correction && !gone ? label("correction", "Correction") : null,
    !entry.breaking && entry.urgency <= URGENT && !gone ? label("urgent", "Urgent") : null,
    entry.kind === "summary" && !gone ? label("summary", "Summary") : null,
    element("span", { class: "source" }, nameOf(entry.source_id)),
    entry.authors?.length ? element("span", {}, entry.authors.join(", ")) : null,
    coverageTitle ? element("a", { href: `/coverages/${encodeURIComponent(entry.coverage_id)}` }, coverageTitle) : null,
    isEdited(entry) ? label("edited", `Edited ${clock(entry.processed_at)}`) : null,
    gone ? label("edited", "Withdrawn") : null,
  );
}

function media(entry) {
  const words = { image: "Picture", video: "Video", audio: "Audio" };
  return (entry.media ?? []).map((item) => element("p", { class: "aside" },
    item.url ? link(item.url, words[item.type] ?? "Media") : words[item.type] ?? "Media",
    item.caption || item.alt ? `: ${item.caption ?? item.alt}` : "",
    item.credit ? element("span", { class: "credit" }, ` (${item.credit})`) : null));
}

function embeds(entry) {
  return (entry.embeds ?? []).map((item) => element("p", { class: "aside" },
    item.url ? link(item.url, nameOf(item.provider ?? "embed")) : nameOf(item.provider ?? "embed"),
    item.text ? `: ${item.text}` : ""));
}

function alsoBy(entry) {
  if (!entry.sources?.length) return null;
  const reports = entry.sources.flatMap((report, index) => [
    index ? ", " : "",
    element("strong", {}, report.url ? link(report.url, nameOf(report.source_id)) : nameOf(report.source_id)),
    report.published_at ? ` at ${clock(report.published_at)}` : "",
  ]);
  return element("p", { class: "also" }, "Also reported by ", ...reports);
}

function original(entry) {
  return entry.url ? element("p", { class: "also" }, link(entry.url, `Original at ${nameOf(entry.source_id)}`)) : null;
}

// What an edit changed: known at once when this page saw the version before, else asked for when it is opened.
function changes(entry, before) {
  if (entry.revision < 2 || !isEdited(entry)) return null;
  const list = element("ol", { class: "versions" });
  const shown = element("details", {}, element("summary", {}, `What changed: ${fieldNames(entry.changed_fields)}`), list);
  shown.addEventListener("toggle", async () => {
    if (!shown.open || list.childElementCount) return;
    const versions = await versionsOf(entry, before);
    list.replaceChildren(...versions.map(([old, now]) => version(old, now)).reverse());
  });
  return shown;
}

async function versionsOf(entry, before) {
  try {
    const answer = await fetch(`/v1/entries/${encodeURIComponent(entry.entry_id)}/revisions?limit=100`);
    if (!answer.ok) throw new Error(answer.statusText);
    const { revisions } = await answer.json();
    const ordered = revisions.sort((a, b) => a.revision - b.revision);
    return ordered.slice(1).map((now, index) => [ordered[index], now]).filter(([, now]) => now.changed_fields?.length);
  } catch {
    return before ? [[before, entry]] : [];
  }
}

function version(old, now) {
  const text = (entry) => [entry.headline, entry.body_text].filter(Boolean).join("\n");
  const parts = difference(text(old), text(now)).map(([sign, words]) =>
    sign === 0 ? words : element(sign < 0 ? "del" : "ins", {}, words));
  return element("li", {},
    element("time", { datetime: now.processed_at, title: full(now.processed_at) }, clock(now.processed_at)),
    ` ${fieldNames(now.changed_fields)}`,
    element("p", { class: "diff" }, ...parts));
}
