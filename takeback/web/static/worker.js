/* The worker: a file's bytes in, its PDQ and SHA-256 out. It asks for its kernel when it starts and for nothing after.

   A worker's rules come from its own answer, not from the page that starts it. The local app answers for this file with
   "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'", so that WebAssembly runs here and
   nowhere else. On a plain static host this file has no rules of its own, so WebAssembly runs here though the page's
   own rules forbid it there (tests/test_hash_page.py sees both in Chromium). */

import { KERNEL_FILE, Unhashable, loadKernel } from "./kernel.js";
import { bytes as fileOf } from "./load.js";
import { declaredSize } from "./size.js";
import { _ } from "./words.js";

const MEGAPIXELS = 100;
const LARGEST = 256 << 20; // bytes of a file
const DAMAGED = _("This file can't be opened as a picture. It may be damaged: try saving it again from where you got it.");
const EMPTY = _("This file is empty. Try saving it again from where you got it.");
const TOO_LONG = _("This file is too big to open here: more than 256 megabytes. Try a single picture out of it.");
const TOO_LARGE = _("This picture is too large to be hashed here: more than 100 megapixels. Try a smaller copy.");
const NO_ROOM = _("This device has too little memory for this picture. Close other pages, or try a smaller copy.");

const kernel = fileOf(KERNEL_FILE).then(loadKernel);

kernel.then(
  () => postMessage({ ready: true }),
  () => postMessage({ ready: false }),
);

addEventListener("message", async ({ data: { id, file } }) => {
  try {
    postMessage({ id, ...(await hash(file, (step) => postMessage({ id, step }))) });
  } catch (cause) {
    postMessage({ id, error: cause instanceof Unhashable ? cause.message : DAMAGED });
  }
});

/** @param {File} file @param {(step: number) => void} progress  quarters done */
async function hash(file, progress) {
  if (file.size === 0) throw new Unhashable("empty", EMPTY);
  if (file.size > LARGEST) throw new Unhashable("too-long", TOO_LONG);
  const bytes = new Uint8Array(await file.arrayBuffer());
  progress(1);
  const size = declaredSize(bytes);
  if (size && size[0] * size[1] > MEGAPIXELS * 1e6) throw new Unhashable("too-large", TOO_LARGE);
  const sha256 = crypto.subtle ? hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) : null;
  progress(2);
  const { data, width, height } = await pixels(file);
  progress(3);
  return { ...(await kernel).pdq(data, width, height), sha256 };
}

/** The picture's own bytes of colour, turned the way it is shown. @param {File} file */
async function pixels(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  if (width * height > MEGAPIXELS * 1e6) throw new Unhashable("too-large", TOO_LARGE);
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no room for a canvas");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch {
    throw new Unhashable("no-memory", NO_ROOM); // phones give a canvas less room than a picture
  } finally {
    bitmap.close();
  }
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
