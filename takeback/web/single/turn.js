/* The pages of the one file: one in sight, the others hidden, swapped in place. The address never changes, so that no
   history holds where somebody was. Without scripts, :target does the same (turn.css).

   As soon as the worker runs, the page gives up its right to start scripts: from then on the worker alone may compile
   WebAssembly. Not before: a blob's worker takes its rules from the page while it is being started. */

import { swap } from "./dom.js";
import { startHashing } from "./hashing.js";

const leaves = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".leaf")]);
const mount = /** @type {HTMLElement} */ (document.getElementById("interview"));

/** @param {string} id */
function turnTo(id) {
  const leaf = leaves.find((each) => each.id === id);
  if (!leaf) return;
  for (const each of leaves) each.hidden = each !== leaf;
  scrollTo(0, 0);
  const main = leaf.firstElementChild;
  if (main) swap(main, ...main.childNodes);
}

/** A click on one of our pages, before anything else hears of it. @param {MouseEvent} event */
function turn(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const address = link?.getAttribute("href") ?? "";
  if (link?.hasAttribute("data-go-on")) mount.dataset.starts = link.dataset.starts ?? "{}";
  else if (address.startsWith("#at-")) {
    event.preventDefault();
    turnTo(address.slice(1));
  }
}

document.documentElement.classList.add("turned");
document.addEventListener("click", turn, true);
turnTo(leaves.some((each) => `#${each.id}` === location.hash) ? location.hash.slice(1) : "at-index");

startHashing().begun.then(() => {
  const rules = document.createElement("meta");
  rules.httpEquiv = "Content-Security-Policy";
  rules.content = "script-src 'none'; worker-src 'none'";
  document.head.append(rules);
});
