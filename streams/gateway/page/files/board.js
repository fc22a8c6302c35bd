// What is known: the newest revision of each entry, and the one before it where this page has seen it.

import { day } from "./words.js";

export class Board {
  #entries = new Map();
  #unconfirmed = null;

  // The state that follows replaces what is here: what it does not hold is gone when it ends.
  replace() {
    this.#unconfirmed = new Set(this.#entries.keys());
  }

  // `whole`: the state came to its end; else what was missed is there now, and nothing is gone.
  replaced(whole) {
    if (whole) for (const id of this.#unconfirmed ?? []) this.#entries.delete(id);
    this.#unconfirmed = null;
  }

  // An entry that the page was served with: its text stands on the page, not here.
  seed(entry) {
    this.#entries.set(entry.entry_id, { entry, before: null, served: true, beyond: false, ...placeOf(entry) });
  }

  // Returns what became of the entry: "added", "changed", "hidden", or null when it is old news.
  // `beyond`: it is older than what is listed, and is not shown before the reader comes to it.
  take(entry, beyond = false) {
    const known = this.#entries.get(entry.entry_id);
    this.#unconfirmed?.delete(entry.entry_id);
    if (known && known.entry.revision >= entry.revision) return null;
    const before = known?.entry ?? null;
    this.#entries.set(entry.entry_id, { entry, before, served: false, beyond: known ? known.beyond : beyond, ...placeOf(entry) });
    if (entry.duplicate_of) return known ? "hidden" : null;
    return known && !known.entry.duplicate_of ? "changed" : "added";
  }

  // The reader has come to it: returns whether it was not shown before.
  reveal(id) {
    const known = this.#entries.get(id);
    const hidden = Boolean(known?.beyond);
    if (known) known.beyond = false;
    return hidden;
  }

  revealAll() {
    for (const known of this.#entries.values()) known.beyond = false;
  }

  get(id) {
    return this.#entries.get(id);
  }

  // Newest first; the ones that another source reported first are told there.
  shown(fits) {
    return [...this.#entries.values()]
      .filter(({ entry, served, beyond }) => !entry.duplicate_of && !beyond && (served || fits(entry)))
      .sort((a, b) => b.pinned - a.pinned || b.moment - a.moment || (a.entry.entry_id < b.entry.entry_id ? 1 : -1));
  }
}

// Worked out once: with a thousand updates it is asked for ten thousand times whenever one comes in.
function placeOf(entry) {
  const moment = Date.parse(momentOf(entry));
  return { moment, day: day(moment), pinned: Number(isPinned(entry)) };
}

export function momentOf(entry) {
  return entry.first_published_at ?? entry.published_at ?? entry.received_at;
}

const isPinned = (entry) => Boolean(entry.pinned) && entry.status === "usable";

export function newerFirst(a, b) {
  if (isPinned(a) !== isPinned(b)) return isPinned(a) ? -1 : 1;
  const difference = Date.parse(momentOf(b)) - Date.parse(momentOf(a));
  return difference || (a.entry_id < b.entry_id ? 1 : -1);
}
