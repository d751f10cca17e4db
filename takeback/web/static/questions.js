/* The interview: the next question worth asking, how many are ahead, and which laws a person came for. The twin of
   takeback/interview.py, to the bit. No DOM, no clock, no network. */

/** @import { Law, Packs, Plan, Question, RoutePack, Rule, Situation } from "../terms" */

import { asked, compare, evaluate, leaves, settle, weighed } from "./engine.js";
import { likeliest, Odds, ONE, times } from "./odds.js";

const ABOUT = "about"; // the kinds that the person came for
const PATIENCE = 400; // after n questions, one more has to have a chance of n in so many to matter
const LONGEST = 20; // nobody is asked more
const FIRST = 3; // so many routes are what to do first
const DANGER = 3; // a missed danger weighs half as much again as anything else
const OTHER = 2;

/** Comes about when all of `needs` is true and no bar is. @typedef {{ needs: Rule[], bars: Rule[], weight: number, route: boolean }} Goal */
/** An open part of a goal, and what it waits for. @typedef {{ rule: Rule, bar: boolean, waits: Set<string> }} Part */

/** @param {Rule[]} needs @param {Rule[]} bars @param {Partial<Goal>} more @returns {Goal} */
const goal = (needs, bars = [], more = {}) => ({ needs, bars, weight: OTHER, route: false, ...more });

/** The question to ask now, or null when none is worth it. @param {Situation} s @param {Packs} packs
 * @param {Plan} plan @returns {Question | null} */
export function nextQuestion(s, packs, plan) {
  const [first] = unopened(s, packs);
  const [best] = first ? [] : [...worths(s, packs, plan)].sort(([a, x], [b, y]) => y - x || compare(a, b));
  const id = first ?? best?.[0];
  return id === undefined ? null : { id, ask: packs.facts[id].ask };
}

/** The most questions that may still come, as things stand. @param {Situation} s @param {Packs} packs
 * @param {Plan} plan */
export function left(s, packs, plan) {
  const first = unopened(s, packs);
  const worthy = new Set([...first, ...worths(s, packs, plan).keys()]).size;
  return Math.min(worthy, Math.max(first.length, LONGEST - told(s)));
}

/** @param {Situation} s */
const told = (s) => Object.keys(s.answers).length + s.unsure.length;

/** Whether a law is of a kind that the person came for, or seems to have. @param {Law} law @param {Situation} s
 * @param {Packs} packs */
export function meant(law, s, packs) {
  const about = s.answers[ABOUT];
  const kinds = Array.isArray(about) ? about : likeliest(s, packs).flatMap(([sketch]) => sketch.kinds);
  return kinds.some((kind) => law.kinds.includes(kind));
}

/** What is asked before all else and still open. @param {Situation} s @param {Packs} packs */
function unopened(s, packs) {
  const settled = settle(s, packs);
  return packs.opening.filter((fact) => !asked(fact, settled));
}

/** What is at stake with each question that is worth asking now. @param {Situation} s @param {Packs} packs
 * @param {Plan} plan @returns {Map<string, number>} */
function worths(s, packs, plan) {
  if (told(s) >= LONGEST) return new Map();
  const settled = settle(s, packs);
  const stakes = new Stakes(settled, packs);
  const enough = Math.floor((OTHER * ONE * told(s)) / PATIENCE);
  const worth = new Map();
  const routes = new Map();
  const most = new Map();
  for (const each of goals(settled, packs, plan)) {
    for (const [fact, stake] of stakes.of(each, enough)) {
      most.set(fact, Math.max(stake, most.get(fact) ?? 0));
      if (each.route) routes.set(fact, Math.max(stake, routes.get(fact) ?? 0));
      else worth.set(fact, (worth.get(fact) ?? 0) + stake);
    }
  }
  const worthy = [...most].filter(([fact, stake]) => stake >= enough && stakes.ripe(fact));
  return new Map(worthy.map(([fact]) => [fact, (worth.get(fact) ?? 0) + (routes.get(fact) ?? 0)]));
}

// ---------------------------------------------------------------- what is at stake

class Stakes {
  /** @param {Situation} settled @param {Packs} packs */
  constructor(settled, packs) {
    this.odds = new Odds(settled, packs);
    /** What each question rests on that does not make sense yet. @type {Map<string, string[]>} */
    this.gates = new Map();
    for (const fact of this.odds.waits) {
      const { only } = packs.facts[fact];
      if (only && evaluate(only, settled) === null) this.gates.set(fact, leaves(only).map((leaf) => leaf.fact));
    }
  }

  /** Whether a question makes sense already. @param {string} fact */
  ripe(fact) {
    return !this.gates.has(fact);
  }

