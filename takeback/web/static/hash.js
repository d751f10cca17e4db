/* The picture page: two questions, then hashes that are made here and sent nowhere. A file is asked for only where the
   child rule lets it be opened (permit.js); otherwise there is no way to choose one, and the people who can take it.
   The picture is never shown. Other pages mount the same thing with `mountHasher`. */

import { button, h, swap } from "./dom.js";
import { cells, filled, grid } from "./grid.js";
import { SURE, compare } from "./likeness.js";
import { worker as ours } from "./load.js";
import { refusal, strictest } from "./permit.js";
import { _, n_ } from "./words.js";

/** @import { Hashed } from "./likeness.js" */
/** @typedef {{ step?: number, more?: boolean, error?: string } & Partial<Hashed>} Word  what the worker says of one file,
 * `more` while the hashes of its edits are still being made */
/** @typedef {Record<string, string | undefined>} About  what was said of one file; undefined is "not sure" */
/** @typedef {{ answers?: Record<string, unknown>, onHash?: (file: File, hashed: Hashed, about: About) => void }} Options */
/** @typedef {{ ask: string, help: string, answers: [string, About][] }} Question */

const OLD = _("This browser can't make a hash. Try a newer one, or a computer: nothing is lost.");
const WEAK =
  _("There is too little in this picture for a sure hash, so the services refuse it. " +
  "Try the original, a larger copy, or one without a wide plain border.");
const INSECURE = _("There is no SHA-256, because this page was not opened over https.");
const MANY =
  _("People crop a picture, mirror it or put a frame around it before they post it again. These find many of those copies. " +
  "Where a service takes a list of hashes, give it all of them.");
const REVIEW =
  _("A changed picture can be very close to the one it was made from, and that one may be harmless. If you have it, " +
  "choose it here too: you will see whether these hashes would catch it. If not, ask the service to let a person look first.");
const LATER = _("Hashes for changed copies are being made.");
/** @type {Record<string, string>} */
const LIKENESS = {
  file: _("The same file, byte for byte."),
  weak: _("There is too little detail in one of them to tell."),
  same: _("The same picture."),
  changed: _("The same picture, but one of them was changed."),
  different: _("Different pictures, as far as a hash can see. Your own eyes count for more."),
};
const SEEN = _("The hash: 16 rows of 16 black or white cells. No picture can be seen in it.");

/** @type {Question} */
const AGE = {
  ask: _("Is anyone in it, even in the background, under 18? Or could they look it?"),
  help: _("If you choose several pictures, think of all of them."),
  answers: [
    [_("Yes"), { under18_look: "yes" }],
    [_("Not sure"), { under18_real: undefined, under18_look: undefined }],
    [_("No, only adults, and they look it"), { under18_real: "no", under18_look: "no" }],
  ],
};

/** @type {Question} */
const BARE = {
  ask: _("Is anyone in it naked or partly naked, or is it sexual?"),
  help: _("Underwear counts. So does a face put on someone else's body."),
  answers: [
    [_("Yes"), { intimate: "yes" }],
    [_("Not sure"), { intimate: undefined, indecent: undefined }],
    [_("No"), { intimate: "no" }],
  ],
};

/** Let a person hash pictures inside `element`. `answers` are those of the interview, where there was one; `onHash`
 * hears of every hash. @param {HTMLElement} element @param {Options} [options] */
export function mountHasher(element, { answers = {}, onHash } = {}) {
  const worker = startHashing();
  const stage = h("div");
  const progress = h("div", { role: "status" });
  const results = h("div", { "aria-live": "polite" });
  const together = h("div", { "aria-live": "polite" });
  element.replaceChildren(stage, progress, results, together);
  const count = counting(progress);
  /** @type {[string, Hashed][]} */
  const known = [];

  const askAge = () => question(AGE, (age) => swap(stage, askBare(age)));
  /** @param {About} age */
  const askBare = (age) => question(BARE, (bare) => decide({ ...age, ...bare }));
  const again = () => swap(stage, askAge());
  /** @param {About} about */
  const decide = (about) => {
    const because = refusal(strictest(answers, about));
    swap(stage, because ? refused(because, again) : chooser((files) => take(files, about), again));
  };
  /** @param {File[]} files @param {About} about */
  const take = (files, about) => {
    const more = button("quiet", _("Choose more pictures"), again);
    stage.replaceChildren(h("p", {}, more));
    more.focus();
    if (!results.hasChildNodes()) results.append(h("h2", {}, _("The hashes")), words("on-no-list"));
    count.more(files.length);
    /** @param {File} file @param {Hashed | null} hashed */
    const done = (file, hashed) => {
      count.done();
      if (!hashed) return;
      known.push([file.name, hashed]);
      together.replaceChildren(...likenesses(known));
      onHash?.(file, hashed, about);
    };
    results.append(...files.map((file) => picture(file, worker, (hashed) => done(file, hashed))));
  };
  stage.replaceChildren(askAge());
}

