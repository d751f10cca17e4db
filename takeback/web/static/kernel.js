/**
 * The kernel in a browser's worker or in node: the RGBA bytes of a canvas in, PDQ out. The same C as Python's.
 * Fetches nothing and keeps nothing: the caller brings the bytes of KERNEL_FILE, and what was written is wiped after use.
 *
 * @typedef {{ value: string, quality: number }} Hash  the hash as 64 hexadecimal digits, the quality 0 to 100
 * @typedef {{ pdq(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): Hash }} Kernel
 */

import { _ } from "./words.js";

const HASH_BYTES = 32;

/** Why the kernel says no: the tb_answer of kernel/takeback.h, negated, and NO_MEMORY of kernel/wasm.c.
 * @type {Record<string, [string, string]>} */
const REFUSALS = {
  "-1": ["too-small", _("This picture is too small to have a hash: it needs at least 5 pixels each way.")],
  "-2": ["too-large", _("This picture is too large to be hashed here: more than 100 megapixels.")],
  "-100": ["no-memory", _("This device has too little memory left for this picture. Close other pages and try again.")],
};

/** A picture that cannot be hashed. `reason` is for programs, `message` for the person. */
export class Unhashable extends Error {
  /** @param {string} reason @param {string} message */
  constructor(reason, message) {
    super(message);
    this.name = "Unhashable";
    this.reason = reason;
  }
}

/** The smallest module that needs SIMD: a function that makes a vector of zeros. */
const NEEDS_SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

/** The module that this browser runs, beside this file. Both give the same bits; with SIMD it takes a fifth of the time. */
export const KERNEL_FILE = WebAssembly.validate(Uint8Array.from(NEEDS_SIMD)) ? "kernel-simd.wasm" : "kernel.wasm";

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * @param {BufferSource} wasm  the bytes of KERNEL_FILE
 * @returns {Promise<Kernel>}
 */
export async function loadKernel(wasm) {
  const { instance } = await WebAssembly.instantiate(wasm);
  const { memory, room, pdq } = /** @type {any} */ (instance.exports);
  return {
    pdq(rgba, width, height) {
      const at = room(height, width);
      if (at < 0) throw new Unhashable(...REFUSALS[at]);
      if (rgba.length !== (width | 0) * (height | 0) * 4) {
        throw new Unhashable("wrong-length", _("These pixels do not fill a picture of this width and height."));
      }
      new Uint8Array(memory.buffer, at, rgba.length).set(rgba);
      const quality = pdq(height, width);
      new Uint8Array(memory.buffer, at).fill(0);
      return { value: hex(new Uint8Array(memory.buffer, at - HASH_BYTES, HASH_BYTES)), quality };
    },
  };
}
