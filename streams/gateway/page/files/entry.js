// One update as it is shown.

import { momentOf } from "./board.js";
import { bodyOf, element, link, timeOf, webAddress } from "./markup.js";
import { difference, fieldNames, nameOf } from "./words.js";

const URGENT = 2;

export const isGone = (entry) => entry.status !== "usable";
export const isEdited = (entry) => (entry.changed_fields ?? []).length > 0 && !isGone(entry);

// context: {coverageTitle, pictures: [hosts]}, and on another site's page {base, page}: the gateway and the live page.
export function renderEntry(entry, before = null, context = {}) {
  const gone = isGone(entry);
  const marks = ["entry", ...(gone ? ["withdrawn"] : [entry.breaking && "breaking", entry.key_event && "key"])];
  const id = `e-${entry.entry_id}`;
  const withdrew = () => element("p", { class: "gone" },
    `${nameOf(entry.source_id)} withdrew this update at `, timeOf(entry.processed_at), ".");
  return element(
    "li",
    { id, class: marks.filter(Boolean).join(" "), "data-revision": entry.revision },
    element("div", { class: "clock" },
      element("a", context.page ? { href: `${context.page}#${id}`, target: "_blank" } : { href: `#${id}` }, timeOf(momentOf(entry))),
      element("span", { class: "ago" })),
    element("article", { class: "what" },
      labels(entry, context.coverageTitle),
      ...(gone ? [withdrew()] : [
        entry.headline ? element("h3", {}, entry.headline) : null,
        bodyOf(entry), ...(entry.media ?? []).map((item) => medium(item, context.pictures ?? [])), ...embeds(entry),
        alsoBy(entry), changes(entry, before, context.base), original(entry)])),
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
    isEdited(entry) ? element("span", { class: "label edited" }, "Edited ", timeOf(entry.processed_at)) : null,
    gone ? label("edited", "Withdrawn") : null,
  );
}

// A picture is shown if the gateway's setting names its host; else it is a link.
function shownPicture(item, hosts) {
  const address = item.type === "image" ? webAddress(item.url) : null;
  if (!address) return null;
  const { host } = new URL(address);
  const fits = (each) => each === "*" || each === host || (each.startsWith("*.") && host.endsWith(each.slice(1)));
  return hosts.some(fits) ? address : null;
}

function medium(item, hosts) {
  const words = { image: "Picture", video: "Video", audio: "Audio" };
  const credit = item.credit ? element("span", { class: "credit" }, ` (${item.credit})`) : null;
  const address = shownPicture(item, hosts);
  if (address) {
    return element("figure", { class: "picture" },
      element("img", { src: address, alt: item.alt ?? "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" }),
      item.caption || credit ? element("figcaption", {}, item.caption ?? "", credit) : null);
  }
  return element("p", { class: "aside" },
    item.url ? link(item.url, words[item.type] ?? "Media") : words[item.type] ?? "Media",
    item.caption || item.alt ? `: ${item.caption || item.alt}` : "", credit);
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
    ...(report.published_at ? [" at ", timeOf(report.published_at)] : []),
  ]);
  return element("p", { class: "also" }, "Also reported by ", ...reports);
}

function original(entry) {
  return entry.url ? element("p", { class: "also" }, link(entry.url, `Original at ${nameOf(entry.source_id)}`)) : null;
}

// What an edit changed: known at once when this page saw the version before, else asked for when it is opened.
function changes(entry, before, base) {
  if (entry.revision < 2 || !isEdited(entry)) return null;
  const address = `${base ?? ""}/v1/entries/${encodeURIComponent(entry.entry_id)}/revisions`;
  const shown = element("details", { class: "changes" },
    element("summary", {}, `What changed: ${fieldNames(entry.changed_fields)}`),
    element("ol", { class: "versions" }, element("li", {}, element("a", { href: address }, "All versions (JSON)"))));
  showWhenOpened(shown, entry, before, base);
  return shown;
}

// base: where the gateway is, on another site's page.
export function showWhenOpened(shown, entry, before, base = location.href) {
  shown.addEventListener("toggle", async () => {
    const list = shown.querySelector("ol");
    if (!shown.open || list.dataset.shown) return;
    const versions = await versionsOf(entry, before, base);
    if (!versions.length) return;
    list.dataset.shown = "true";
    list.replaceChildren(...versions.map(([old, now]) => version(old, now)).reverse());
  });
}

async function versionsOf(entry, before, base) {
  try {
    const answer = await fetch(new URL(`/v1/entries/${encodeURIComponent(entry.entry_id)}/revisions?limit=100`, base));
    if (!answer.ok) throw new Error(answer.statusText);
    const { revisions } = await answer.json();
    const ordered = revisions.sort((a, b) => a.revision - b.revision);
    return ordered.slice(1).map((now, index) => [ordered[index], now]).filter(([, now]) => now.changed_fields?.length);
  } catch {
    return before?.body_text ? [[before, entry]] : [];
  }
}

function version(old, now) {
  const text = (entry) => [entry.headline, entry.body_text].filter(Boolean).join("\n");
  const parts = difference(text(old), text(now)).map(([sign, words]) =>
    sign === 0 ? words : element(sign < 0 ? "del" : "ins", {}, words));
  return element("li", {}, timeOf(now.processed_at), ` ${fieldNames(now.changed_fields)}`,
    element("p", { class: "diff" }, ...parts));
}
