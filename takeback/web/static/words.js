/* What a person reads, in their language; the twin of takeback/words.py. A sentence stands in English where it is said:
   _("Go on") or _("Open {name} again", { name }), and n_("one file", "{n} files", n) where it counts. What the language
   lacks is said in English. Write the sentence out in quotes: the catalogue's template is made by reading our modules. */

import { catalogue } from "./language.js";

/** @typedef {Record<string, string | number>} Values */

/** A sentence with its values filled in. @param {string} text @param {Values} [values] */
export const _ = (text, values) => filled(catalogue.said[text]?.[0] ?? text, values);

/** A sentence that counts, in the form that the language has for `n`. @param {string} one @param {string} many
 * @param {number} n @param {Values} [values] */
export function n_(one, many, n, values) {
  const forms = catalogue.said[one];
  const said = forms ? forms[Math.min(form(n), forms.length - 1)] : n === 1 ? one : many;
  return filled(said, { n, ...values });
}

/** The forms of 0 to 199 are in the catalogue; a larger number counts like its last two digits.  @param {number} n */
const form = (n) => catalogue.forms[n < 200 ? n : 100 + (n % 100)] ?? 0;

/** @param {string} text @param {Values} [values] */
const filled = (text, values) => (values ? text.replace(/\{(\w+)\}/g, (slot, name) => String(values[name] ?? slot)) : text);
