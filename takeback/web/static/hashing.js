/* Hashing, from the page: the one worker, started once, and what it is asked for one file. Whatever goes wrong, each file
   ends in a word; nothing is fetched after the worker has its kernel, and nothing is ever sent. */

import { worker as ours } from "./load.js";
import { UNPLAYABLE, framesOf, isVideo } from "./video.js";
import { _ } from "./words.js";

/** @import { Hashed } from "./likeness.js" */
/** @typedef {{ step?: number, more?: boolean, error?: string, stopped?: boolean } & Partial<Hashed>} Word  what is said of
 * one file, `more` while the hashes of its edits are still being made */

const OLD = _("This browser can't make a hash. Try a newer one, or a computer: nothing is lost, and nothing has left this device.");
const SUMS = 0.3; // how much of the work the exact hashes of a video are

/** One worker a page. @type {ReturnType<typeof startWorker> | undefined} */
let shared;

/** Start the worker now, so that nothing has to be fetched once a picture is chosen. */
export const startHashing = () => (shared ??= startWorker());

function startWorker() {
  const [address, options] = ours();
  const worker = new Worker(trusted(address), options);
  /** @type {Map<number, (word: any) => void>} */
  const waiting = new Map();
  let [last, broken] = [0, false];
  const begun = new Promise((answered) => {
    for (const kind of ["error", "message"]) worker.addEventListener(kind, answered, { once: true });
  });
  const fail = () => {
    broken = true;
    for (const tell of waiting.values()) tell({ error: OLD });
    waiting.clear();
  };
  for (const kind of ["error", "messageerror"]) worker.addEventListener(kind, fail);
  worker.addEventListener("message", ({ data: { id, ready, ...word } }) => {
    if (ready === false) fail();
    const tell = waiting.get(id);
    if (!word.step && !word.more) waiting.delete(id);
    tell?.(word);
  });
  /** @param {object} about @param {(word: any) => void} tell @param {Transferable[]} [given] */
  const ask = (about, tell, given = []) => {
    last += 1;
    waiting.set(last, tell);
    if (broken) queueMicrotask(fail);
    else worker.postMessage({ id: last, ...about }, given);
    return last;
  };
  /** The last word about something. @param {object} about @param {Transferable[]} [given] @returns {Promise<any>} */
  const answer = (about, given) =>
    new Promise((resolve, reject) => ask(about, (word) => (word.error ? reject(new Error(word.error)) : resolve(word)), given));

  /** @param {File} file @param {AbortSignal} signal @param {(word: Word) => void} tell */
  async function video(file, signal, tell) {
    const sums = await new Promise((resolve, reject) => {
      const id = ask({ sums: file }, (word) => {
        if (word.step) tell({ step: word.step * SUMS });
        else if (word.error) reject(new Error(word.error));
        else resolve(word);
      });
      signal.addEventListener("abort", () => worker.postMessage({ id, stop: true }), { once: true });
    });
    signal.throwIfAborted();
    const hash = (/** @type {ImageBitmap} */ bitmap) => answer({ bitmap }, [bitmap]);
    const frames = await framesOf(file, hash, signal, (share) => tell({ step: SUMS + (1 - SUMS) * share }));
    return { ...sums, value: "", quality: 0, edits: [], frames: frames ?? [], note: frames ? "" : UNPLAYABLE };
  }

  /** @param {File} file @param {AbortSignal} signal @param {(word: Word) => void} tell */
  async function begin(file, signal, tell) {
    try {
      const film = isVideo(new Uint8Array(await file.slice(0, 16).arrayBuffer().catch(() => new ArrayBuffer(0))));
      signal.throwIfAborted();
      if (film) return tell(await video(file, signal, tell));
      const id = ask({ file }, (word) => signal.aborted || tell(word));
      signal.addEventListener("abort", () => {
        waiting.delete(id);
        worker.postMessage({ id, stop: true });
        tell({ stopped: true });
      });
    } catch (cause) {
      tell(signal.aborted ? { stopped: true } : { error: cause instanceof Error ? cause.message : OLD });
    }
  }

  return {
    begun, // settles once the worker runs, or can't
    /** @param {File} file @param {AbortSignal} signal  stops it @param {(word: Word) => void} tell */
    hash: (file, signal, tell) => void begin(file, signal, tell),
  };
}

/** The one script address that this page may start; its rules know no other (trusted-types takeback).
 * @param {string} address @returns {string} */
function trusted(address) {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  return types ? types.createPolicy("takeback", { createScriptURL: () => address }).createScriptURL("") : address;
}
