/* The engine's twin for the browser: rules in three values, and triage; questions.js asks. No DOM, no clock, no
   network. Python is the truth (takeback/rules.py, triage.py, interview.py); tests/test_twin.py holds both to the
   same findings, danger, routes and question. Days are ISO 8601 text, which compares as text; all numbers are whole. */

/** @import { Answer, Danger, Element, Finding, Law, Leaf, Open, Packs, Plan } from "../terms" */
/** @import { Rule, Situation, Status, Version } from "../terms" */

const UNSETTLED = "law_unsettled"; // never asked: a point that only a court can decide
const RANK = { unlikely: 0, cannot_tell: 1, may_apply: 2 };
const NEW_LAW =
  "This is a new law. It may apply, but we could not check the day it starts. Tell the police anyway.";

// ---------------------------------------------------------------- rules

/** True, false, or null where the answers leave it open. @param {Rule} rule @param {Situation} s @returns {Open} */
export function evaluate(rule, s) {
  if ("all" in rule) return together(rule.all, s, false);
  if ("any" in rule) return together(rule.any, s, true);
  if ("not" in rule) return opposite(evaluate(rule.not, s));
  const answer = s.answers[rule.fact];
  return answer === undefined ? null : holds(rule, answer);
}

/** Kleene's and (false decides) or or (true decides). @param {Rule[]} parts @param {Situation} s
 * @param {boolean} decisive @returns {Open} */
function together(parts, s, decisive) {
  /** @type {Open} */
  let value = !decisive;
  for (const part of parts) {
    const one = evaluate(part, s);
    if (one === decisive) return decisive;
    if (one === null) value = null;
  }
  return value;
}

/** @param {Open} value @returns {Open} */
const opposite = (value) => (value === null ? null : !value);

/** @param {Leaf} leaf @param {Answer} answer @returns {Open} */
function holds(leaf, answer) {
  if ("is" in leaf) return list(answer).some((value) => leaf.is.includes(/** @type {string} */ (value)));
  if ("min" in leaf) return Number(answer) >= leaf.min;
  const [first, last] = period(String(answer));
  return within(first, last, leaf.from, leaf.to);
}

/** What `evaluate` says and the leaves that can still change it, in one walk. @param {Rule} rule @param {Situation} s
 * @returns {[Open, Leaf[]]} */
export function weighed(rule, s) {
  if ("not" in rule) {
    const [value, still] = weighed(rule.not, s);
    return [opposite(value), still];
  }
  if (!("all" in rule || "any" in rule)) {
    const value = evaluate(rule, s);
    return [value, value === null ? [rule] : []];
  }
  const decisive = "any" in rule;
  /** @type {Leaf[]} */
  const open = [];
  for (const part of "any" in rule ? rule.any : rule.all) {
    const [value, still] = weighed(part, s);
    if (value === decisive) return [decisive, []];
    open.push(...still);
  }
  return [open.length ? null : !decisive, open];
}

/** Every leaf of a rule, in the order it is written. @param {Rule} rule @returns {Leaf[]} */
export function leaves(rule) {
  if ("not" in rule) return leaves(rule.not);
  if ("all" in rule || "any" in rule) return ("any" in rule ? rule.any : rule.all).flatMap(leaves);
  return [rule];
}

/** The leaves by which a rule has this value. @param {Rule} rule @param {Situation} s @param {boolean} value
 * @returns {Leaf[]} */
function grounds(rule, s, value = true) {
  if ("not" in rule) return grounds(rule.not, s, !value);
  if (!("all" in rule || "any" in rule)) return [rule];
  const parts = "any" in rule ? rule.any : rule.all;
  return parts.filter((part) => evaluate(part, s) === value).flatMap((part) => grounds(part, s, value));
}

/** The first and last day of "2026", "2026-03" or "2026-03-05". @param {string} text @returns {[string, string]} */
export function period(text) {
  if (text.length === 4) return [`${text}-01-01`, `${text}-12-31`];
  if (text.length === 10) return [text, text];
  return [`${text}-01`, `${text}-${daysIn(Number(text.slice(0, 4)), Number(text.slice(5)))}`];
}

