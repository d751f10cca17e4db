/* The interview: one question a page, swapped in place at one address, all of it in this page's memory.

   It mounts into <main id="interview" data-packs="packs.json" data-starts='{"fact": "answer"}'>: at once where that is
   shown, else when [data-go-on] is pressed. Nothing is ever put in an address, a request, the history or storage;
   leaving the page forgets everything. Classes it writes: .question .choices .choice .days .actions .primary .quiet
   .back .grid16 .progress .panel .error .soft, and in plan.js .line .point .now .due .done .law .fold .contact .tap. */

/** @import { Answer, Packs, Plan } from "../terms" */

/** @typedef {{ answers: Record<string, Answer>, unsure: string[], asks: string[] }} Kept */

import { button, h, swap } from "./dom.js";
import { settle, triage } from "./engine.js";
import { field, spoken } from "./fields.js";
import { outline } from "./grid.js";
import { json } from "./load.js";
import { dangerPanel, planAsText, planNodes } from "./plan.js";
import { left, nextQuestion } from "./questions.js";
import { _, n_ } from "./words.js";

const DONT_KNOW = _("I don't know");
const KEPT = _("These are the answers in your case. Change any of them; the earlier ones are kept too.");
const mount = /** @type {HTMLElement} */ (document.getElementById("interview"));
// The door that this began on, if any; in the one file, all of them.
const page = document.getElementById("leaves") ?? document.querySelector("main:not(#interview)");
const begunAtOnce = !mount.hidden;
/** The answers of an open case, in the local app: to look through and change. @type {Kept | null} */
const kept = JSON.parse(document.getElementById("kept")?.textContent || "null");

/** @type {Packs} */
let packs;
/** @type {{ answers: Record<string, Answer>, unsure: string[], trail: string[], at: number }} */
let state;

// ---------------------------------------------------------------- beginning and forgetting

async function begin() {
  showMount(true);
  try {
    packs ??= await json(mount.dataset.packs ?? "packs.json");
  } catch {
    const again = button("primary", _("Try again"), begin);
    show(_("The questions did not arrive"), [h("p", {}, _("Check that you are online."))], [again, leaveButton()]);
    return;
  }
  const answers = kept ? { ...kept.answers } : JSON.parse(mount.dataset.starts || "{}");
  state = { answers, unsure: [...(kept?.unsure ?? [])], trail: [], at: -1 };
  if (kept) showAnswers();
  else goOn();
}

/** @param {boolean} shown */
function showMount(shown) {
  mount.hidden = !shown;
  if (page instanceof HTMLElement) page.hidden = shown;
}

/** Nothing stays behind, not even for the Back button's copy of the page. */
function forget() {
  mount.replaceChildren();
  state = { answers: {}, unsure: [], trail: [], at: -1 };
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

const currentPlan = () => triage(state, packs, today());

/** What a plan is drawn from. @param {Plan} plan */
const told = (plan) => ({ packs, plan, situation: settle(state, packs) });

// ---------------------------------------------------------------- swapping pages

/** @param {string} title @param {(Node | string | null)[]} body @param {(Node | null)[]} actions */
function show(title, body, actions) {
  turn(h("div", {}, h("h1", {}, title), ...body, actionBar(actions)));
}

/** @param {...Node} page */
function turn(...page) {
  swap(mount, ...page);
  scrollTo(0, 0);
}

/** @param {(Node | null)[]} actions */
const actionBar = (actions) => h("div", { class: "actions" }, ...actions);

/** Back from the first page: to the door it began on, or to all the doors. */
function leaveButton() {
  if (begunAtOnce) return h("a", { class: "back", href: "index.html" }, _("Back"));
  return button("back", _("Back"), () => {
    showMount(false);
    forget();
  });
}

// ---------------------------------------------------------------- questions

/** The next page: one already seen where Back was pressed, else the question that is worth most, else the plan. */
function goOn() {
  if (state.at + 1 < state.trail.length) {
    state.at += 1;
  } else {
    const question = nextQuestion(state, packs, currentPlan());
    if (!question) return showPlan();
    state.at = state.trail.push(question.id) - 1;
  }
  ask(state.trail[state.at], afterAnswer);
}

/** Someone who has just said that they are in danger gets what to do, not another question. @param {Plan} before */
function afterAnswer(before) {
  if (before.danger !== "immediate" && currentPlan().danger === "immediate") return showPlan();
  goOn();
}

/** @param {string} id @param {(before: Plan) => void} then where the answer leads */
function ask(id, then) {
  const fact = packs.facts[id];
  const before = currentPlan();
  const { nodes, read } = field(fact, state.answers[id], today());
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const next = () => {
    const got = read();
    if ("wrong" in got) {
      error.hidden = false;
      error.textContent = got.wrong;
      mount.querySelector("input")?.focus();
      return;
    }
    keep(id, got.answer);
    then(before);
  };
  const dontKnow = button("quiet", DONT_KNOW, () => {
    keep(id, undefined);
    then(before);
  });
  const legend = h("legend", {}, h("h1", {}, fact.ask));
  const help = fact.help ? h("p", {}, fact.help) : null;
  const why = fact.why ? h("p", { class: "soft" }, _("Why we ask: {why}", { why: fact.why })) : null;
  turn(
    h(
      "form",
      { autocomplete: "off", novalidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), next()) },
      before.danger === "immediate" && dangerPanel(told(before)),
      then === afterAnswer && progress(before),
      h("fieldset", { class: "question" }, legend, help, why, ...nodes, error),
      shortcuts(),
      actionBar([h("button", { class: "primary" }, _("Next")), dontKnow, backButton(then)]),
    ),
  );
}

