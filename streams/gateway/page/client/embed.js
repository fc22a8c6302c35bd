// One line in another site's page: <script async src="https://live.example/embed.js" data-coverage="harbour-fire"></script>
// puts a <liveline-feed> where it stands; with data-frame, an iframe. Iframes of this gateway are given their height.
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const { coverage, frame, ...options } = script.dataset;
  const ours = () => [...document.querySelectorAll("iframe")].filter((each) => each.src.startsWith(`${base}/coverages/`));

  function theme(each) {
    const style = getComputedStyle(each);
    const names = ["paper", "card", "ink", "soft", "line", "red", "blue", "amber", "green", "serif", "sans"];
    const set = names.map((name) => [`--${name}`, style.getPropertyValue(`--liveline-${name}`).trim()]).filter(([, value]) => value);
    if (set.length) each.contentWindow.postMessage({ liveline: "theme", variables: Object.fromEntries(set) }, base);
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== base || data?.liveline !== "height" || !Number.isFinite(data.height)) return;
    const each = ours().find((found) => found.contentWindow === source);
    if (!each) return;
    each.style.height = `${Math.max(0, Math.min(data.height, 100_000))}px`;
    if (!each.dataset.livelineThemed) {
      each.dataset.livelineThemed = "true";
      theme(each);
    }
  });

  if (!coverage) return;
  let made;
  if (frame !== undefined) {
    made = document.createElement("iframe");
    made.src = `${base}/coverages/${encodeURIComponent(coverage)}/embed`;
    made.title = options.title ?? "Live updates";
    made.style.cssText = "display: block; width: 100%; min-height: 12rem; border: 0";
  } else {
    import(`${base}/page/feed_element.js`);
    made = document.createElement("liveline-feed");
    made.setAttribute("coverage", coverage);
    for (const [name, value] of Object.entries(options)) made.setAttribute(name, value);
  }
  // Where nothing is shown, as in a page's head, it goes to the body's end.
  if (!script.closest("head")) script.after(made);
  else if (document.body) document.body.append(made);
  else addEventListener("DOMContentLoaded", () => document.body.append(made));
})();
