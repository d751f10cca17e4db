/* The child rule and its sisters, as in takeback/permit.py: may this file be opened? tests/test_hash_page.py compares
   the two on every combination of answers. A fact that is missing here was not answered, and that is never a "no". */

/** @typedef {"child" | "terror" | "extreme" | "agreement"} Because */
/** @typedef {Record<string, unknown>} Answers */

const HELPERS = ["witness", "parent", "professional", "other", "helping-adult"];

/** Why a file with these answers is not taken, or null where it is. The child rule speaks first.
 * @param {Answers} a @returns {Because | null} */
export function refusal(a) {
  const harmless = a.intimate === "no" && a.indecent !== "yes";
  const adults = a.under18_real === "no" && a.under18_look === "no";
  if (!harmless && !adults) return "child";
  if ([a.terror, a.terror_useful, a.terror_copy].includes("yes")) return "terror";
  if (a.extreme_content === "yes") return "extreme";
  if (HELPERS.includes(String(a.role)) && a.intimate !== "no" && a.agreement !== "yes") return "agreement";
  return null;
}

/** What was said of the case, and then of one file in it: the stricter of the two stands.
 * @param {Answers} before @param {Answers} file @returns {Answers} */
export function strictest(before, file) {
  const both = { ...before };
  for (const [fact, answer] of Object.entries(file)) {
    if (before[fact] !== "yes") both[fact] = answer;
  }
  return both;
}
