/* How far a package is: a download leaves its page as it is, so the page asks Takeback, on this computer, and says it:
   bytes packed of all bytes, with a press that stops it. Without this script the browser alone shows that it loads. */

import { filled, grid } from "./grid.js";
import { _ } from "./words.js";

const TURN = 400;
/** Turns in which Takeback may still be busy with the press itself, before there is anything to tell. */
const PATIENCE = 5;

/** @param {number} bytes */
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** @param {HTMLElement} place */
function follow(place) {
  const said = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
  const asked = said.textContent;

  /** @param {number} done @param {number} total */
  const draw = (done, total) => {
    const next = grid(filled(Math.round((256 * done) / total)), _("How far it is"));
    const before = place.querySelector("svg");
    if (before) before.replaceWith(next);
    else place.prepend(next);
    const part = Math.floor((100 * done) / total);
    said.textContent = _("Packed: {part} % ({done} of {total})", { part, done: size(done), total: size(total) });
  };

  let waits = PATIENCE;
  const turn = async () => {
    const now = await fetch(place.dataset.making ?? "").then((answer) => answer.json()).catch(() => null);
    if (now?.total) draw(now.done, now.total);
    waits = now?.going ? 0 : waits - 1;
    if (!now?.going && waits <= 0) {
      place.querySelector("svg")?.remove();
      place.hidden = true;
      said.textContent = asked;
      return;
    }
    setTimeout(turn, TURN);
  };
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
  setTimeout(turn, TURN);
}

for (const form of document.querySelectorAll("form[data-download]")) {
  const place = /** @type {HTMLElement | null} */ (form.querySelector("[data-making]"));
  if (place) form.addEventListener("submit", () => follow(place));
}

for (const press of document.querySelectorAll("button[data-stop]")) {
  if (!(press instanceof HTMLElement)) continue;
  press.addEventListener("click", () => fetch(press.dataset.stop ?? "", { method: "POST" }).catch(() => {}));
}
