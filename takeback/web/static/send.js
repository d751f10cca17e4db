/* The page of a notice: each part is one press away from the clipboard, and times start from the person's own clock and
   zone. Without scripts the parts are selected by hand, and the zone is the one that stands there. */

import { _ } from "./words.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const now = new Date();
const wall = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

if (zone) {
  for (const field of document.querySelectorAll("input[data-zone]")) /** @type {HTMLInputElement} */ (field).value = zone;
  for (const field of document.querySelectorAll("input[data-now]")) /** @type {HTMLInputElement} */ (field).value = wall;
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  const part = document.getElementById(button.dataset.copies ?? "");
  const said = button.parentElement?.querySelector("[role=status]");
  if (!part || !said) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = await navigator.clipboard.writeText(part.textContent ?? "").then(
      () => _("Copied."),
      () => _("It could not be copied. Select it and copy it by hand."),
    );
  });
}
