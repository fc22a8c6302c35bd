// Makes the desk live: what the server renders is fetched again when an alert comes, and put in its place.

const byId = (id) => document.getElementById(id);
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const WORDS = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting", offline: "Offline" };
const ALERT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST_URGENT = 2;

// -- times in the reader's own zone

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.getAttribute("datetime"));
    const short = time.dataset.form === "clock" && at.toDateString() === new Date().toDateString();
    time.textContent = (short ? clockFormat : dayFormat).format(at);
    time.title = fullFormat.format(at);
  }
}

// -- the page anew

// What has come and is not on the page yet, by alert.
let arrived = new Map();

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  take(await answer.text());
}

function take(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  localise(page);
  const list = byId("alerts");
  const fresh = page.getElementById("alerts");
  if (!list || !fresh) return;
  const known = new Map([...list.children].map((row) => [row.id, row]));
  let at = list.firstElementChild;
  for (const row of [...fresh.children]) {
    const before = known.get(row.id);
    known.delete(row.id);
    // A row that says the same stays, with what is open, chosen or focused in it.
    const same = before?.dataset.said === row.innerHTML + row.className;
    const wanted = same ? before : document.importNode(row, true);
    wanted.dataset.said = row.innerHTML + row.className;
    if (!same && arrived.has(row.id)) wanted.classList.add("new");
    if (before && !same) {
      const held = before.contains(document.activeElement);
      if (before === at) at = at.nextElementSibling;
      before.remove();
      list.insertBefore(wanted, at);
      if (held) wanted.querySelector("button")?.focus();
    } else if (wanted !== at) list.insertBefore(wanted, at);
    else at = at.nextElementSibling;
  }
  for (const gone of known.values()) gone.remove();
  swap(".empty", page);
  swap("#mutes", page);
}

function swap(selector, page) {
  const old = document.querySelector(`main ${selector}`);
  const made = page.querySelector(`main ${selector}`);
  if (old && made) old.replaceWith(made);
  else if (old) old.remove();
  else if (made) byId("main").append(made);
}

let waiting = null;
function soon() {
  waiting ??= setTimeout(async () => {
    waiting = null;
    try {
      await refresh();
    } catch {
      setTimeout(soon, 3000);
    }
    tell();
  }, 120);
}

// -- sound, only on request: a browser plays nothing before somebody has asked for it

let audio = null;
const sound = byId("sound");

function ring(urgent) {
  if (!audio) return;
  for (const [at, pitch] of urgent ? [[0, 880], [0.18, 880], [0.36, 1175]] : [[0, 660], [0.2, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    const begin = audio.currentTime + at;
    volume.gain.setValueAtTime(0.0001, begin);
    volume.gain.exponentialRampToValueAtTime(0.25, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.16);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.17);
  }
}

sound?.addEventListener("click", () => {
  if (audio) {
    audio.close();
    audio = null;
  } else {
    audio = new AudioContext();
    ring(false);
  }
  sound.setAttribute("aria-pressed", String(audio !== null));
});

// -- alerts as they come

function show(state) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = WORDS[state] ?? state;
}

// Once it is on the page, which knows what is muted. Of what is muted only the first word is kept back: a later revision
// that is told is a withdrawal, a correction or a rise.
function tell() {
  const loud = [...arrived.values()].filter((alert) =>
    alert.notify && !(alert.change === "raised" && byId(alert.alert_id)?.matches(".muted")));
  arrived = new Map();
  if (!loud.length) return;
  byId("announce").textContent = `Alert: ${loud.map((alert) => alert.title).join("; ")}`;
  ring(loud.some((alert) => alert.urgency <= MOST_URGENT));
}

function come(alert) {
  const before = arrived.get(alert.alert_id);
  arrived.set(alert.alert_id, { ...alert, notify: alert.notify || before?.notify });
  soon();
}

function follow(cursor) {
  const coverage = new URLSearchParams(location.search).get("coverage");
  const query = new URLSearchParams({ lastEventID: cursor, ...(coverage ? { coverage } : {}) });
  const source = new EventSource(`/v1/alerts/stream?${query}`);
  source.addEventListener("alert", (event) => come(JSON.parse(event.data)));
  source.addEventListener("incomplete", soon);
  source.addEventListener("live", () => show("live"));
  source.addEventListener("expired", () => {
    source.close();
    show("offline");
    byId("state-text").textContent = "Signed out";
  });
  source.addEventListener("error", () => show(source.readyState === EventSource.CLOSED ? "offline" : "reconnecting"));
}

// -- forms without leaving the page

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !byId("alerts")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error(answer.statusText);
    await refresh();
    byId("announce").textContent = "Done.";
  } catch {
    byId("announce").textContent = "That could not be done; try again.";
    if (button) button.disabled = false;
  }
});

// An alert's link leads to its place on this page; one that is older has a page of its own.
const linked = location.hash.slice(1);
if (byId("alerts") && ALERT_ID.test(linked) && !byId(linked)) location.replace(`/desk/alerts/${linked}`);

localise(document);
for (const row of byId("alerts")?.children ?? []) row.dataset.said = row.innerHTML + row.className;
const cursor = byId("main").dataset.cursor;
if (cursor) {
  sound.hidden = false;
  byId("state").hidden = false;
  follow(cursor);
  // What other editors acknowledge or mute is no alert: it is looked up now and then, and when one comes back.
  setInterval(() => document.hidden || soon(), 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || soon());
}
