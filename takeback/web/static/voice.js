/* To whom the plan speaks: where the person is under 18, in words for a young person, wherever a pack has them. The twin
   of takeback/voice.py; who that is, and the words, are data (packs/voice.toml and `young` in the packs). */

/** @import { NotFor, Packs, Route, RoutePack, Situation } from "../terms" */
/** A route as it is said to this person. @typedef {{ name: string, because: string, what: string, next: string }} Said */

import { evaluate } from "./engine.js";

/** @param {Packs} packs @param {Situation} s */
export const isYoung = (packs, s) => evaluate(packs.voice.young, s) === true && evaluate(packs.voice.grown, s) !== true;

/** @param {Packs} packs @param {{ id: string }} route */
export const packOf = (packs, route) => /** @type {RoutePack} */ (packs.routes.find((each) => each.id === route.id));

/** What is said of a route of this person's plan. @param {Packs} packs @param {Route} route @param {Situation} s
 * @returns {Said} */
export function saidOf(packs, route, s) {
  const pack = packOf(packs, route);
  const plain = { name: route.name, because: route.because, what: pack.what, next: pack.next };
  return isYoung(packs, s) ? { ...plain, ...pack.young, because: reason(pack, route.because) } : plain;
}

/** Why a route is not for this person. @param {Packs} packs @param {NotFor} bar @param {Situation} s */
export const barred = (packs, bar, s) => (isYoung(packs, s) ? reason(packOf(packs, bar), bar.because) : bar.because);

/** The routes in the order in which they are said: for a young person, whom to tell comes before what to fill in.
 * @param {Packs} packs @param {Route[]} routes @param {Situation} s */
export function ordered(packs, routes, s) {
  if (!isYoung(packs, s)) return routes;
  const rank = /** @param {Route} route */ (route) =>
    packOf(packs, route).kind === "danger" ? 0 : route.id === packs.voice.first ? 1 : 2;
  return [...routes].sort((a, b) => rank(a) - rank(b));
}

/** @param {RoutePack} pack @param {string} because */
function reason(pack, because) {
  const young = [...pack.never, ...pack.offers].filter((one) => one.because === because && one.young);
  return young.at(-1)?.young || because;
}
