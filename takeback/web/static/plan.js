/* Draws the plan: danger first, then what to do as one vertical line, then what may apply, then the rest folded away.
   Short by design: dozens of laws stay open after any story, and only what is worth a sentence is in sight. */

/** @import { Finding, Law, Packs, Plan, Route, Situation, Version } from "../terms" */

import { contactNode, contactsOf, firstTaps } from "./contacts.js";
import { button, h } from "./dom.js";
import { meant } from "./questions.js";
import { barred, isYoung, ordered, packOf, saidOf } from "./voice.js";
import { _, n_ } from "./words.js";

/** Everything that the plan is drawn from. @typedef {{ packs: Packs, plan: Plan, situation: Situation }} Told */

const AT_ONCE = 4; // routes on the line; the others are folded, so that the first steps stay in sight
const HELPERS = 2;
const LAWS = 3; // laws in sight; the others are folded
const WORTH_ASKING = 2; // an open law that so few answers would settle is worth a question
const MOST_QUESTIONS = 2;
const DRAFTED = _("Drafted from public sources, not yet read by a lawyer.");
const MAY = _("What they did may be against the law");
const NO_POLICE = _("Help without reporting to the police");
const NO_POLICE_NOTE = _("You can get this help whether or not you ever report anything.");
const NEAR = _("An answer that would tell you more");
const LAW = _("What the law says of what they did");
const EMERGENCY = _("If you, or someone else, may be hurt: call 999 now. If you cannot speak on a mobile, press 55.");
const CHECK = _("If you think someone may be hurt soon, call 999. You do not have to be sure.");
const EMERGENCY_ELSEWHERE = _("If you, or someone else, may be hurt: call the emergency number where you are now.");
const CHECK_ELSEWHERE = _("If you think someone may be hurt soon, call the emergency number. You do not have to be sure.");

/** @param {string} title @param {(Node | string)[]} nodes @param {boolean} open */
const fold = (title, nodes, open = false) => h("details", { class: "fold", open }, h("summary", {}, title), ...nodes);

/** @param {string[]} lines @param {string | null} kind */
const bullets = (lines, kind = null) => h("ul", { class: kind }, ...lines.map((line) => h("li", {}, line)));

// ---------------------------------------------------------------- danger, and help that needs no report

/** Who to call before anything else. @param {Told} told */
export function dangerPanel({ packs, plan, situation }) {
  const urgent = plan.routes.map((route) => packOf(packs, route)).find((route) => route.kind === "danger");
  const taps = urgent ? firstTaps(contactsOf(packs, urgent, situation), true).slice(0, 3) : [];
  return h("section", { class: "panel danger" }, h("h2", {}, _("Danger comes first")), h("p", {}, emergency(plan)), ...taps);
}

/** Whether 999 is not the number of where this person lives. @param {Plan} plan */
const elsewhere = (plan) => plan.never.some((bar) => bar.id === "RT-999");

/** What to do in danger. @param {Plan} plan */
const emergency = (plan) => (elsewhere(plan) ? EMERGENCY_ELSEWHERE : EMERGENCY);

/** What to do where it may come to danger. @param {Plan} plan */
const check = (plan) => (elsewhere(plan) ? CHECK_ELSEWHERE : CHECK);

/** @param {Told} told */
const quietRoutes = ({ packs, plan }) => plan.routes.map((route) => packOf(packs, route)).filter((r) => r.without_report);

/** @param {Told} told */
function quietHelp(told) {
  const support = quietRoutes(told).filter((route) => route.kind === "support");
  const people = new Set(support.flatMap((route) => contactsOf(told.packs, route, told.situation)));
  const taps = firstTaps([...people]);
  const more = taps.splice(HELPERS);
  return h(
    "section",
    {},
    h("h2", {}, NO_POLICE),
    h("p", {}, NO_POLICE_NOTE),
    ...taps,
    more.length > 0 && fold(_("More people who help ({n})", { n: more.length }), more),
  );
}

// ---------------------------------------------------------------- the line

/** "PT48H" as "48 hours". @param {string} due */
export function span(due) {
  const [, ...counts] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(due) ?? [];
  const units = [
    /** @param {number} n */ (n) => n_("{n} year", "{n} years", n),
    /** @param {number} n */ (n) => n_("{n} month", "{n} months", n),
    /** @param {number} n */ (n) => n_("{n} week", "{n} weeks", n),
    /** @param {number} n */ (n) => n_("{n} day", "{n} days", n),
    /** @param {number} n */ (n) => n_("{n} hour", "{n} hours", n),
    /** @param {number} n */ (n) => n_("{n} minute", "{n} minutes", n),
  ];
  const said = counts.map((count, i) => count && units[i](Number(count)));
  return said.filter(Boolean).join(` ${_("and")} `) || due;
}

