/* A form that is sent before the page's modules are there would go the plain way, and an error would cost what was typed.
   So a press that comes too early waits: the modules run before DOMContentLoaded, and then it is made again. Where one
   of them never came, the form goes the plain way after all. A plain script and not a module, so that it listens first. */
"use strict";

/** The last press that came too early. @type {SubmitEvent | null} */
let early = null;

/** @param {SubmitEvent} event */
function wait(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  early = event;
}

addEventListener("submit", wait, true);
addEventListener("DOMContentLoaded", () => {
  removeEventListener("submit", wait, true);
  if (early) /** @type {HTMLFormElement} */ (early.target).requestSubmit(early.submitter);
});
