// Hashes pictures from standard input, through the wasm: each is rows and cols, 4 bytes each, then RGBA.
import { readFileSync } from "node:fs";
import { loadKernel } from "../takeback/web/static/kernel.js";

const kernel = await loadKernel(readFileSync(process.argv[2]));
const input = readFileSync(0);
for (let at = 0; at < input.length; ) {
  const [rows, cols] = [input.readInt32LE(at), input.readInt32LE(at + 4)];
  const { value, quality } = kernel.pdq(input.subarray(at + 8, at + 8 + rows * cols * 4), cols, rows);
  console.log(`${value} ${quality}`);
  at += 8 + rows * cols * 4;
}
