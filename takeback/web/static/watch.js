/* How far a round of looking is: the grid fills, and the page comes anew when it is over. Without this script the page
   has a link that does the same. Only this computer is asked. */

import { filled, grid } from "./grid.js";
import { _ } from "./words.js";

const TURN = 700;
const place = document.getElementById("looking");
const said = place?.querySelector("[role=status]");

/** @param {number} done @param {number} total */
function draw(done, total) {
  const drawn = grid(filled(total ? Math.round((256 * done) / total) : 0), _("How far it is"));
  const before = place?.querySelector("svg");
  if (before) before.replaceWith(drawn);
  else place?.prepend(drawn);
  if (said && said.textContent !== words(done, total)) said.textContent = words(done, total);
}

/** @param {number} done @param {number} total */
const words = (done, total) => _("Looking: {done} of {total}", { done, total });

async function turn() {
  try {
    const answer = await fetch(place?.dataset.progress ?? "looking");
    const now = answer.ok ? await answer.json() : { ended: true };
    if (now.ended) return location.reload();
    draw(now.done, now.total);
    setTimeout(turn, TURN);
  } catch {
    setTimeout(turn, 5 * TURN); // Takeback is gone, or this page is: the next turn tells
  }
}

if (place) turn();
