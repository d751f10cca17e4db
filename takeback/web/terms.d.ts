/* The shapes that the browser's side shares: the packs as takeback/compiled.py writes them, and what the engine
   returns. The twin of takeback/terms.py, for the type checker only: no page loads it. */

export type Answer = string | number | string[];
export type Status = "may_apply" | "cannot_tell" | "unlikely";
export type Danger = "none" | "check" | "immediate";
/** True, false, or null where the answers leave it open. */
export type Open = boolean | null;

export interface Situation {
  answers: Record<string, Answer>;
  unsure: string[];
}

export interface Is { fact: string; is: string[] }
export interface Between { fact: string; from: string | null; to: string | null }
export interface AtLeast { fact: string; min: number }
export type Leaf = Is | Between | AtLeast;
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | Leaf;

export interface Fact {
  type: "yes_no" | "choice" | "many" | "date" | "number";
  ask: string;
  values: string[];
  labels: Record<string, string>;
  said: Record<string, string>;
  help: string;
  why: string;
  asked: boolean;
  only: Rule | null;
}

/** Of a hundred people, how many give which answer to which fact. */
export type Says = Record<string, Record<string, number>>;
export interface Sketch { share: number; kinds: string[]; says: Says }

export interface Element { rule: Rule; need: string; why_not: string }
export interface Unless { when: Rule; then: "unlikely" | "cannot_tell"; why: string }
export interface Version {
  start: string | null;
  end: string | null;
  by: string | null;
  start_verified: boolean;
  cite: string;
  elements: Element[];
  unless: Unless[];
  why_not_date: string;
  unsettled: string;
  maximum: string;
  limit: string;
  anonymity: string;
}

export interface Law {
  id: string;
  title: string;
  nation: string;
  kinds: string[];
  grade: string;
  checked: string;
  versions: Version[];
}

export interface RoutePack {
  id: string;
  name: string;
  kind: string;
  contacts: string[];
  what: string;
  next: string;
  without_report: boolean;
  offers: { when: Rule; rank: number; because: string; due: string | null; young: string }[];
  never: { when: Rule; because: string; young: string }[];
  young: { name: string; what: string; next: string } | null;
  grade: string;
}

export interface Way { by: "phone" | "text" | "email" | "web" | "chat" | "relay"; to: string; offered: boolean }
export interface Contact {
  name: string;
  nations: string[];
  adults: boolean;
  ways: Way[];
  hours: string;
  cost: string;
  anonymous: string;
  note: string;
  service: string[];
}

export interface Packs {
  covered_from: string;
  opening: string[];
  immediate: Rule;
  check: Rule;
  voice: { young: Rule; grown: Rule; opening: string; first: string };
  settles: { when: Rule; fact: string; value: Answer }[];
  anyone: Says;
  likely: { when: Rule; says: Says }[];
  sketches: Sketch[];
  facts: Record<string, Fact>;
  laws: Law[];
  routes: RoutePack[];
  contacts: Record<string, Contact>;
}

export interface Finding {
  law: string;
  status: Status;
  title: string;
  cite: string;
  because: string[];
  needs: string[];
}
export interface Route { id: string; name: string; because: string; due: string | null }
export interface NotFor { id: string; because: string }
export interface Question { id: string; ask: string }
export interface Plan {
  on: string;
  danger: Danger;
  findings: Finding[];
  routes: Route[];
  never: NotFor[];
}
