/* The page of pictures and videos: two questions, then hashes that are made here and sent nowhere. A file is asked for only where the
   child rule lets it be opened (permit.js); otherwise there is no way to choose one, and the people who can take it.
   The picture is never shown. Other pages mount the same thing with `mountHasher`. */

import { button, h, swap } from "./dom.js";
import { cells, filled, grid } from "./grid.js";
import { startHashing } from "./hashing.js";
import { SURE, compare, compareClips } from "./likeness.js";
import { refusal, strictest } from "./permit.js";
import { _, n_ } from "./words.js";

/** @import { Hashed } from "./likeness.js" */
/** @typedef {Record<string, string | undefined>} About  what was said of one file; undefined is "not sure" */
/** @typedef {{ answers?: Record<string, unknown>, onHash?: (file: File, hashed: Hashed, about: About) => void }} Options */
/** @typedef {{ ask: string, help: string, answers: [string, About][] }} Question */

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
const STOPPED = _("Stopped. Nothing of it was kept, and nothing has left this device.");
const LATER = _("Hashes for changed copies are being made.");
/** @type {Record<string, string>} */
const LIKENESS = {
  file: _("The same file, byte for byte."),
  weak: _("There is too little detail in one of them to tell."),
  same: _("The same picture."),
  changed: _("The same picture, but one of them was changed."),
  different: _("Different pictures, as far as a hash can see. Your own eyes count for more."),
  clip: _("The same video."),
  first: _("The first is a part of the second."),
  second: _("The second is a part of the first."),
  part: _("A part of the one is in the other."),
  unsure: _("Something in them looks alike, but too little to tell."),
  clips: _("Different videos, as far as a hash can see. Your own eyes count for more."),
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
    const stop = count.more(files.length);
    /** @param {File} file @param {Hashed | null} hashed */
    const done = (file, hashed) => {
      count.done();
      if (!hashed) return;
      known.push([file.name, hashed]);
      together.replaceChildren(...likenesses(known));
      onHash?.(file, hashed, about);
    };
    results.append(...files.map((file) => picture(file, worker, stop, (hashed) => done(file, hashed))));
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
  const input = h("input", { type: "file", accept: "image/*,video/*,.mkv", multiple: true, autocomplete: "off", class: "file", onchange: chosen });
  return h(
    "div",
    {},
    h("h2", {}, _("Choose one picture or video, or many")),
    h("p", {}, _("They are opened here, on your device, and not shown. A second or two for each picture, longer for a video.")),
    h("label", { class: "primary" }, _("Choose pictures or videos"), input),
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

/** @param {File} file @param {ReturnType<typeof startHashing>} worker @param {AbortSignal} stop
 * @param {(hashed: Hashed | null) => void} done */
function picture(file, worker, stop, done) {
  const name = h("h3", {}, file.name);
  const article = h("article", { class: "picture" }, name, filling(0));
  const later = h("div");
  /** @param {Hashed} hashed */
  const show = (hashed) => later.isConnected || article.replaceChildren(name, ...result(hashed, later));
  let over = false;
  worker.hash(file, stop, (word) => {
    if (over) return; // what is still said of a file that was stopped
    const hashed = /** @type {Hashed} */ (word);
    if (word.step) article.replaceChildren(name, filling(word.step));
    else if (word.stopped) later.isConnected || article.replaceChildren(name, h("p", {}, STOPPED));
    else if (word.error) article.replaceChildren(name, h("p", { class: "error" }, word.error));
    else {
      show(hashed);
      later.replaceChildren(...(word.more ? [h("p", { class: "soft" }, LATER)] : hashed.edits.length > 0 ? [more(hashed.value, hashed.edits)] : []));
    }
    over = !word.step && !word.more;
    if (over) done(word.error || word.stopped ? null : hashed);
  });
  return article;
}

/** @param {Hashed} hashed @param {HTMLElement} later  where the hashes of its edits will stand */
function result({ value, quality, sha256, md5, frames, note }, later) {
  if (frames) return [...film(frames, note), ...exact(sha256, md5), PRIVATE()];
  return [
    h("figure", {}, grid(cells(value), SEEN), h("figcaption", {}, _("That is all there is to a hash. No picture can be seen in it."))),
    h("p", {}, `${_("Quality {quality} of 100.", { quality })} ${quality < SURE ? WEAK : _("Good enough to be found again.")}`),
    copyable(_("To find copies (PDQ)"), value),
    later,
    ...exact(sha256, md5),
    PRIVATE(),
  ];
}

const PRIVATE = () => h("p", { class: "soft" }, _("Treat it as private all the same: it belongs to you like the picture does."));

/** @param {string | null} sha256 @param {string} [md5] */
const exact = (sha256, md5) => [
  md5 ? copyable(_("To find exact copies of a video (MD5)"), md5) : null,
  sha256 ? copyable(_("To show that this file is unchanged (SHA-256)"), sha256) : h("p", { class: "soft" }, INSECURE),
].filter((one) => one !== null);

/** @param {NonNullable<Hashed["frames"]>} frames @param {string} [note] */
function film(frames, note) {
  if (note) return [h("p", { class: "error" }, note)];
  if (frames.length === 0) return [h("p", {}, WEAK)];
  const place = h("div");
  const list = frames.map((frame) => frame.value).join("\n");
  const open = () => place.hasChildNodes() || place.append(copyable(_("All hashes of frames (PDQ), one a line"), list, "hex many"));
  return [
    h("figure", {}, grid(cells(frames[0].value), SEEN), h("figcaption", {}, _("The hash of its first frame. No picture can be seen in it."))),
    h("p", {}, n_("{n} frame stands for this video.", "{n} frames stand for this video.", frames.length)),
    h("details", { class: "fold", ontoggle: open }, h("summary", {}, _("The hashes of its frames")), place),
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

/** How many of the chosen files are done: a bar, the same in words, and a way to stop. @param {HTMLElement} place */
function counting(place) {
  let [all, done] = [0, 0];
  let stop = new AbortController();
  const press = button("quiet", _("Stop"), () => stop.abort());
  const show = () => {
    const said = _("{done} of {all} pictures done", { done, all });
    const bar = h("progress", { max: all, value: done, "aria-label": _("Pictures done") });
    const counted = all > 1 ? [bar, h("p", { class: "soft" }, said)] : [];
    place.replaceChildren(...counted, ...(done < all ? [h("p", {}, press)] : []));
  };
  return {
    /** @param {number} count @returns {AbortSignal} what stops them */
    more(count) {
      if (done === all) stop = new AbortController();
      [all, done] = done === all ? [count, 0] : [all + count, done];
      show();
      return stop.signal;
    },
    done() {
      done += 1;
      show();
    },
  };
}

const MOST_COMPARED = 12;

/** What stands beside it. @param {{ distance: number, shares?: [number, number] }} found */
const apart = ({ distance, shares }) =>
  shares ? _("{first} of 100 frames of the first are in the second, and {second} of 100 the other way round.", { first: shares[0], second: shares[1] })
  : _("{distance} of 256 cells differ.", { distance });

/** Whether the pictures are the same, each pair once. @param {[string, Hashed][]} known */
function likenesses(known) {
  const some = known.slice(-MOST_COMPARED);
  const pairs = some.flatMap(([name, one], index) =>
    some.slice(index + 1).filter(([, two]) => !one.frames === !two.frames).map(([other, two]) => ({ name, other, found: one.frames ? compareClips(one, two) : compare(one, two) })),
  );
  if (pairs.length === 0) return [];
  pairs.sort((a, b) => a.found.distance - b.found.distance);
  const lines = pairs.map(({ name, other, found }) =>
    h("li", {}, h("strong", {}, name), " · ", h("strong", {}, other), ": ", LIKENESS[found.how], " ", h("small", {}, apart(found))),
  );
  return [h("h3", {}, _("Are they the same?")), h("ul", { class: "pairs" }, ...lines)];
}

const here = document.getElementById("hasher");
if (here) mountHasher(here);
