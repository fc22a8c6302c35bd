// Words for people: clocks, days, sources, and what differs between two texts.

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

export const clock = (time) => clockFormat.format(new Date(time));
export const day = (time) => dayFormat.format(new Date(time));
export const full = (time) => fullFormat.format(new Date(time));

// "evening-post" is the only name a source has.
export function nameOf(id) {
  return id.split(/[-_.]+/).filter(Boolean).map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
}

export function count(number, one, many) {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

const FIELDS = {
  body_text: "text", body_html: "text", authors: "byline", media: "pictures", key_event: "key moment", url: "address",
  published_at: "time", subjects: "topics",
};

export function fieldNames(fields) {
  return [...new Set((fields ?? []).map((field) => FIELDS[field] ?? field.replaceAll("_", " ")))].join(", ");
}

const MINUTE_MS = 60_000;
const relativeFormat = new Intl.RelativeTimeFormat(undefined, { style: "narrow", numeric: "auto" });

// How long ago, of what is less than a day old: "5m ago"; the clock is enough for the rest.
export function ago(time, now = Date.now()) {
  const minutes = Math.floor((now - Date.parse(time)) / MINUTE_MS);
  if (minutes < 0 || minutes >= 24 * 60) return "";
  return minutes < 60 ? relativeFormat.format(-minutes, "minute") : relativeFormat.format(-Math.floor(minutes / 60), "hour");
}

const LONGEST = 1200;

// The words of both texts in order: [[-1 | 0 | 1, text], ...]; the longest common subsequence between equal ends.
export function difference(before, after) {
  const a = before.match(/\S+\s*/g) ?? [];
  const b = after.match(/\S+\s*/g) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const x = a.slice(start, a.length - end);
  const y = b.slice(start, b.length - end);
  const parts = [[0, a.slice(0, start).join("")]];
  if (x.length > LONGEST || y.length > LONGEST) parts.push([-1, x.join("")], [1, y.join("")]);
  else parts.push(...middle(x, y));
  parts.push([0, end ? a.slice(-end).join("") : ""]);
  return parts.filter(([, text]) => text);
}

function middle(x, y) {
  const width = y.length + 1;
  const lengths = new Uint16Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      lengths[i * width + j] = x[i] === y[j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const parts = [];
  const add = (sign, text) => {
    if (parts.at(-1)?.[0] === sign) parts.at(-1)[1] += text;
    else parts.push([sign, text]);
  };
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { add(0, x[i++]); j++; }
    else if (j >= y.length || (i < x.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) add(-1, x[i++]);
    else add(1, y[j++]);
  }
  return parts;
}

export const fold = (text) => text.toLowerCase();

// As the gateway folds what a search compares (streams/archive/folding.py): without case, accents and width.
const OTHER_LETTERS = { ß: "ss", ς: "σ", ø: "o", ł: "l", đ: "d", ı: "i", æ: "ae", œ: "oe", ð: "d", þ: "th" };

export const foldText = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[ßςøłđıæœðþ]/g, (letter) => OTHER_LETTERS[letter]);

export function wordsOf(text) {
  return foldText(text).match(/[\p{L}\p{N}_]+/gu) ?? [];
}