  /** Each question that bears on a goal, and the chance that the goal goes wrong without it, times its weight.
   * @param {Goal} goal @param {number} enough @returns {[string, number][]} */
  of(goal, enough) {
    const parts = open(goal, this.odds.s);
    const wanted = parts.some((part) => !part.bar);
    /** @type {number[][]} */
    const each = [];
    let soFar = this.odds.certain;
    for (const part of parts) {
      each.push(this.comes(part));
      soFar = times(soFar, each[each.length - 1]);
      if (wanted && this.odds.over(soFar) * goal.weight < enough) return [];
    }
    const whole = this.odds.over(soFar);
    if (!wanted && (ONE - whole) * goal.weight < enough) return [];
    return this.without(parts).map(([fact, shut]) => {
      const leftOut = parts.reduce((chances, part, n) => {
        const touched = [...part.waits].some((waits) => shut.has(waits));
        return times(chances, touched ? this.comes(part, shut) : each[n]);
      }, this.odds.certain);
      return [fact, Math.abs(whole - this.odds.over(leftOut)) * goal.weight];
    });
  }

  /** How likely a part lets its goal come about. @param {Part} part @param {ReadonlySet<string>} [shut] */
  comes(part, shut) {
    const [yes] = this.odds.chance(part.rule, shut);
    return part.bar ? yes.map((one) => ONE - one) : yes;
  }

  /** Each question that open parts wait for, and what is never asked without it: itself, and what rests on it.
   * @param {Part[]} parts @returns {[string, Set<string>][]} */
  without(parts) {
    const facts = new Set(parts.flatMap((part) => [...part.waits]));
    const before = [...facts].flatMap((fact) => this.gates.get(fact) ?? []);
    const may = [...new Set([...facts, ...before])].filter((fact) => this.odds.waits.has(fact));
    return may.map((fact) => [fact, new Set([fact, ...[...facts].filter((name) => this.gates.get(name)?.includes(fact))])]);
  }
}

/** The open parts of a goal; none where it can't come about any more, or has. @param {Goal} goal @param {Situation} s
 * @returns {Part[]} */
function open(goal, s) {
  /** @type {Part[]} */
  const parts = [];
  for (const [bar, rules] of /** @type {[boolean, Rule[]][]} */ ([[false, goal.needs], [true, goal.bars]])) {
    for (const rule of rules) {
      const [value, still] = weighed(rule, s);
      if (value === bar) return [];
      if (value === null) parts.push({ rule, bar, waits: new Set(still.map((leaf) => leaf.fact)) });
    }
  }
  return parts;
}

// ---------------------------------------------------------------- what an answer can still change

/** @param {Situation} s settled @param {Packs} packs @param {Plan} plan @returns {Goal[]} */
function goals(s, packs, plan) {
  const dangers = [
    ...(plan.danger === "immediate" ? [] : [goal([packs.immediate], [], { weight: DANGER })]),
    ...(plan.danger === "none" ? [goal([packs.check], [packs.immediate])] : []),
  ];
  const laws = packs.laws.filter((law, n) => {
    const { start_verified, start } = law.versions[law.versions.length - 1];
    return plan.findings[n].status !== "unlikely" && start_verified && !(start && start > plan.on);
  });
  const applying = laws.map((law) => goal(law.versions[law.versions.length - 1].elements.map((e) => e.rule), bars(law)));
  return [...dangers, ...applying, ...firstRoutes(s, packs)];
}

/** What keeps a law from applying: its exceptions, and a day outside of all its versions. @param {Law} law
 * @returns {Rule[]} */
function bars(law) {
  const { by, start, end, unless } = law.versions[law.versions.length - 1];
  const exceptions = unless.map((exception) => exception.when);
  if (!by || !(start || end)) return exceptions;
  const days = law.versions.map((version) => ({ fact: by, from: version.start, to: version.end }));
  return [...exceptions, { not: { any: days } }];
}

/** Each offer that would change which routes come first, and each bar that would take one of them away.
 * @param {Situation} s @param {Packs} packs @returns {Goal[]} */
function firstRoutes(s, packs) {
  const open = packs.routes.filter((route) => !route.never.some((bar) => evaluate(bar.when, s) === true));
  const taken = new Map(open.map((route) => [route.id, offerNow(route, s)]));
  /** @param {{ rank: number, id: string }} a @param {{ rank: number, id: string }} b */
  const before = (a, b) => a.rank - b.rank || compare(a.id, b.id);
  const offered = open.filter((route) => (taken.get(route.id) ?? 0) < route.offers.length);
  const order = offered.map((route) => ({ rank: route.offers[taken.get(route.id) ?? 0].rank, id: route.id })).sort(before);
  return open.flatMap((route) => {
    const place = order.findIndex((each) => each.id === route.id);
    const now = place < 0 ? packs.routes.length : place;
    const never = route.never.map((bar) => bar.when);
    const lost = now < FIRST ? never.map((bar) => goal(conditions(bar), [], { route: true })) : [];
    const gained = route.offers.slice(0, taken.get(route.id)).filter(({ rank }) => {
      const then = order.filter((each) => each.id !== route.id && before(each, { rank, id: route.id }) < 0).length;
      return then !== now && Math.min(then, now) < FIRST;
    });
    return [...lost, ...gained.map((offer) => goal(conditions(offer.when), never, { route: true }))];
  });
}

/** Which offer of a route holds now, or how many there are where none does. @param {RoutePack} route
 * @param {Situation} s */
function offerNow(route, s) {
  const now = route.offers.findIndex((offer) => evaluate(offer.when, s) === true);
  return now < 0 ? route.offers.length : now;
}

/** @param {Rule} rule */
const conditions = (rule) => ("all" in rule ? rule.all : [rule]);
