/* How likely each answer is, guessed from the sketches that best fit what was told so far: the twin of
   takeback/odds.py. Whole numbers only, all far below 2^53, so that both guess the same to the bit. */

/** @import { Answer, Fact, Leaf, Packs, Rule, Situation, Sketch } from "../terms" */

import { asked, evaluate, leaves, list } from "./engine.js";

export const ONE = 65536; // certainty
const HUNDRED = 100;
const LIKELIEST = 3; // so many sketches guess
const BLUR = 2; // of a hundred people, so many more give any answer than a sketch says
const RARE = { yes: 1, no: 3 }; // what is told of a yes or no that no sketch speaks of
const ABOUT = "about"; // the kinds a person came for follow from those of a sketch
const OWN = 60;
const OTHER = 1;
/** @type {ReadonlySet<string>} */
const NONE = new Set();

/** One number a sketch: how likely a rule comes out true, and false. @typedef {[number[], number[]]} Chances */

/** The likeliest sketches after these answers, with their weights. @param {Situation} s @param {Packs} packs
 * @returns {[Sketch, number][]} */
export function likeliest(s, packs) {
  const weights = weigh(s, packs);
  const best = weights.map((_, n) => n).sort((a, b) => weights[b] - weights[a] || a - b).slice(0, LIKELIEST);
  return best.map((n) => [packs.sketches[n], weights[n]]);
}

/** What they expect of the questions that were not asked yet. */
export class Odds {
  /** @param {Situation} s settled @param {Packs} packs */
  constructor(s, packs) {
    const best = likeliest(s, packs);
    this.s = s;
    this.packs = packs;
    /** The questions that may still be asked. */
    this.waits = new Set(Object.keys(packs.facts).filter((id) => mayBeAsked(id, s, packs)));
    this.likely = packs.likely.filter((one) => evaluate(one.when, s) === true).map((one) => one.says);
    this.sketches = best.map(([sketch]) => sketch);
    this.weights = best.map(([, weight]) => weight);
    this.whole = sum(this.weights);
    this.certain = best.map(() => ONE);
    this.never = best.map(() => 0);
    /** @type {Map<string, Chances>} */
    this.leaves = new Map();
  }

  /** The average of what the sketches expect, by weight. @param {number[]} chances */
  over(chances) {
    return Math.floor(sum(chances.map((one, n) => this.weights[n] * one)) / this.whole);
  }

  /** If all is asked but what is `shut`; answers are independent. @param {Rule} rule @param {ReadonlySet<string>} shut
   * @returns {Chances} */
  chance(rule, shut = NONE) {
    if ("not" in rule) {
      const [yes, no] = this.chance(rule.not, shut);
      return [no, yes];
    }
    if (!("all" in rule || "any" in rule)) return shut.has(rule.fact) ? [this.never, this.never] : this.leaf(rule);
    const turned = "any" in rule; // `any` is `all` with true and false exchanged
    let every = this.certain;
    let none = this.certain;
    for (const part of "any" in rule ? rule.any : rule.all) {
      const [yes, no] = this.chance(part, shut);
      every = times(every, turned ? no : yes);
      none = times(none, (turned ? yes : no).map((one) => ONE - one));
    }
    const some = none.map((one) => ONE - one);
    return turned ? [some, every] : [every, some];
  }

  /** @param {Leaf} leaf @returns {Chances} */
  leaf(leaf) {
    const key = JSON.stringify(leaf);
    const known = this.leaves.get(key) ?? this.reckon(leaf);
    this.leaves.set(key, known);
    return known;
  }

  /** @param {Leaf} leaf @returns {Chances} */
  reckon(leaf) {
    const value = evaluate(leaf, this.s);
    if (value !== null) return value ? [this.certain, this.never] : [this.never, this.certain];
    if (!this.waits.has(leaf.fact)) return [this.never, this.never];
    const rows = this.sketches.map((sketch) => this.rows(leaf.fact, sketch));
    /** @param {boolean} so */
    const held = (so) => rows.map((each) => sum(each.filter(([answer]) => holds(leaf, answer) === so).map(([, n]) => n)));
    return [held(true), held(false)];
  }

  /** The chance of each answer to a question. @param {string} fact @param {Sketch} sketch @returns {[string, number][]} */
  rows(fact, sketch) {
    const likely = this.likely.find((says) => fact in says);
    const rows = likely ? likely[fact] : says(sketch, fact, this.packs);
    const whole = Math.max(HUNDRED, sum(Object.values(rows)));
    return Object.entries(rows).map(([answer, n]) => [answer, Math.floor((n * ONE) / whole)]);
  }
}

/** One chance after another, a sketch at a time. @param {number[]} chances @param {number[]} more */
export const times = (chances, more) => chances.map((one, n) => Math.floor((one * more[n]) / ONE));

/** @param {Leaf} leaf @param {string} answer */
const holds = (leaf, answer) => evaluate(leaf, { answers: { [leaf.fact]: answer }, unsure: [] });

/** @param {number[]} many */
const sum = (many) => many.reduce((total, one) => total + one, 0);

/** Whether a question is still open, and not asked only of others. @param {string} id @param {Situation} s
 * @param {Packs} packs */
function mayBeAsked(id, s, packs) {
  const { asked: ever, only } = packs.facts[id];
  if (!ever || asked(id, s)) return false;
  const value = only ? evaluate(only, s) : true;
  return value === true || (value === null && only !== null && leaves(only).some((leaf) => !asked(leaf.fact, s)));
}

// ---------------------------------------------------------------- how well a sketch fits

/** The weight of each sketch, in parts of ONE. @param {Situation} s @param {Packs} packs */
function weigh(s, packs) {
  let weights = packs.sketches.map((sketch) => sketch.share);
  for (const [id, fact] of Object.entries(packs.facts)) {
    if (!asked(id, s) || !tells(id, fact, s)) continue;
    const fit = packs.sketches.map((sketch, n) => weights[n] * (given(id, s.answers[id], sketch, packs) + BLUR));
    const whole = sum(fit);
    weights = fit.map((one) => Math.max(1, Math.floor((one * ONE) / whole)));
  }
  return weights;
}

/** Whether what was said to a question tells one sketch from another. @param {string} id @param {Fact} fact
 * @param {Situation} s */
function tells(id, fact, s) {
  if (fact.type === "date" || !fact.asked) return false;
  return id in s.answers || (id !== ABOUT && (!fact.only || evaluate(fact.only, s) === true));
}

/** How many of a hundred people with this sketch say so. @param {string} id @param {Answer | undefined} answer
 * undefined for "I don't know" @param {Sketch} sketch @param {Packs} packs */
function given(id, answer, sketch, packs) {
  const rows = says(sketch, id, packs);
  if (answer === undefined) return Math.max(0, HUNDRED - sum(Object.values(rows)));
  if (packs.facts[id].type !== "number") return Math.max(...list(answer).map((one) => rows[one] ?? 0));
  const reached = Object.keys(rows).map(Number).filter((number) => number <= Number(answer));
  return reached.length ? rows[Math.max(...reached)] : 0;
}

/** How many of a hundred people with this sketch give each answer. @param {Sketch} sketch @param {string} id
 * @param {Packs} packs @returns {Record<string, number>} */
function says(sketch, id, packs) {
  const { type, values } = packs.facts[id];
  if (id === ABOUT) return Object.fromEntries(values.map((kind) => [kind, sketch.kinds.includes(kind) ? OWN : OTHER]));
  return sketch.says[id] ?? packs.anyone[id] ?? (type === "yes_no" ? RARE : {});
}