/** @param {Question} about @param {(answer: About) => void} then */
function question(about, then) {
  const choices = about.answers.map(([label, answer]) => button("choice", label, () => then(answer)));
  return h("fieldset", { class: "question" }, h("legend", {}, about.ask), h("p", { class: "soft" }, about.help), h("div", { class: "choices" }, ...choices));
}

/** Words that the page carries for us (templates/hashing.html). @param {string} id */
const words = (id) => /** @type {HTMLTemplateElement} */ (document.getElementById(id)).content.cloneNode(true);

/** Why it is not taken, and the people who can take it. @param {string} because @param {() => void} back */
const refused = (because, back) =>
  h("div", { class: "panel" }, words(`refused-${because}`), button("quiet", _("Change my answers"), back));

/** @param {(files: File[]) => void} take @param {() => void} back */
function chooser(take, back) {
  const chosen = () => {
    if (input.files?.length) take([...input.files]);
  };
  const input = h("input", { type: "file", accept: "image/*", multiple: true, autocomplete: "off", class: "file", onchange: chosen });
  return h(
    "div",
    {},
    h("h2", {}, _("Choose one picture, or many")),
    h("p", {}, _("They are opened here, on your device, and not shown. A second or two each.")),
    h("label", { class: "primary" }, _("Choose pictures"), input),
    h("p", {}, button("quiet", _("Change my answers"), back)),
  );
}

// ---------------------------------------------------------------- one picture

/** @param {number} share  how much is done, 0 to 1 */
const filling = (share) => {
  const drawing = grid(filled(Math.round(share * 256)), _("Being hashed"));
  drawing.classList.add("filling");
  return drawing;
};

/** @param {File} file @param {ReturnType<typeof startWorker>} worker @param {(hashed: Hashed | null) => void} done */
function picture(file, worker, done) {
  const name = h("h3", {}, file.name);
  const article = h("article", { class: "picture" }, name, filling(0));
  const later = h("div");
  /** @param {Hashed} hashed */
  const show = (hashed) => later.isConnected || article.replaceChildren(name, ...result(hashed, later));
  worker.hash(file, (word) => {
    const hashed = /** @type {Hashed} */ (word);
    if (word.step) article.replaceChildren(name, filling(word.step));
    else if (word.error) article.replaceChildren(name, h("p", { class: "error" }, word.error));
    else {
      show(hashed);
      later.replaceChildren(...(word.more ? [h("p", { class: "soft" }, LATER)] : hashed.edits.length > 0 ? [more(hashed.value, hashed.edits)] : []));
    }
    if (!word.step && !word.more) done(word.error ? null : hashed);
  });
  return article;
}

/** @param {Hashed} hashed @param {HTMLElement} later  where the hashes of its edits will stand */
function result({ value, quality, sha256 }, later) {
  return [
    h("figure", {}, grid(cells(value), SEEN), h("figcaption", {}, _("That is all there is to a hash. No picture can be seen in it."))),
    h("p", {}, `${_("Quality {quality} of 100.", { quality })} ${quality < SURE ? WEAK : _("Good enough to be found again.")}`),
    copyable(_("To find copies (PDQ)"), value),
    later,
    sha256 ? copyable(_("To show that this file is unchanged (SHA-256)"), sha256) : h("p", { class: "soft" }, INSECURE),
    h("p", { class: "soft" }, _("Treat it as private all the same: it belongs to you like the picture does.")),
  ];
}

/** The hashes of what is likely done to a picture; written down only once somebody unfolds them.
 * @param {string} whole @param {Hashed["edits"]} edits */
