/* Leaving in one move: the Exit button, or Escape twice. Nothing of ours stays behind the Back button, because our own
   links replace each other in this tab's history instead of growing it. What cannot be cleared, exit.html says.
   A plain script and not a module, so that it listens before there is anything to press. */
"use strict";

const TWICE = 1500; // milliseconds between two presses of Escape
const PATIENCE = 400; // milliseconds that the local app gets to forget what is open

/** Blank the page at once, let go of what the browser kept for us, and put another page in this one's place. */
function leave() {
  const link = /** @type {HTMLAnchorElement} */ (document.getElementById("exit"));
  document.body.hidden = true;
  document.title = "\u200b";
  try {
    sessionStorage.clear();
    localStorage.clear();
  } catch {
    // A browser that keeps nothing for us has nothing to clear.
  }
  endSession(link.dataset.exit).finally(() => location.replace(link.href));
}

/** Tell the local app, where this is one, to lock up and to have the browser drop what it kept.
 * @param {string | undefined} address */
function endSession(address) {
  if (!address) return Promise.resolve();
  const told = fetch(address, { method: "POST", keepalive: true }).catch(() => null);
  return Promise.race([told, new Promise((enough) => setTimeout(enough, PATIENCE))]);
}

/** Whether a click asks for one of our own pages in this tab, and nothing else. @param {MouseEvent} event */
function ourPage(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const ours = link && link.origin === location.origin && !link.target && !link.hasAttribute("download") && link.protocol !== "file:";
  return plain && ours ? link : null;
}

let escaped = -TWICE;

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - escaped < TWICE) leave();
  escaped = event.timeStamp;
});

addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-exit]") : null;
  if (target) {
    event.preventDefault();
    leave();
    return;
  }
  const link = ourPage(event);
  if (link) {
    event.preventDefault();
    location.replace(link.href);
  }
});
