// Where the reader is: a permalink leads to its update, back and forward to what was read.

const SETTLE_MS = 150;

// Scroll to the update that a fragment names, and load it if it is not on the page.
export async function goTo(hash, bring) {
  const id = /^#e-([\w-]+)$/.exec(hash)?.[1];
  if (!id) return;
  let node = document.getElementById(`e-${id}`);
  if (!node) {
    const found = await bring(id).catch(() => null);
    if (found && found !== id && !document.getElementById(`e-${found}`)) await bring(found).catch(() => null);
    node = document.getElementById(`e-${found}`);
  }
  if (!node) {
    document.getElementById("announce").textContent = "That update is not here any more.";
    return;
  }
  node.scrollIntoView({ block: "start", behavior: "instant" });
  // Rows that were never drawn have an estimated height; once they are drawn the place is exact.
  requestAnimationFrame(() => requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: "instant" })));
  for (const each of document.querySelectorAll(".target")) each.classList.remove("target");
  node.classList.add("target");
  node.querySelector(".clock a").focus({ preventScroll: true });
}

// Keeps the place in the history's own entry, and restores it when the reader comes back.
export async function keepPlace({ bring, loadEarlier, size, more }) {
  const kind = performance.getEntriesByType("navigation")[0]?.type;
  const kept = history.state?.liveline;
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const rows = [...document.querySelectorAll("#list > li.entry")];
      const row = rows.find((each) => each.getBoundingClientRect().bottom > 0);
      const place = scrollY > 0 && row ? { id: row.id, top: row.getBoundingClientRect().top, size: rows.length } : null;
      history.replaceState({ ...history.state, liveline: place }, "");
    }, SETTLE_MS);
  };
  if (kept && (kind === "back_forward" || kind === "reload")) {
    history.scrollRestoration = "manual";
    try {
      if (more() && size() < kept.size) await loadEarlier(kept.size - size());
    } catch {
      // It is offline: what is here is shown from its beginning.
    }
    const row = document.getElementById(kept.id);
    const back = () => row && scrollBy({ top: row.getBoundingClientRect().top - kept.top, behavior: "instant" });
    back();
    requestAnimationFrame(() => requestAnimationFrame(back));
  } else if (location.hash) {
    await goTo(location.hash, bring);
  }
  addEventListener("scroll", keep, { passive: true });
}
