// Elements from values: text is always text, and HTML is rebuilt from a short list of what may be in it.

import { clock, full } from "./words.js";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function webAddress(value) {
  try {
    const url = new URL(value);
    return url.protocol === "https:" || url.protocol === "http:" ? value.trim() : null;
  } catch {
    return null;
  }
}

const LINK = { rel: "noopener noreferrer nofollow", target: "_blank" };

export function link(href, text) {
  const address = webAddress(href);
  return address ? element("a", { href: address, ...LINK }, text) : text;
}

export function timeOf(time) {
  return element("time", { datetime: new Date(time).toISOString(), title: full(time) }, clock(time));
}

// What was served has its times in UTC; the reader's own clock takes their place.
export function localise(root) {
  for (const each of root.querySelectorAll("time[datetime]")) {
    each.textContent = clock(each.dateTime);
    each.title = full(each.dateTime);
  }
}

const KEPT = {
  P: "p", BR: "br", STRONG: "strong", B: "strong", EM: "em", I: "em", UL: "ul", OL: "ol", LI: "li",
  BLOCKQUOTE: "blockquote", H1: "h4", H2: "h4", H3: "h4", H4: "h4", H5: "h4", H6: "h4", CODE: "code", SUB: "sub", SUP: "sup",
};
const LEFT_OUT = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "NOSCRIPT", "HEAD", "TITLE", "FIGURE"]);
const DEEPEST = 40;

// The worker sanitises already; this page trusts nobody and copies what it knows into elements of its own.
export function bodyOf(entry) {
  const body = element("div", { class: "body" });
  if (entry.body_html) copy(new DOMParser().parseFromString(entry.body_html, "text/html").body, body, 0);
  if (!body.textContent.trim() && entry.body_text) {
    body.replaceChildren(...entry.body_text.split(/\n{2,}/).map((paragraph) => element("p", {}, paragraph)));
  }
  return body.textContent.trim() ? body : null;
}

function copy(from, to, depth) {
  if (depth > DEEPEST) return;
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && !LEFT_OUT.has(node.nodeName)) {
      const address = node.nodeName === "A" ? webAddress(node.getAttribute("href") ?? "") : null;
      const inner = document.createDocumentFragment();
      copy(node, inner, depth + 1);
      // A link whose picture was left out leads somewhere, but nobody could see or name it.
      if (address && inner.textContent.trim()) to.append(element("a", { href: address, ...LINK }, inner));
      else if (KEPT[node.nodeName]) to.append(element(KEPT[node.nodeName], {}, inner));
      else to.append(inner);
    }
  }
}