/** @param {string} id @param {Answer | undefined} answer undefined for "I don't know" */
function keep(id, answer) {
  state.unsure = state.unsure.filter((fact) => fact !== id);
  delete state.answers[id];
  if (answer === undefined) state.unsure.push(id);
  else state.answers[id] = answer;
}

/** @param {(before: Plan) => void} then */
function backButton(then) {
  if (then !== afterAnswer) return button("back", _("Back"), () => then(currentPlan()));
  if (state.at === 0) return leaveButton();
  return button("back", _("Back"), () => {
    state.at -= 1;
    ask(state.trail[state.at], afterAnswer);
  });
}

function shortcuts() {
  const answered = Object.keys(state.answers).length + state.unsure.length;
  return h(
    "p",
    { class: "shortcuts" },
    button("quiet", _("What to do now"), showPlan),
    answered > 0 && button("quiet", _("Your answers"), showAnswers),
  );
}

/** How far one is, as cells of the grid that fill in, and in words. @param {Plan} plan */
function progress(plan) {
  const more = Math.max(0, left(state, packs, plan) - 1);
  const filled = Math.round((256 * state.at) / (state.at + more + 1));
  const on = Array.from({ length: 256 }, (_, cell) => (cell * 89 + 40) % 256 < filled); // 89 is odd: all come, each once
  const grid = h("svg", { class: "grid16", viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { d: outline(on) }));
  const opening = state.at < packs.opening.length && packs.opening.includes(state.trail[state.at]);
  const ahead = opening
    ? _("The first few are for everyone.")
    : more
      ? n_("Up to one more, often fewer.", "Up to {n} more, often fewer.", more)
      : _("The last one.");
  return h("div", { class: "progress" }, grid, h("p", { class: "soft" }, `${_("Question {n}.", { n: state.at + 1 })} ${ahead}`));
}

// ---------------------------------------------------------------- the answers so far, and the plan

function showAnswers() {
  const rows = [...new Set([...(kept?.asks ?? []), ...Object.keys(state.answers), ...state.unsure])].map((id) => {
    const fact = packs.facts[id];
    const answer = state.answers[id];
    const change = button("quiet", _("Change"), () => ask(id, showAnswers));
    change.setAttribute("aria-label", `Change: ${fact.ask}`);
    return h(
      "li",
      {},
      h("div", {}, h("p", { class: "soft" }, fact.ask), h("p", {}, answer === undefined ? DONT_KNOW : spoken(fact, answer))),
      change,
    );
  });
  const note = h("p", {}, kept ? KEPT : _("They are only in this page. Change any of them; the others stay."));
  const clear = h("p", { class: "shortcuts" }, button("quiet", _("Clear all and begin again"), () => {
    forget();
    begin();
  }));
  const list = h("ul", { class: "answers" }, ...rows);
  const back = kept ? h("a", { class: "back", href: "case.html" }, _("Back")) : backToQuestions();
  show(_("Your answers"), [note, list, kept ? null : clear], [button("primary", _("What to do now"), showPlan), back]);
}

/** Back to the question that was last on the page. */
function backToQuestions() {
  return button("back", _("Back"), () => (state.trail.length ? ask(state.trail[state.at], afterAnswer) : goOn()));
}

function showPlan() {
  const plan = currentPlan();
  const question = nextQuestion(state, packs, plan);
  const further = question && button("primary", _("More questions"), goOn);
  const body = planNodes(told(plan), (id) => ask(id, showPlan));
  const back = kept && !state.trail.length ? button("back", _("Back"), showAnswers) : backToQuestions();
  show(_("What to do now"), [...body, keeping(plan)], [further, back]);
  const { answers, unsure } = structuredClone(state); // for keep.js, which only the local app has, and picture.js
  const settled = settle(state, packs).answers;
  document.dispatchEvent(new CustomEvent("takeback:plan", { detail: { answers, unsure, settled } }));
}

/** Ways to keep the plan, each only by the person's own act. @param {Plan} plan */
function keeping(plan) {
  const said = h("p", { role: "status", class: "soft" });
  const save = button("quiet", _("Save as one file"), () => {
    const address = URL.createObjectURL(new Blob([planAsText(told(plan))], { type: "text/plain;charset=utf-8" }));
    h("a", { href: address, download: "notes.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    said.textContent = _("Saved as notes.txt. Anyone who can open this device can read it.");
  });
  const copy = button("quiet", _("Copy"), async () => {
    const copied = await navigator.clipboard?.writeText(planAsText(told(plan))).then(() => true, () => false);
    said.textContent = copied ? _("Copied.") : _("This browser does not let a page copy. Save it instead.");
  });
  const buttons = h("p", { class: "shortcuts" }, save, copy, button("quiet", _("Print"), () => print()));
  const answers = h("p", { class: "shortcuts" }, button("quiet", _("Look at your answers"), showAnswers));
  return h("section", {}, h("h2", {}, _("Keep this")), buttons, said, answers);
}

// ---------------------------------------------------------------- wiring

addEventListener("beforeprint", () => {
  for (const folded of mount.querySelectorAll(".point details, .law details")) folded.setAttribute("open", "");
});
addEventListener("pagehide", forget);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (begunAtOnce) begin();
  else showMount(false);
});
for (const entry of document.querySelectorAll("[data-go-on]")) {
  entry.addEventListener("click", (event) => {
    event.preventDefault();
    begin();
  });
}
if (begunAtOnce) begin();
