/* In the one file that opens from a USB stick: everything that a page loads is carried in the file. The worker gets what
   it needs in front of its own text (carried); the page reads the rest from the element that holds it. */

const inWorker = typeof document === "undefined";
/** @type {Record<string, any>} */
const carried = inWorker
  ? /** @type {any} */ (globalThis).carried
  : JSON.parse(document.getElementById("carried")?.textContent ?? "{}");

/** @param {string} address */
export const json = async (address) => carried[address];

/** @param {string} name @returns {Promise<ArrayBuffer>} */
export const bytes = async (name) => Uint8Array.from(atob(carried[name]), (letter) => letter.charCodeAt(0)).buffer;

/** A blob's worker has the rules of the page that starts it. @returns {[string, WorkerOptions]} */
export function worker() {
  const blob = new Blob([carried["worker.js"]], { type: "text/javascript" });
  return [URL.createObjectURL(blob), { type: "classic" }];
}
