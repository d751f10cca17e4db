/* Presence, on every page of the local app: the app hears that a page is open, and the page hears when its case locks or
   the app has gone. One page of all that are open listens, since a browser opens few connections to one place, and tells
   the others. That the person is there (a key, a press, a turn of the wheel) is said at most once a minute, and nothing
   else of it. A copy of the page that the browser keeps for its Back button is blank, and asks the app anew. */

import { _ } from "./words.js";

const ONCE = 60_000; // milliseconds
const app = new URL("..", import.meta.url); // this page may stand at any address of it
const TRIES = 3; // how often the app may not answer before it is taken to have gone
const open = document.querySelector("meta[name=takeback-case]") !== null;
const others = new BroadcastChannel("takeback");

others.addEventListener("message", ({ data }) => hear(data));

/** @param {string} state  "open", "locking", "closed" or "gone" */
function hear(state) {
  if (state === "gone") gone();
  if (state === "locking") document.dispatchEvent(new Event("takeback:locking"));
  if (state === "closed" && open) {
    document.body.hidden = true;
    location.replace(new URL("case.html", app));
  }
}

/** @param {string} state */
function tell(state) {
  others.postMessage(state);
  hear(state);
}

/** Nothing of a case stays on the screen of an app that has stopped. */
function gone() {
  const [page, heading, words] = ["main", "h1", "p"].map((tag) => document.createElement(tag));
  heading.textContent = _("Takeback has stopped");
  words.textContent = _("What you kept is sealed and safe. Start Takeback again to come back.");
  page.append(heading, words);
  document.querySelectorAll("main, .foot, .top").forEach((one) => one.remove());
  document.body.append(page);
}

function listen() {
  const source = new EventSource(new URL("presence", app));
  let failed = 0;
  source.addEventListener("open", () => (failed = 0));
  source.addEventListener("case", ({ data }) => tell(data));
  source.addEventListener("error", () => {
    failed += 1;
    if (failed < TRIES && source.readyState !== EventSource.CLOSED) return;
    source.close();
    tell("gone");
  });
}

if (navigator.locks) navigator.locks.request("takeback", () => new Promise(listen));
else listen();

/* Some browsers keep such a copy though they were told to store nothing; after Exit or a lock it would still be whole. */
addEventListener("pagehide", () => (document.body.hidden = true));
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

let said = Date.now();

function still() {
  if (!open || Date.now() - said < ONCE) return;
  said = Date.now();
  fetch(new URL("still", app), { method: "POST" }).catch(() => {});
}

for (const act of ["keydown", "pointerdown", "wheel"]) addEventListener(act, still, { passive: true });
