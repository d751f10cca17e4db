/* Runs the browser's engine in Node: `node run.mjs PACKS.json < situations > plans`. Each line that it writes holds the
   microseconds taken, how many questions are left, and the plan as JSON. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { triage } from "../../takeback/web/static/engine.js";
import { left, nextQuestion } from "../../takeback/web/static/questions.js";

const packs = JSON.parse(readFileSync(process.argv[2], "utf8"));

function plan({ answers, unsure, on }) {
  const situation = { answers, unsure };
  const made = triage(situation, packs, on);
  const whole = { ...made, next_question: nextQuestion(situation, packs, made) };
  return [JSON.stringify(whole), left(situation, packs, made)];
}

for await (const line of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  let out;
  let ahead = 0;
  try {
    [out, ahead] = plan(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    out = JSON.stringify({ error: error.message });
  }
  const took = Number((process.hrtime.bigint() - began) / 1000n);
  if (!process.stdout.write(`${took} ${ahead} ${out}\n`)) await new Promise((done) => process.stdout.once("drain", done));
}
