/* The ways to answer: one for each type of question. A field shows what was answered before, and reads what is
   answered now: the answer, or one sentence saying what to do about it. Nothing has a name that a browser would keep. */

/** @import { Answer, Fact } from "../terms" */
/** @typedef {{ answer: Answer } | { wrong: string }} Read */
/** @typedef {{ nodes: HTMLElement[], read: () => Read }} Field */

import { h } from "./dom.js";
import { daysIn, list } from "./engine.js";
import { _ } from "./words.js";

const PLAIN = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };

/** The field for a fact. @param {Fact} fact @param {Answer | undefined} before @param {string} today
 * @returns {Field} */
export function field(fact, before, today) {
  if (fact.type === "date") return days(before, today);
  if (fact.type === "number") return number(before);
  return choices(fact, before);
}

/** What a person taps for an answer. @param {Fact} fact @param {string} value */
export const label = (fact, value) => fact.labels[value] ?? { yes: _("Yes"), no: _("No") }[value] ?? value;

/** An answer as the list of answers shows it. @param {Fact} fact @param {Answer} answer */
export function spoken(fact, answer) {
  if (fact.type === "number") return String(answer);
  if (fact.type === "date") return String(answer).split("-").reverse().join("/");
  return list(answer).map((value) => label(fact, String(value))).join("; ");
}

/** @param {Fact} fact @param {Answer | undefined} before @returns {Field} */
function choices(fact, before) {
  const chosen = before === undefined ? [] : list(before);
  const many = fact.type === "many";
  const inputs = fact.values.map((value) =>
    h("input", { ...PLAIN, type: many ? "checkbox" : "radio", name: "choice", checked: chosen.includes(value) }),
  );
  const items = inputs.map((input, i) =>
    h("li", {}, h("label", { class: "choice" }, input, h("span", {}, label(fact, fact.values[i])))),
  );
  const nothing = inputs[fact.values.indexOf("none")]; // "none of these" and the others rule each other out
  for (const input of many && nothing ? inputs : []) {
    input.addEventListener("change", () => {
      for (const other of inputs) other.checked &&= other === input || (input !== nothing && other !== nothing);
    });
  }
  const read = () => {
    const picked = fact.values.filter((_, i) => inputs[i].checked);
    if (!picked.length) return { wrong: many ? _("Choose at least one answer, or press “I don't know”.") : _("Choose an answer, or press “I don't know”.") };
    return { answer: many ? picked : picked[0] };
  };
  return { nodes: [h("ul", { class: "choices" }, ...items)], read };
}

/** @param {string} words @param {string} value @param {number} length */
function digits(words, value, length) {
  const input = h("input", { ...PLAIN, type: "text", inputmode: "numeric", maxlength: length, size: length, value });
  return { input, node: h("label", {}, words, input) };
}

/** @param {Answer | undefined} before @returns {Field} */
function number(before) {
  const { input, node } = digits(_("How many, at least?"), before === undefined ? "" : String(before), 4);
  const read = () => {
    const text = input.value.trim();
    return /^\d+$/.test(text) ? { answer: Number(text) } : { wrong: _("Write a whole number, such as 3.") };
  };
  return { nodes: [node], read };
}

/** @param {Answer | undefined} before @param {string} today @returns {Field} */
function days(before, today) {
  const [y = "", m = "", d = ""] = before === undefined ? [] : String(before).split("-");
  const [day, month, year] = [digits(_("Day"), d, 2), digits(_("Month"), m, 2), digits(_("Year"), y, 4)];
  const nodes = [
    h("p", { class: "soft" }, _("The year alone is fine. Add the month and the day if you know them.")),
    h("div", { class: "days" }, day.node, month.node, year.node),
  ];
  return { nodes, read: () => readDay(...texts(day.input, month.input, year.input), today) };
}

/** @param {...HTMLInputElement} inputs @returns {[string, string, string]} */
const texts = (...inputs) => /** @type {[string, string, string]} */ (inputs.map((input) => input.value.trim()));

/** A day, a month or a year as text, or what is wrong with it.
 * @param {string} day @param {string} month @param {string} year @param {string} today @returns {Read} */
export function readDay(day, month, year, today) {
  if (!/^(19|20)\d\d$/.test(year)) return { wrong: _("Give at least the year in four digits, such as {year}.", { year: today.slice(0, 4) }) };
  if (day && !month) return { wrong: _("Give the month too, or leave the day empty.") };
  const [d, m] = [day, month].map((text) => (/^\d{1,2}$/.test(text) ? Number(text) : 0));
  if (month && (m < 1 || m > 12)) return { wrong: _("A month is a number from 1 to 12.") };
  if (day && (d < 1 || d > daysIn(Number(year), m))) {
    return { wrong: _("That month has the days 1 to {last}.", { last: daysIn(Number(year), m) }) };
  }
  const parts = [year, month && String(m).padStart(2, "0"), day && String(d).padStart(2, "0")];
  const answer = parts.filter(Boolean).join("-");
  if (answer > today.slice(0, answer.length)) return { wrong: _("That day is still to come. Please look at it again.") };
  return { answer };
}