/** One thing to do. The first is told in full; of the others, how to do it is folded. @param {Told} told
 * @param {Route} route @param {boolean} first */
function point({ packs, situation }, route, first) {
  const said = saidOf(packs, route, situation);
  const item = h("li", { class: `point ${first ? "now" : route.due ? "due" : ""}`.trim() });
  const done = button("quiet", _("I have done this"), () => {
    const pressed = item.classList.toggle("done");
    done.setAttribute("aria-pressed", String(pressed));
    done.textContent = pressed ? _("Done") : _("I have done this");
  });
  const contacts = contactsOf(packs, packOf(packs, route), situation);
  const how = h("p", {}, said.what);
  const after = h("p", {}, h("b", {}, _("What happens next. ")), said.next);
  item.append(
    h("h3", {}, said.name),
    h("p", {}, said.because),
    route.due ? h("p", { class: "when" }, _("Time limit: {time}", { time: span(route.due) })) : "",
    ...(first ? [how, ...firstTaps(contacts), fold(_("More about this"), [...contacts.map(contactNode), after]), done] : []),
    first ? "" : fold(_("How to do this"), [how, ...contacts.map(contactNode), after, h("p", {}, done)]),
  );
  return item;
}

/** @param {Told} told */
function line(told) {
  const routes = ordered(told.packs, told.plan.routes, told.situation);
  const points = routes.map((route, i) => point(told, route, i === 0));
  const later = points.splice(AT_ONCE);
  const more = () => fold(_("More you can do ({n})", { n: later.length }), [h("ol", { class: "line" }, ...later)]);
  return [h("ol", { class: "line" }, ...points), later.length ? more() : ""];
}

// ---------------------------------------------------------------- the law

/** @param {Packs} packs @param {Finding} finding */
const lawOf = (packs, finding) => /** @type {Law} */ (packs.laws.find((each) => each.id === finding.law));

/** What it would mean, in lines. @param {Packs} packs @param {Finding} finding */
function meaning(packs, finding) {
  const law = lawOf(packs, finding);
  const version = /** @type {Version} */ (law.versions.find((each) => each.cite === finding.cite));
  const known = /** @param {string} start @param {string} fact */ (start, fact) => (fact ? start.replace("{fact}", fact) : "");
  return [
    known(_("The most that a court can give: {fact}."), version.maximum),
    known(_("Time to charge: {fact}."), version.limit),
    known(_("Keeping your name out of the news: {fact}."), version.anonymity),
    _("{cite}. Checked on {day}.", { cite: finding.cite, day: law.checked }),
    law.grade === "drafted" ? DRAFTED : "",
  ].filter(Boolean);
}

/** @param {Plan} plan @param {string} status */
const ofStatus = (plan, status) => plan.findings.filter((finding) => finding.status === status);

const HERE = { "england-wales": "EW", scotland: "SC", "northern-ireland": "NI" };

/** Whether a law is one of the place where this was done: all of them where that is not known. @param {Law} law
 * @param {Situation} situation */
function near(law, situation) {
  const places = [situation.answers.victim_nation, situation.answers.suspect_nation];
  const here = places.map((place) => HERE[/** @type {keyof typeof HERE} */ (place)]).filter(Boolean);
  return law.nation === "UK" || here.length === 0 || here.includes(law.nation);
}

/** The questions that would settle an open law each, if the person can answer them, with the laws that wait for them.
 * @param {Told} told @returns {[string, string[]][]} */
function questions({ packs, plan, situation }) {
  const fits = /** @param {Law} law */ (law) => meant(law, situation, packs) && near(law, situation);
  const open = ofStatus(plan, "cannot_tell").filter((f) => f.needs.length > 0 && f.needs.length <= WORTH_ASKING);
  const worth = open.filter((f) => fits(lawOf(packs, f)) && !f.needs.some((need) => situation.unsure.includes(need)));
  /** @type {Map<string, string[]>} */
  const waiting = new Map();
  for (const finding of worth) {
    for (const need of finding.needs) waiting.set(need, [...(waiting.get(need) ?? []), finding.title]);
  }
  return [...waiting].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_QUESTIONS);
}

/** @param {Packs} packs @param {Finding} finding */
const mayNode = (packs, finding) =>
  h(
    "article",
    { class: "law" },
    h("h3", {}, finding.title),
    h("p", { class: "cite" }, finding.cite),
    fold(_("Why, and what this means"), [
      h("p", {}, _("Because:")),
      bullets(finding.because),
      bullets(meaning(packs, finding), "facts"),
    ]),
  );

