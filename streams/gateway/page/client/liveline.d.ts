/** Liveline's client. The Entry's fields are those of `liveline schema export` (entry.json). */

export interface Entry {
  entry_id: string;
  revision: number;
  change: "created" | "updated" | "corroborated" | "retracted" | "restored";
  changed_fields?: string[];
  status: "usable" | "withheld" | "canceled";
  coverage_id: string;
  source_id: string;
  received_at: string;
  processed_at: string;
  published_at?: string;
  updated_at?: string;
  first_published_at?: string;
  headline?: string;
  body_text?: string;
  body_html?: string;
  duplicate_of?: string;
  [field: string]: unknown;
}

export interface Filter {
  source?: string | string[];
  language?: string | string[];
  min_urgency?: number;
  entity?: string | string[];
  place?: string | string[];
  key_event?: boolean;
  breaking?: boolean;
  kind?: string | string[];
  q?: string;
  duplicates?: "collapse" | "include";
}

export interface Options {
  /** One coverage or several; all that may be read without it. */
  coverage?: string | string[];
  filter?: Filter;
  /** `sse` if it is left out. */
  transport?: "sse" | "websocket";
  /** A subscriber's token, or what fetches one: it is asked again when the last has expired. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** Go on after this cursor. */
  cursor?: string;
  /** Begin at a time (RFC 3339). */
  since?: string;
  /** Begin with the newest revision of each entry, of the newest `limit` entries if that is given. */
  replay?: "latest";
  limit?: number;
  /** Alerts too, for a token with the right to them. */
  alerts?: boolean;
}

export type State = "connecting" | "live" | "reconnecting" | "offline" | "expired" | "refused" | "closed";

export interface Told {
  /** It happened while the feed was live; false while it catches up. */
  live: boolean;
  /** It fits no more: the event `entry-left`. */
  left: boolean;
  cursor?: string;
}

export interface Heard {
  entry?(entry: Entry, told: Told): void;
  /** The state that follows replaces what is held; it ends with `live({replaced: true})`. */
  incomplete?(reason: string): void;
  live?(how: { replaced: boolean; cursor: string }): void;
  state?(state: State): void;
  alert?(alert: Record<string, unknown>): void;
  /** The gateway gave a sign of life, every 15 s at least. */
  beat?(): void;
  /** The token has expired and there is no other: the feed has ended. */
  expired?(): void;
  /** The gateway refused (RFC 9457): the feed has ended. */
  refused?(status: number, detail: string): void;
}

export interface Feed {
  readonly cursor: string;
  readonly state: State;
  /** Fulfilled when the feed has ended. */
  readonly ended: Promise<void>;
  close(): void;
  reconnect(): void;
}

/** Follow what a gateway publishes, until `close()`. */
export function follow(base: string | URL, options?: Options, heard?: Heard): Feed;

/** The newest revision of each entry that fits. */
export class Entries {
  readonly size: number;
  get(id: string): Entry | undefined;
  values(): IterableIterator<Entry>;
  take(entry: Entry, told?: { left?: boolean }): "added" | "changed" | "removed" | null;
  incomplete(): void;
  live(how?: { replaced?: boolean }): string[];
}