function more(whole, edits) {
  const place = h("div");
  const list = () => [whole, ...edits.map((edit) => edit.value)].join("\n");
  const open = () => {
    if (place.hasChildNodes()) return;
    place.append(h("p", {}, MANY), copyable(_("All {count} hashes (PDQ), one a line", { count: edits.length + 1 }), list(), "hex many"), h("p", { class: "soft" }, REVIEW));
  };
  return h("details", { class: "fold", ontoggle: open }, h("summary", {}, n_("{n} more hash, for changed copies", "{n} more hashes, for changed copies", edits.length)), place);
}

/** @param {string} label @param {string} value @param {string} [shape] */
function copyable(label, value, shape = "hex") {
  const said = h("span", { role: "status" });
  const copy = button("quiet", _("Copy"), () => void navigator.clipboard.writeText(value).then(() => (said.textContent = _("Copied"))));
  copy.setAttribute("aria-label", `Copy: ${label}`);
  const lines = h("div", {}, h("small", {}, label, " "), said, h("code", { class: shape, tabindex: shape === "hex" ? null : 0 }, value));
  return h("div", { class: "copy" }, lines, navigator.clipboard ? copy : null);
}

// ---------------------------------------------------------------- several pictures

/** How many of the chosen pictures are done: a bar, and the same in words. @param {HTMLElement} place */
function counting(place) {
  let [all, done] = [0, 0];
  const show = () => {
    const said = _("{done} of {all} pictures done", { done, all });
    const bar = h("progress", { max: all, value: done, "aria-label": _("Pictures done") });
    place.replaceChildren(...(all > 1 ? [bar, h("p", { class: "soft" }, said)] : []));
  };
  return {
    /** @param {number} count */
    more(count) {
      [all, done] = done === all ? [count, 0] : [all + count, done];
      show();
    },
    done() {
      done += 1;
      show();
    },
  };
}

const MOST_COMPARED = 12;

/** Whether the pictures are the same, each pair once. @param {[string, Hashed][]} known */
function likenesses(known) {
  const some = known.slice(-MOST_COMPARED);
  const pairs = some.flatMap(([name, one], index) =>
    some.slice(index + 1).map(([other, two]) => ({ name, other, found: compare(one, two) })),
  );
  if (pairs.length === 0) return [];
  pairs.sort((a, b) => a.found.distance - b.found.distance);
  const lines = pairs.map(({ name, other, found }) =>
    h("li", {}, h("strong", {}, name), " · ", h("strong", {}, other), ": ", LIKENESS[found.how], " ", h("small", {}, _("{distance} of 256 cells differ.", { distance: found.distance }))),
  );
  return [h("h3", {}, _("Are they the same?")), h("ul", { class: "pairs" }, ...lines)];
}

// ---------------------------------------------------------------- the worker

/** One worker a page. @type {ReturnType<typeof startWorker> | undefined} */
let shared;

/** Start the worker now, so that nothing has to be fetched once a picture is chosen. */
export const startHashing = () => (shared ??= startWorker());

function startWorker() {
  const [address, options] = ours();
  const worker = new Worker(trusted(address), options);
  /** @type {Map<number, (word: Word) => void>} */
  const waiting = new Map();
  let [last, broken] = [0, false];
  const begun = new Promise((answered) => {
    for (const kind of ["error", "message"]) worker.addEventListener(kind, answered, { once: true });
  });
  const fail = () => {
    broken = true;
    for (const tell of waiting.values()) tell({ error: OLD });
  };
  worker.addEventListener("error", fail);
  worker.addEventListener("message", ({ data: { id, ready, ...word } }) => {
    if (ready === false) fail();
    waiting.get(id)?.(word);
    if (!word.step && !word.more) waiting.delete(id);
  });
  return {
    begun, // settles once the worker runs, or can't
    /** @param {File} file @param {(word: Word) => void} tell */
    hash(file, tell) {
      last += 1;
      waiting.set(last, tell);
      if (broken) queueMicrotask(fail);
      else worker.postMessage({ id: last, file });
    },
  };
}

/** The one script address that this page may start; its rules know no other (trusted-types takeback).
 * @param {string} address @returns {string} */
function trusted(address) {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  return types ? types.createPolicy("takeback", { createScriptURL: () => address }).createScriptURL("") : address;
}

const here = document.getElementById("hasher");
if (here) mountHasher(here);
