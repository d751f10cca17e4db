/* The picture, beside the plan: whoever has come that far can make its hash without leaving the page, and so without
   losing their answers. What was answered counts for every file. The worker is fetched when the questions begin, so
   that nothing is asked for once a picture is chosen. */

import { h } from "./dom.js";
import { mountHasher } from "./hash.js";
import { startHashing } from "./hashing.js";
import { refusal, strictest } from "./permit.js";
import { _ } from "./words.js";

/** The most harmless thing that could be said of a file. */
const HARMLESS = { under18_real: "no", under18_look: "no", intimate: "no", indecent: "no" };

const mount = document.getElementById("interview");
if (mount && !mount.hidden) startHashing();
for (const entry of document.querySelectorAll("[data-go-on]")) entry.addEventListener("click", startHashing);

document.addEventListener("takeback:plan", (event) => {
  const { settled } = /** @type {CustomEvent<{ settled: Record<string, unknown> }>} */ (event).detail;
  if (refusal(strictest(settled, HARMLESS)) === "child") return; // whatever is said of the file: then nothing is offered
  const place = h("div");
  const open = () => place.hasChildNodes() || mountHasher(place, { answers: settled });
  const fold = h("details", { class: "fold", ontoggle: open }, h("summary", {}, _("Make the hash of a picture")), place);
  mount?.querySelector(".actions")?.before(fold);
});
