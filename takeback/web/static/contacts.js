/* Ways to reach someone: only what was checked becomes something to tap, the rest is named. */

/** @import { Contact, Packs, RoutePack, Situation, Way } from "../terms" */

import { h } from "./dom.js";
import { isYoung } from "./voice.js";
import { _ } from "./words.js";

/** The names that a contact's nations may have for each answer of victim_nation; people.py says the same. */
const PLACES = {
  "england-wales": ["EW", "ENGLAND", "WALES"],
  scotland: ["SC"],
  "northern-ireland": ["NI"],
};
const UK = Object.values(PLACES).flat();

/** The people behind a route who serve where the person is, and their age: all of them where that is not known.
 * @param {Packs} packs @param {RoutePack} route @param {Situation} situation */
export function contactsOf(packs, route, situation) {
  const here = PLACES[/** @type {keyof typeof PLACES} */ (situation.answers.victim_nation)];
  const serves = /** @param {Contact} one */ (one) =>
    !here || !one.nations.some((place) => UK.includes(place)) || one.nations.some((place) => here.includes(place));
  const young = isYoung(packs, situation);
  return route.contacts.flatMap((id) => packs.contacts[id] ?? []).filter((one) => serves(one) && !(young && one.adults));
}

/** @param {Way} way */
function address(way) {
  if (way.by === "email") return `mailto:${way.to}`;
  if (/^https?:/.test(way.to)) return way.to;
  return (way.by === "text" ? "sms:" : "tel:") + way.to.replace(/[^+\d]/g, "");
}

/** @param {Way} way */
function invitation(way) {
  if (/^https?:/.test(way.to)) return way.to.replace(/^https?:\/\/(www\.)?/, "").replace(/[/?#].*/, "");
  return {
    phone: _("Call {number}", { number: way.to }),
    text: _("Text {number}", { number: way.to }),
    relay: _("Relay UK {number}", { number: way.to }),
    email: way.to,
    web: way.to,
    chat: way.to,
  }[way.by];
}

/** Something to tap. Another site opens beside this page, since this page forgets when it is left.
 * @param {Way} way @param {string} name @param {string} kind */
function tap(way, name, kind = "tap") {
  const web = /^https?:/.test(way.to);
  const [first, second] = web && name ? [name, invitation(way)] : [invitation(way), name];
  const away = web && { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { class: kind, href: address(way), ...away }, h("b", {}, first), second && " ", second && h("span", {}, second));
}

/** The first way to reach each. @param {Contact[]} contacts
 * @param {boolean} danger whether the first is a matter of life */
export function firstTaps(contacts, danger = false) {
  const reachable = contacts.filter((one) => one.ways.some((way) => way.offered));
  return reachable.map((one, i) => {
    const way = /** @type {Way} */ (one.ways.find((each) => each.offered));
    return tap(way, one.name, danger && i === 0 ? "tap danger" : "tap");
  });
}

/** One contact with all that we know of it. @param {Contact} one */
export function contactNode(one) {
  const unchecked = one.ways.filter((way) => !way.offered).map((way) => way.to);
  const [takes, leaves, sees] = one.service;
  const facts = [takes && _("It takes: {what}", { what: takes }), leaves && _("What leaves your device: {what}", { what: leaves }),
    sees && _("Who sees it: {who}", { who: sees }), one.hours, one.cost, one.anonymous && _("Staying anonymous: {answer}", { answer: one.anonymous }), one.note].filter(Boolean);
  return h(
    "div",
    { class: "contact" },
    h("p", {}, h("b", {}, one.name)),
    ...one.ways.filter((way) => way.offered).map((way) => tap(way, "")),
    unchecked.length > 0 && h("p", { class: "soft" }, _("Not checked, so not a button: {ways}.", { ways: unchecked.join(", ") })),
    h("ul", { class: "facts" }, ...facts.map((fact) => h("li", {}, fact))),
  );
}
