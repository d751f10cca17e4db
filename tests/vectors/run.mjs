// Reads vectors and asks the kernel through its door to the browser.
//
//   node run.mjs KERNEL.WASM VECTOR...      one line for the first that fails, a count if none does
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { loadKernel } from "../../takeback/web/static/kernel.js";

const EXPECTS = ["hash", "low-quality", "too-small", "too-large", "wrong-length", "wrong-channels"];
const TEXTS = ["kind", "expect", "comment", "pixels", "hash"];
const NUMBERS = ["rows", "cols", "channels", "length", "quality"];

function read(path) {
  const vector = { hash: "" };
  for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
    const [key, value] = [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)];
    if (NUMBERS.includes(key)) vector[key] = Number(value);
    else if (TEXTS.includes(key)) vector[key] = value;
    else throw new Error(`unknown key ${key}`);
  }
  if (vector.kind !== "pdq" || !EXPECTS.includes(vector.expect)) throw new Error("unknown kind or expect");
  return vector;
}

function* numbers(seed) {
  for (let x = seed; ; ) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    yield x >>> 8;
  }
}

function blobs(seed, { rows, cols, channels }) {
  const light = new Array(rows * cols * channels).fill(20);
  const from = numbers(seed);
  const next = () => from.next().value;
  for (let k = 0; k < 12; k++) {
    const [x, y] = [next() % cols, next() % rows];
    const radius = 1 + (next() % (1 + Math.floor(Math.max(rows, cols) / 2)));
    const height = next() % 256;
    for (let i = 0; i < light.length; i++) {
      const at = Math.floor(i / channels);
      const inside = radius ** 2 - ((at % cols) - x) ** 2 - (Math.floor(at / cols) - y) ** 2;
      const lit = channels === 1 || i % channels !== k % channels;
      if (inside > 0 && lit) light[i] += Math.floor((inside * height) / radius ** 2);
    }
  }
  return light.map((each) => Math.min(each, 255));
}

function make(vector) {
  const [rule, a, b] = vector.pixels.split(" ").map((part, i) => (i ? Number(part) : part));
  const { rows, cols, channels } = vector;
  if (rule === "none") return [];
  if (rule === "blobs") return blobs(a, vector);
  const from = numbers(a);
  const rules = {
    flat: () => a,
    cycle: (i) => i % 251,
    noise: () => from.next().value >>> 16,
    gradient(i) {
      const pixel = Math.floor(i / channels);
      const [down, along] = [Math.floor(pixel / cols), pixel % cols];
      return a + Math.floor(((b - a) * (down * cols + along * rows)) / (2 * rows * cols));
    },
  };
  return Array.from({ length: rows * cols * channels }, (_, i) => rules[rule](i));
}

/** A canvas holds RGBA: grey and RGB become what a canvas makes of them. */
function asRgba(bytes, channels) {
  if (channels === 4) return Uint8Array.from(bytes);
  const rgba = new Uint8Array((bytes.length / channels) * 4).fill(255);
  for (let i = 0; i < rgba.length / 4; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = bytes[i * channels + (channels === 3 ? c : 0)];
  }
  return rgba;
}

function handedOver(vector) {
  const bytes = make(vector);
  const length = vector.length ?? bytes.length;
  while (bytes.length < length) bytes.push(0);
  return asRgba(bytes.slice(0, length), vector.channels);
}

function ask(kernel, vector) {
  try {
    const { value, quality } = kernel.pdq(handedOver(vector), vector.cols, vector.rows);
    return { expect: quality < 50 ? "low-quality" : "hash", hash: value, quality };
  } catch (error) {
    return { expect: error.reason ?? String(error), hash: "", quality: undefined };
  }
}

const [wasm, ...paths] = process.argv.slice(2);
const kernel = await loadKernel(readFileSync(wasm));
let asked = 0;
for (const path of paths) {
  const vector = read(path);
  if (vector.expect === "wrong-channels") continue; // a canvas has no other channels than its four
  const got = ask(kernel, vector);
  for (const key of ["expect", "hash", "quality"]) {
    if (got[key] !== vector[key]) throw new Error(`${basename(path)}: ${key} is ${got[key]}, not ${vector[key]}`);
  }
  asked++;
}
console.log(`${asked} vectors`);