/** @param {Packs} packs @param {[string, string[]]} question @param {(id: string) => void} ask */
const questionNode = (packs, [id, laws], ask) =>
  h(
    "article",
    { class: "law" },
    button("choice", packs.facts[id].ask, () => ask(id)),
    h("p", { class: "cite" }, _("It would tell us if this fits: {laws}.", { laws: [...new Set(laws)].slice(0, LAWS).join("; ") })),
  );

/** @param {Finding} finding */
const reasonNode = (finding) => h("p", {}, h("b", {}, `${finding.title}. `), finding.because.join(" "));

/** What may apply: the first few in sight, for a young person all of them folded. @param {Told} told */
function mayApply({ packs, plan, situation }) {
  const may = ofStatus(plan, "may_apply").map((finding) => mayNode(packs, finding));
  if (!may.length) return [];
  if (isYoung(packs, situation)) return [fold(`${LAW} (${may.length})`, [h("p", {}, `${MAY}.`), ...may])];
  const more = may.splice(LAWS);
  return [h("h2", {}, MAY), ...may, more.length ? fold(_("More that may apply ({n})", { n: more.length }), more) : ""];
}

/** Everything else that was weighed, in one fold. @param {Told} told */
function rest({ packs, plan, situation }) {
  const open = ofStatus(plan, "cannot_tell").map((f) => `${f.title} (${f.cite})`);
  const unlikely = ofStatus(plan, "unlikely").map(reasonNode);
  const never = plan.never.map((bar) => `${packOf(packs, bar).name}: ${barred(packs, bar, situation)}`);
  return fold(_("The rest, and why"), [
    never.length ? fold(_("Not for you, and why ({n})", { n: never.length }), [bullets(never)]) : "",
    open.length ? fold(_("Laws that we can't tell about yet ({n})", { n: open.length }), [bullets(open)]) : "",
    unlikely.length ? fold(_("Laws that are less likely, and why ({n})", { n: unlikely.length }), unlikely) : "",
  ]);
}

/** What to save comes before what makes it disappear. @param {boolean} young */
const savingNode = (young) =>
  h("p", {}, _("Before you report or block:"), " ", h("a", { href: young ? "guide-saving-young.html" : "guide-saving.html" }, _("what to save, and what not to do")));

// ---------------------------------------------------------------- the whole plan

/** Everything below the heading: what to do now, then what may apply, then the rest folded away. @param {Told} told
 * @param {(id: string) => void} ask @returns {(Node | string)[]} */
export function planNodes(told, ask) {
  const { packs, plan, situation } = told;
  const asked = questions(told);
  return [
    plan.danger === "immediate" ? dangerPanel(told) : "",
    isYoung(packs, situation) ? h("p", { class: "lead" }, packs.voice.opening) : "",
    plan.danger === "check" ? h("p", { class: "panel attention" }, check(plan)) : "",
    savingNode(isYoung(packs, situation)),
    ...line(told),
    quietHelp(told),
    ...mayApply(told),
    ...(asked.length ? [h("h2", {}, NEAR), ...asked.map((question) => questionNode(packs, question, ask))] : []),
    rest(told),
    h("p", { class: "grade" }, DRAFTED),
  ];
}

/** The plan as plain text, for a file or for pasting. @param {Told} told */
export function planAsText(told) {
  const { packs, plan, situation } = told;
  const reach = ordered(packs, plan.routes, situation).flatMap((route, i) => [
    `${i + 1}. ${saidOf(packs, route, situation).name}`,
    `   ${saidOf(packs, route, situation).because}`,
    `   ${saidOf(packs, route, situation).what}`,
    ...(route.due ? [`   ${_("Time limit: {time}", { time: span(route.due) })}`] : []),
    ...contactsOf(packs, packOf(packs, route), situation).map(
      (one) => `   ${[one.name, ...one.ways.filter((way) => way.offered).map((way) => way.to)].join(" · ")}`,
    ),
    "",
  ]);
  const may = ofStatus(plan, "may_apply").flatMap((f) => [
    f.title,
    ...[...f.because, ...meaning(packs, f)].map((each) => `   ${each}`),
  ]);
  const quiet = quietRoutes(told).map((route) => `   ${route.young && isYoung(packs, situation) ? route.young.name : route.name}`);
  return [
    _("What to do ({day})", { day: plan.on }),
    isYoung(packs, situation) ? `\n${packs.voice.opening}` : "",
    plan.danger === "immediate" ? `\n${emergency(plan)}\n` : plan.danger === "check" ? `\n${check(plan)}\n` : "",
    ...reach,
    `${NO_POLICE}\n${NO_POLICE_NOTE}`,
    ...quiet,
    may.length ? `\n${MAY}` : "",
    ...may,
    `\n${DRAFTED}\n`,
  ].join("\n");
}
