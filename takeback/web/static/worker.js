/* The worker: a picture's bytes in, its PDQ, those of its likely edits and its SHA-256 out, one file after the other; of
   a video, its exact hashes, and the PDQ of each frame that the page hands in. It asks for its kernel when it starts and
   for nothing after.

   A worker's rules come from its own answer, not from the page that starts it. The local app answers for this file with
   "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'", so that WebAssembly runs here and
   nowhere else. On a plain static host this file has no rules of its own, so WebAssembly runs here though the page's
   own rules forbid it there (tests/test_hash_page.py sees both in Chromium). */

/** @import { Picture } from "./edits.js" */
/** @import { Kernel } from "./kernel.js" */

import { edited, shrunk } from "./edits.js";
import { KERNEL_FILE, Unhashable, loadKernel } from "./kernel.js";
import { SURE, distance } from "./likeness.js";
import { bytes as fileOf } from "./load.js";
import { declaredSize } from "./size.js";
import { Md5, Sha256 } from "./sums.js";
import { _ } from "./words.js";

const MEGAPIXELS = 100;
const LARGEST = 256 << 20; // bytes of a file
const DAMAGED = _("This file can't be opened as a picture. It may be damaged: try saving it again from where you got it.");
const EMPTY = _("This file is empty. Try saving it again from where you got it.");
const TOO_LONG = _("This file is too big to open here: more than 256 megabytes. Try a single picture out of it.");
const TOO_LARGE = _("This picture is too large to be hashed here: more than 100 megapixels. Try a smaller copy.");
const NO_ROOM = _("This device has too little memory for this picture. Close other pages, or try a smaller copy.");

const UNREAD = _("This file can't be read any more. Look whether it is still where it was, then choose it again.");
const PIECE = 4 << 20; // bytes of a video that are read at a time

const NEW = 4; // bits by which a hash must differ from those before it, to say anything new

/** One kernel for pictures and one for their edits, which are smaller: what was written to it is wiped each time. */
const kernels = fileOf(KERNEL_FILE).then((wasm) => Promise.all([loadKernel(wasm), loadKernel(wasm)]));

kernels.then(
  () => postMessage({ ready: true }),
  () => postMessage({ ready: false }),
);

/** One file at a time: several large pictures open at once are more than a phone has room for. */
let turn = Promise.resolve();
/** What was stopped while it waited or was worked on. @type {Set<number>} */
const stopped = new Set();
addEventListener("message", ({ data: { id, stop, ...about } }) => {
  if (stop) stopped.add(id);
  else turn = turn.then(() => answer(id, about));
});

/** @param {number} id @param {{ file?: File, sums?: File, bitmap?: ImageBitmap }} about */
async function answer(id, { file, sums, bitmap }) {
  const tell = (/** @type {object} */ word) => postMessage({ id, ...word });
  try {
    if (bitmap) tell((await kernels)[0].pdq(...drawn(bitmap)));
    else if (sums) tell(await summed(sums, tell, () => stopped.has(id)));
    else if (file && !stopped.has(id)) tell(await hash(file, tell));
  } catch (cause) {
    tell({ error: cause instanceof Unhashable ? cause.message : sums ? UNREAD : DAMAGED });
  }
}

/** The exact hashes of a file of any size. @param {File} file @param {(word: object) => void} tell
 * @param {() => boolean} over  whether nobody waits for them any more */
async function summed(file, tell, over) {
  const [sha256, md5] = [new Sha256(), new Md5()];
  for (let at = 0; at < file.size && !over(); at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    sha256.add(piece);
    md5.add(piece);
    tell({ step: Math.min(0.999, (at + PIECE) / file.size) });
  }
  return { sha256: sha256.end(), md5: md5.end() };
}

/** The hash of a picture is told as soon as it is there, those of its edits later.
 * @param {File} file @param {(word: object) => void} tell */
async function hash(file, tell) {
  const progress = /** @param {number} step  how much is done, 0 to 1 */ (step) => tell({ step });
  if (file.size === 0) throw new Unhashable("empty", EMPTY);
  if (file.size > LARGEST) throw new Unhashable("too-long", TOO_LONG);
  const bytes = new Uint8Array(await file.arrayBuffer());
  progress(0.2);
  const size = declaredSize(bytes);
  if (size && size[0] * size[1] > MEGAPIXELS * 1e6) throw new Unhashable("too-large", TOO_LARGE);
  const sha256 = crypto.subtle ? hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) : null;
  progress(0.4);
  const { data, width, height } = await pixels(file);
  progress(0.8);
  const [kernel, small] = await kernels;
  const whole = kernel.pdq(data, width, height);
  if (whole.quality >= SURE) tell({ ...whole, sha256, more: true });
  const edits = whole.quality < SURE ? [] : editsOf(shrunk(data, width, height), whole.value, small);
  return { ...whole, sha256, edits };
}

/** The hashes of likely edits; those that services would refuse, or that say nothing new, are left out.
 * @param {Picture} picture @param {string} whole @param {Kernel} kernel */
function editsOf(picture, whole, kernel) {
  /** @type {{ name: string, value: string }[]} */
  const kept = [];
  for (const { name, picture: { pixels, width, height } } of edited(picture)) {
    const { value, quality } = kernel.pdq(new Uint8Array(pixels.buffer), width, height);
    const isNew = [whole, ...kept.map((one) => one.value)].every((other) => distance(value, other) > NEW);
    if (quality >= SURE && isNew) kept.push({ name, value });
  }
  return kept;
}

/** The picture's own bytes of colour, turned the way it is shown. @param {File} file */
async function pixels(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const [data, width, height] = drawn(bitmap);
  return { data, width, height };
}

/** The bytes of colour of a bitmap, which is gone then.
 * @param {ImageBitmap} bitmap @returns {[Uint8ClampedArray, number, number]} */
function drawn(bitmap) {
  const { width, height } = bitmap;
  if (width * height > MEGAPIXELS * 1e6) throw new Unhashable("too-large", TOO_LARGE);
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no room for a canvas");
    context.drawImage(bitmap, 0, 0);
    return [context.getImageData(0, 0, width, height).data, width, height];
  } catch {
    throw new Unhashable("no-memory", NO_ROOM); // phones give a canvas less room than a picture
  } finally {
    bitmap.close();
  }
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
