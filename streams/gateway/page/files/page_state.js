// What the page was served with.

export const served = JSON.parse(document.getElementById("held").textContent);
export const coverage = served.coverage;
export const FIRST = 200;

// Where the stream begins: at the page's own place, so that nothing between the two is missed.
export const begin = served.cursor ? { cursor: served.cursor } : { replay: "latest", limit: FIRST };
