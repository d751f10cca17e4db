/* The pages of a kept case: a form says in place what went wrong, so that nothing typed is lost; a file is sealed as it
   is sent; a report is copied. A file leaves this page only when the person presses "Keep this file", and only to this
   computer. Without scripts every form but that one works as it is. */

import { button, h } from "./dom.js";
import { filled, grid } from "./grid.js";
import { refusal } from "./permit.js";
import { _ } from "./words.js";

const AWAY = _("Takeback did not answer, so this was not kept. Look whether it is still running, then try again.");

const NOTICEABLE = 400; // milliseconds after which somebody wonders whether the press was seen

/** @typedef {Record<string, string>} Answers */

/** @param {ParentNode} place @param {string} words */
function complain(place, words) {
  const error = /** @type {HTMLElement} */ (place.querySelector("[role=alert]"));
  error.hidden = !words;
  error.textContent = words;
  if (words) error.scrollIntoView({ block: "center" }); // a long form's press can be far from it
}

// ---------------------------------------------------------------- forms

/** @param {HTMLFormElement} form @param {HTMLElement | null} [pressed] */
function post(form, pressed) {
  const fields = new FormData(form, /** @type {HTMLButtonElement | null} */ (pressed ?? null));
  const body = new URLSearchParams(/** @type {any} */ (fields));
  return fetch(form.action, { method: "POST", body, headers: { Accept: "text/plain" } });
}

/** Send a form; go where the answer leads, or say what went wrong and leave everything as it was typed.
 * @param {HTMLFormElement} form @param {HTMLElement | null} pressed */
async function sendForm(form, pressed) {
  const id = form.getAttribute("id") || "none"; // form.id would be a field of that name, where there is one
  const press = document.querySelectorAll(`button[form="${id}"], #${id} button`);
  const wait = h("p", { class: "soft", role: "status" });
  const slow = setTimeout(() => (wait.textContent = _("A moment, please")), NOTICEABLE);
  complain(form, "");
  form.querySelector("[role=alert]")?.before(wait);
  press.forEach((one) => one.toggleAttribute("disabled", true));
  try {
    const answer = await post(form, pressed);
    if (answer.ok) return location.replace(answer.url);
    complain(form, await answer.text());
  } catch {
    complain(form, AWAY);
  } finally {
    clearTimeout(slow);
    wait.remove();
    press.forEach((one) => one.toggleAttribute("disabled", false));
  }
}

for (const form of document.querySelectorAll("form[method=post]:not(#keep-file, [data-download], [data-page])")) {
  form.addEventListener("submit", (event) => {
    if (!form.querySelector("[role=alert]")) return; // a form of one button goes its own way
    event.preventDefault();
    sendForm(/** @type {HTMLFormElement} */ (form), /** @type {SubmitEvent} */ (event).submitter);
  });
}

/* A minute before the case locks, words that are being written are kept. */
for (const form of document.querySelectorAll("form[data-autokeep]")) {
  let touched = false;
  form.addEventListener("input", () => (touched = true));
  document.addEventListener("takeback:locking", () => {
    if (touched) post(/** @type {HTMLFormElement} */ (form)).then((answer) => (touched = !answer.ok), () => {});
  });
}

for (const press of document.querySelectorAll("button[data-print]")) {
  press.toggleAttribute("hidden", false);
  press.addEventListener("click", () => print());
}

for (const copy of document.querySelectorAll("button[data-copy]")) {
  if (!(copy instanceof HTMLButtonElement) || !copy.form || !navigator.clipboard) continue;
  const form = copy.form;
  const said = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  copy.hidden = false;
  copy.addEventListener("click", async (event) => {
    event.preventDefault();
    const text = post(form, copy).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error())));
    said.textContent = await text.then((words) => navigator.clipboard.writeText(words)).then(
      () => _("Copied. Paste it where you want to send it."),
      () => _("It could not be copied. Save it as text instead."),
    );
  });
}

// ---------------------------------------------------------------- a file

/** What the person said of this one file; "not sure" says nothing, and is never a "no". @param {HTMLFormElement} form */
function about(form) {
  const said = new FormData(form);
  /** @type {Answers} */
  const told = {};
  for (const [ask, facts] of [["age", ["under18_real", "under18_look"]], ["bare", ["intimate"]], ["agreement", ["agreement"]]]) {
    const answer = said.get(String(ask));
    for (const fact of facts) if (answer === "yes" || answer === "no") told[fact] = answer;
  }
  return told;
}

/** Why it is not taken, and the people who can take it: in place of the form, with the file let go.
 * @param {HTMLFormElement} form @param {string} because @param {string} words */
