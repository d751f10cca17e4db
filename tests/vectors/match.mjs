// Reads the vectors of tests/vectors/match and counts bits in plain JavaScript: a browser has no banks, so this runner
// has nothing of the kernel in it, and judges the vectors themselves.
//
//   node match.mjs VECTOR...      one line for the first that fails, a count if none does
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const EXPECTS = ["match", "no-match", "wrong-length", "wrong-distance", "broken-index", "foreign", "damaged"];
const MANY = ["hash", "hit"];
const ONE = ["expect", "comment", "distance", "query", "change"];

function read(path) {
  const vector = { hash: [], hit: [] };
  for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
    const [key, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)];
    if (MANY.includes(key)) vector[key].push(value);
    else if (ONE.includes(key)) vector[key] = value;
    else throw new Error(`unknown key ${key}`);
  }
  if (!EXPECTS.includes(vector.expect)) throw new Error("unknown expect");
  return vector;
}

function apart(one, other) {
  let bits = 0;
  for (let x = BigInt(`0x${one}`) ^ BigInt(`0x${other}`); x; x &= x - 1n) bits++;
  return bits;
}

function answer({ hash, query, distance }) {
  if (!/^[0-9a-f]{64}$/.test(query)) return { expect: "wrong-length", hits: [] };
  if (!(distance >= 0 && distance <= 63)) return { expect: "wrong-distance", hits: [] };
  const hits = hash.map((each, row) => [row, apart(each, query)]).filter(([, bits]) => bits <= distance);
  return { expect: hits.length ? "match" : "no-match", hits: hits.map((hit) => hit.join(" ")) };
}

let asked = 0;
for (const path of process.argv.slice(2)) {
  const vector = read(path);
  if (vector.change !== undefined) continue; // an index, or a file: Python's and C's to refuse
  const { expect, hits } = answer(vector);
  if (expect !== vector.expect) throw new Error(`${basename(path)}: the answer is ${expect}, not ${vector.expect}`);
  if (hits.join() !== vector.hit.join()) throw new Error(`${basename(path)}: the hits are ${hits}, not ${vector.hit}`);
  asked++;
}
console.log(`${asked} vectors`);
