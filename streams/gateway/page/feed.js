// The stream with its cursor: EventSource resumes by itself; what it gives up on is opened again here.

const LONGEST_WAIT = 30_000;

export class Feed {
  #url;
  #heard;
  #source = null;
  #cursor = "";
  #failures = 0;
  #timer = 0;

  // heard: {entry(entry, live), incomplete(reason), state(name)}
  constructor(url, heard) {
    this.#url = url;
    this.#heard = heard;
    addEventListener("online", () => this.open());
    addEventListener("offline", () => heard.state("offline"));
    // A browser may have frozen the page; what is open is kept, what is closed is opened.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#source?.readyState === EventSource.CLOSED) this.open();
    });
  }

  open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const url = new URL(this.#url, location.href);
    if (this.#cursor) url.searchParams.set("lastEventID", this.#cursor);
    let live = false;
    const source = new EventSource(url);
    this.#source = source;
    // What an entry was before made it come: the board sees by itself what it is now.
    for (const name of ["entry", "entry-left"]) {
      source.addEventListener(name, (event) => {
        this.#keep(event);
        this.#heard.entry(JSON.parse(event.data), live);
      });
    }
    source.addEventListener("incomplete", (event) => this.#heard.incomplete(JSON.parse(event.data).reason));
    source.addEventListener("live", (event) => {
      this.#keep(event);
      this.#failures = 0;
      live = true;
      this.#heard.state("live");
    });
    source.onerror = () => {
      this.#heard.state(navigator.onLine ? "reconnecting" : "offline");
      // What comes until it is live again was missed, and is not announced one by one.
      live = false;
      if (source.readyState !== EventSource.CLOSED) return;
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.#failures++);
      this.#timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
    };
  }

  #keep(event) {
    if (event.lastEventId) this.#cursor = event.lastEventId;
  }
}
