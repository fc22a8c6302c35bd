// What this page shows, by its address: the same that the server looked at when it made it.

import { isEdited, isGone } from "./entry.js";
import { fold, foldText, wordsOf } from "./words.js";

const TRUE = new Set(["true", "1", "yes"]);

// query: {name: [values]}, the parameters that count.
export function chooser(query) {
  const many = (name) => (query[name] ?? []).flatMap((value) => [value, ...value.split(",")]).map((part) => fold(part.trim())).filter(Boolean);
  const any = (name, valuesOf) => {
    const wanted = new Set(many(name));
    return wanted.size === 0 ? null : (entry) => valuesOf(entry).some((value) => value && wanted.has(fold(value)));
  };
  const flag = (name) => {
    if (!query[name]?.[0]) return null;
    const wanted = TRUE.has(query[name][0].toLowerCase());
    return (entry) => Boolean(entry[name]) === wanted;
  };
  const languages = many("language");
  const words = wordsOf((query.q ?? []).join(" "));
  const most = Number(query.min_urgency?.[0] ?? 0);
  const tests = [
    any("source", (entry) => [entry.source_id]),
    any("entity", (entry) => (entry.entities ?? []).flatMap(({ name, text, id }) => [name, text, id])),
    any("place", (entry) => (entry.places ?? []).map(({ name }) => name)),
    any("kind", (entry) => [entry.kind ?? "post"]),
    any("figure", (entry) => (entry.figures ?? []).map(({ kind }) => kind)),
    flag("key_event"),
    flag("breaking"),
    languages.length ? ({ language = "" }) => languages.some((each) => fold(language) === each || fold(language).startsWith(`${each}-`)) : null,
    most ? (entry) => (entry.urgency ?? 10) <= most : null,
    words.length ? (entry) => {
      const said = foldText([entry.headline, entry.summary, entry.body_text].filter(Boolean).join(" "));
      return words.every((word) => said.includes(word));
    } : null,
  ].filter(Boolean);
  const changed = query.show?.[0] === "changed";
  return {
    filtered: tests.length > 0 || changed,
    fits: (entry) => tests.every((test) => test(entry)) && (!changed || isGone(entry) || isEdited(entry) || Boolean(entry.is_correction)),
  };
}