/** @param {number} year @param {number} month */
export function daysIn(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether first..last lies inside start..end; null where it straddles a limit.
 * @param {string} first @param {string} last @param {string | null} start @param {string | null} end @returns {Open} */
function within(first, last, start, end) {
  if ((start && last < start) || (end && first > end)) return false;
  if ((start && first < start) || (end && last > end)) return null;
  return true;
}

/** What the answers already say about other facts; never overrides an answer.
 * @param {Situation} s @param {Packs} packs @returns {Situation} */
export function settle(s, packs) {
  const settled = { answers: { ...s.answers }, unsure: s.unsure };
  for (const rule of packs.settles) {
    if (!(rule.fact in settled.answers) && evaluate(rule.when, settled) === true) {
      settled.answers[rule.fact] = rule.value;
    }
  }
  return settled;
}

/** Whether the person has already been asked. @param {string} fact @param {Situation} s */
export const asked = (fact, s) => fact in s.answers || s.unsure.includes(fact);

// ---------------------------------------------------------------- triage

/** Findings and routes for a situation on a day. @param {Situation} s @param {Packs} packs @param {string} on
 * @returns {Plan} */
export function triage(s, packs, on) {
  if (on < packs.covered_from) throw new RangeError(`Takeback does not know the law of ${on}`);
  const settled = settle(s, packs);
  const findings = packs.laws.map((law) => weigh(law, settled, packs, on));
  return { on, danger: danger(settled, packs), findings, ...openRoutes(settled, packs) };
}

/** @param {Situation} s @param {Packs} packs @returns {Danger} */
function danger(s, packs) {
  if (evaluate(packs.immediate, s) === true) return "immediate";
  return evaluate(packs.check, s) === true ? "check" : "none";
}

/** One law against a settled situation. @param {Law} law @param {Situation} s @param {Packs} packs @param {string} on
 * @returns {Finding} */
function weigh(law, s, packs, on) {
  const [version, datedOut] = choose(law, s, on);
  const weights = version.elements.map((element) => weighed(element.rule, s));
  const values = weights.map(([value]) => value);
  const open = unique(weights.flatMap(([, still]) => still.map((leaf) => leaf.fact)));
  let [status, because] = byElements(version, values, open, s, packs);
  if (datedOut && status !== "unlikely") [status, because] = ["unlikely", [version.why_not_date]];
  [status, because] = lowered(version, s, on, status, because);
  const needs = open.filter((fact) => status === "cannot_tell" && fact !== UNSETTLED && packs.facts[fact].asked);
  return { law: law.id, status, title: law.title, cite: version.cite, because, needs };
}

/** The version that speaks to this situation, and whether its day is known to lie outside every version.
 * @param {Law} law @param {Situation} s @param {string} on @returns {[Version, boolean]} */
export function choose(law, s, on) {
  const { versions } = law;
  const by = versions[versions.length - 1].by;
  const answer = by ? s.answers[by] : undefined;
  if (answer !== undefined) {
    const [first, last] = period(String(answer));
    const reached = versions.find((v) => within(first, last, v.start, v.end) !== false);
    if (reached) return [reached, false];
    return [versions.filter((v) => v.end !== null && v.end < first).pop() ?? versions[0], true];
  }
  const covering = versions.filter((v) => within(on, on, v.start, v.end)).pop();
  const started = versions.filter((v) => v.start === null || v.start <= on).pop();
  return [covering ?? started ?? versions[0], false];
}

/** @param {Version} version @param {Open[]} values @param {string[]} open @param {Situation} s @param {Packs} packs
 * @returns {[Status, string[]]} */
function byElements(version, values, open, s, packs) {
  const failed = values.indexOf(false);
  if (failed >= 0) return ["unlikely", [version.elements[failed].why_not]];
  const told = toldBy(version.elements, values, s, packs);
  if (!values.includes(null)) return ["may_apply", told];
  const still = version.elements.filter((_, i) => values[i] === null).map((element) => lower(element.need));
  const because = [...told, `We can't tell yet. This law also needs: ${still.join("; ")}.`];
  if (version.unsettled && open.includes(UNSETTLED)) because.push(version.unsettled);
  return ["cannot_tell", because];
}

/** What the person told us that made each true element true, each thing said once.
 * @param {Element[]} elements @param {Open[]} values @param {Situation} s @param {Packs} packs */
function toldBy(elements, values, s, packs) {
  const facts = elements.filter((_, i) => values[i] === true).flatMap((e) => grounds(e.rule, s).map((leaf) => leaf.fact));
  return unique(unique(facts).flatMap((fact) => said(fact, s, packs)));
}

/** An answer as sentences. @param {string} id @param {Situation} s @param {Packs} packs @returns {string[]} */
export function said(id, s, packs) {
  const answer = s.answers[id];
  const fact = packs.facts[id];
  if (answer === undefined || !fact) return [];
  if (fact.type === "date" || fact.type === "number") return [fact.said.value.split("{value}").join(String(answer))];
  return list(answer).filter((value) => value in fact.said).map((value) => fact.said[value]);
}

/** @param {Version} version @param {Situation} s @param {string} on @param {Status} status @param {string[]} because
 * @returns {[Status, string[]]} */
function lowered(version, s, on, status, because) {
  for (const exception of version.unless) {
    if (RANK[exception.then] < RANK[status] && evaluate(exception.when, s) === true) {
      [status, because] = [exception.then, [exception.why]];
    }
  }
  if (status === "may_apply" && version.start !== null && version.start > on) {
    return ["unlikely", [version.why_not_date]];
  }
  if (status === "may_apply" && !version.start_verified) return ["cannot_tell", [...because, NEW_LAW]];
  return [status, because];
}

/** @param {string} need */
const lower = (need) => need.slice(0, 1).toLowerCase() + need.slice(1).replace(/\.+$/, "");

/** @template T @param {T[]} many */
const unique = (many) => [...new Set(many)];

/** @template T @param {T | T[]} one @returns {T[]} */
export const list = (one) => (Array.isArray(one) ? one : [one]);

// ---------------------------------------------------------------- routes

/** The routes that are open, soonest first, and those that are not for this person.
 * @param {Situation} s @param {Packs} packs @returns {Pick<Plan, "routes" | "never">} */
function openRoutes(s, packs) {
  const ranked = [];
  const never = [];
  for (const route of packs.routes) {
    const barred = route.never.find((bar) => evaluate(bar.when, s) === true);
    const offer = barred ? undefined : route.offers.find((each) => evaluate(each.when, s) === true);
    if (barred) never.push({ id: route.id, because: barred.because });
    if (!offer) continue;
    const { rank, because, due } = offer;
    ranked.push({ rank, route: { id: route.id, name: route.name, because, due } });
  }
  ranked.sort((a, b) => a.rank - b.rank || compare(a.route.id, b.route.id));
  return { routes: ranked.map((each) => each.route), never };
}

/** @param {string} a @param {string} b */
export const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
