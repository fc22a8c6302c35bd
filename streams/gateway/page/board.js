// What is known: the newest revision of each entry, and the one before it where this page has seen it.

export class Board {
  #entries = new Map();
  #unconfirmed = null;

  // The state that follows replaces what is here: what it does not hold is gone when it ends.
  replace() {
    this.#unconfirmed = new Set(this.#entries.keys());
  }

  replaced() {
    for (const id of this.#unconfirmed ?? []) this.#entries.delete(id);
    this.#unconfirmed = null;
  }

  // Returns what became of the entry: "added", "changed", "hidden", or null when it is old news.
  take(entry) {
    const known = this.#entries.get(entry.entry_id);
    this.#unconfirmed?.delete(entry.entry_id);
    if (known && known.entry.revision >= entry.revision) return null;
    this.#entries.set(entry.entry_id, { entry, before: known?.entry ?? null });
    if (entry.duplicate_of) return known ? "hidden" : null;
    return known && !known.entry.duplicate_of ? "changed" : "added";
  }

  get size() {
    return this.#entries.size;
  }

  // Newest first; the ones that another source reported first are told there.
  shown() {
    return [...this.#entries.values()].filter(({ entry }) => !entry.duplicate_of).sort((a, b) => newerFirst(a.entry, b.entry));
  }
}

export function momentOf(entry) {
  return entry.first_published_at ?? entry.published_at ?? entry.received_at;
}

export function newerFirst(a, b) {
  if (Boolean(a.pinned) !== Boolean(b.pinned)) return a.pinned ? -1 : 1;
  const difference = Date.parse(momentOf(b)) - Date.parse(momentOf(a));
  return difference || (a.entry_id < b.entry_id ? 1 : -1);
}
