/* Keeping, on the plan in the local app: nothing is stored, and no passphrase is asked for, before the person presses
   "Keep this on this computer". Then the answers go once, to this computer, and are sealed. In an open case they become
   a new version of its answers. The static site has neither this file nor a place to send anything. */

import { button, h, swap } from "./dom.js";
import { _ } from "./words.js";

const SHORTEST = 10; // letters, as in takeback/keeping.py
const AWAY = _("Takeback did not answer, so nothing was kept. Look whether it is still running, then try again.");
const inCase = document.getElementById("kept") !== null;
const interview = /** @type {HTMLElement} */ (document.getElementById("interview"));

/** @typedef {{ answers: Record<string, unknown>, unsure: string[] }} Told */

document.addEventListener("takeback:plan", (event) => {
  const told = /** @type {CustomEvent<Told>} */ (event).detail;
  const bar = interview.querySelector(".actions");
  const kind = bar?.querySelector(".primary") ? "quiet" : "primary";
  if (inCase) bar?.append(button(kind, _("Keep these"), () => keepAnswers(told)));
  else bar?.append(button(kind, _("Keep this here"), () => showKeep(told)));
});

/** Answers as a GIVEN has them. @param {Told} told */
const given = ({ answers, unsure }) => ({ ...answers, ...Object.fromEntries(unsure.map((fact) => [fact, "unknown"])) });

/** @param {string} to @param {object} body @param {HTMLElement} error */
async function send(to, body, error) {
  try {
    const answer = await fetch(to, { method: "POST", body: JSON.stringify(body) });
    if (answer.ok) return location.replace((await answer.json()).case);
    error.textContent = await answer.text();
  } catch {
    error.textContent = AWAY;
  }
  error.hidden = false;
}

/** @param {Told} told */
function keepAnswers(told) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  interview.querySelector(".actions")?.before(error);
  send("case/answers", { given: given(told) }, error);
}

/** The small page that asks for a passphrase, in place of the plan; Back shows the plan again. @param {Told} told */
function showKeep(told) {
  const first = secret("passphrase");
  const second = secret("again");
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const press = h("button", { class: "primary", form: "keep" }, _("Keep it"));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    error.textContent = wrong(first.value, second.value);
    error.hidden = !error.textContent;
    if (error.textContent) return;
    press.disabled = true;
    await send("case/keep", { passphrase: first.value, given: given(told) }, error);
    press.disabled = false;
  };
  const back = button("back", _("Back"), () => {
    page.remove();
    interview.hidden = false;
  });
  const form = h(
    "form",
    { id: "keep", autocomplete: "off", novalidate: true, onsubmit: submit },
    h("label", { for: "passphrase" }, _("A passphrase"), " ", h("span", { class: "soft" }, _("(four or five words that only you would put together)"))),
    first,
    h("label", { for: "again" }, _("The same again")),
    second,
    error,
  );
  const page = h("main", { id: "keeping" });
  interview.hidden = true;
  interview.after(page);
  swap(
    page,
    h("h1", {}, _("Keep this on this computer")),
    h("p", {}, _("Your answers become a case that is sealed on this computer, and only your passphrase opens it. You can then add files, addresses and words, and take out reports and a package.")),
    form,
    h("p", { class: "soft" }, _("If you forget it, nobody can open the case. If the browser offers to save it, say no. Someone who watches this screen or keyboard can still see what you do.")),
    h("div", { class: "actions" }, press, back),
  );
  scrollTo(0, 0);
}

/** @param {string} id */
const secret = (id) => h("input", { id, type: "password", autocomplete: "off" });

/** What is wrong with a passphrase, in a sentence, or nothing. @param {string} one @param {string} two */
function wrong(one, two) {
  if (one.trim().length < SHORTEST) return _("It needs at least {n} letters.", { n: SHORTEST });
  return one === two ? "" : _("The two are not the same. Type both again.");
}