function refuse(form, because, words) {
  const known = /** @type {HTMLTemplateElement | null} */ (document.getElementById(`refused-${because}`));
  const panel = h("section", { class: "panel", tabindex: "-1" }, known ? known.content.cloneNode(true) : h("p", {}, words));
  form.replaceWith(panel);
  document.querySelector("button[form=keep-file]")?.replaceWith(h("a", { class: "primary", href: "case-where.html" }, _("Keep where it is")));
  panel.focus();
}

/** Send one file as a stream. @param {string} to @param {File} file @param {Record<string, string>} heads
 * @param {(part: number) => void} step @param {(stop: () => void) => void} started @returns {Promise<void>} */
function send(to, file, heads, step, started) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", to);
    for (const [name, value] of Object.entries(heads)) request.setRequestHeader(name, value);
    request.upload.onprogress = (at) => step(at.total ? at.loaded / at.total : 0);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Error(request.responseText)));
    request.onerror = () => reject(new Error(AWAY));
    request.onabort = () => reject(new Error(_("Stopped. The file was not kept.")));
    request.send(file);
    started(() => request.abort());
  });
}

/** The grid, filling while a file is sealed. @param {HTMLElement} place @param {() => void} stop */
function progress(place, stop) {
  const words = h("p", { role: "status" }, _("Sealing it"));
  const draw = (/** @type {number} */ part) => grid(filled(Math.round(256 * part)), _("Being sealed"));
  let drawn = draw(0);
  place.replaceChildren(drawn, words, button("quiet", _("Stop"), stop));
  place.hidden = false;
  return (/** @type {number} */ part) => {
    const next = draw(part);
    drawn.replaceWith(next);
    drawn = next;
    words.textContent = _("Sealing it: {part} %", { part: Math.floor(100 * part) });
  };
}

/** What stands in a field beside the file. @param {HTMLFormElement} form @param {string} field */
const beside = (form, field) => encodeURIComponent(/** @type {HTMLInputElement} */ (form.querySelector(field)).value.trim());

/** @param {HTMLFormElement} form */
async function keepFile(form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const origin = /** @type {HTMLInputElement} */ (form.querySelector("#origin")).value.trim();
  const bar = /** @type {HTMLElement} */ (form.querySelector(".progress"));
  const file = input.files?.[0];
  complain(form, "");
  if (!file) return complain(form, _("Choose a file first."));
  const told = about(form);
  try {
    const may = await fetch(form.dataset.may ?? "", { method: "POST", body: JSON.stringify(told) });
    if (may.status === 403) return refuse(form, refusal(told) ?? "", await may.text());
    if (!may.ok) return complain(form, await may.text());
    const heads = {
      "Content-Type": file.type || "application/octet-stream",
      "Takeback-Name": encodeURIComponent(file.name),
      "Takeback-Origin": encodeURIComponent(origin),
      "Takeback-Sort": beside(form, "#sort"),
      "Takeback-By": beside(form, "#by"),
      "Takeback-Dated": beside(form, "#dated"),
      "Takeback-Answers": JSON.stringify(told),
    };
    /** @type {(part: number) => void} */
    let step = () => {};
    await send(form.dataset.to ?? "", file, heads, (part) => step(part), (stop) => (step = progress(bar, stop)));
    location.replace("case-file.html");
  } catch (error) {
    bar.hidden = true;
    complain(form, error instanceof Error ? error.message : AWAY);
  }
}

/** Bring a saved case in: the file as a stream, its secret beside it. @param {HTMLFormElement} form */
async function bringCase(form) {
  const file = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]")).files?.[0];
  const secret = /** @type {HTMLInputElement} */ (form.querySelector("#secret")).value;
  const bar = /** @type {HTMLElement} */ (form.querySelector(".progress"));
  const press = document.querySelector("button[form=bring]");
  complain(form, "");
  if (!file) return complain(form, _("Choose a file first."));
  try {
    /** @type {(part: number) => void} */
    let step = () => {};
    press?.toggleAttribute("disabled", true);
    const heads = { "Content-Type": "application/zip", "Takeback-Secret": encodeURIComponent(secret) };
    await send(form.dataset.bring ?? "", file, heads, (part) => step(part), (stop) => (step = progress(bar, stop)));
    location.replace("case.html");
  } catch (error) {
    bar.hidden = true;
    complain(form, error instanceof Error ? error.message : AWAY);
    press?.toggleAttribute("disabled", false);
  }
}

const bringing = document.querySelector("form[data-bring]");
bringing?.addEventListener("submit", (event) => {
  event.preventDefault();
  bringCase(/** @type {HTMLFormElement} */ (bringing));
});
document.querySelector("button[form=bring]")?.removeAttribute("disabled");

const keeping = document.getElementById("keep-file");
keeping?.addEventListener("submit", (event) => {
  event.preventDefault();
  keepFile(/** @type {HTMLFormElement} */ (keeping));
});
// Until this script is there a press would send the answers about the file as a form, so it cannot be pressed before.
document.querySelector("button[form=keep-file]")?.removeAttribute("disabled");
