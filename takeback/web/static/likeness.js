/* Likeness: are two pictures the same, by their hashes? The twin of `compare` in takeback/likeness.py. Pure. */

/** @typedef {{ value: string, quality: number, sha256: string | null, edits: { name: string, value: string }[], md5?: string,
 *   frames?: { at: number, value: string, quality: number }[], note?: string }} Hashed  a video has `frames`, and no value */

export const SURE = 50; // below this quality the services refuse a hash
export const THRESHOLD = 31; // of 256 bits: the largest distance of the same picture

/** How many bits of two hashes differ. @param {string} one @param {string} other */
export function distance(one, other) {
  let count = 0;
  for (let at = 0; at < one.length; at += 8) {
    let differ = parseInt(one.slice(at, at + 8), 16) ^ parseInt(other.slice(at, at + 8), 16);
    for (; differ; differ &= differ - 1) count += 1;
  }
  return count;
}

/** Whether two pictures are the same (null where that can't be told), how that shows, and how many bits differ.
 * @param {Hashed} one @param {Hashed} other
 * @returns {{ same: boolean | null, how: "file" | "weak" | "same" | "changed" | "different", distance: number }} */
export function compare(one, other) {
  const whole = distance(one.value, other.value);
  if (one.sha256 && one.sha256 === other.sha256) return { same: true, how: "file", distance: 0 };
  if (Math.min(one.quality, other.quality) < SURE) return { same: null, how: "weak", distance: whole };
  if (whole <= THRESHOLD) return { same: true, how: "same", distance: whole };
  const changed = [...one.edits.map((edit) => distance(edit.value, other.value)), ...other.edits.map((edit) => distance(edit.value, one.value))];
  if (Math.min(...changed) <= THRESHOLD) return { same: true, how: "changed", distance: whole };
  return { same: false, how: "different", distance: whole };
}

const MOST = 80; // per cent of the frames of one that must be in the other, for it to be the same or a part of it
const SOME = 3; // frames in common from which on they have something in common
const PART = 10; // and per cent

/** Whether two videos are the same, by the share of each one's frames that are in the other: the twin of
 * takeback/clips.py. @param {Hashed} one @param {Hashed} other
 * @returns {{ same: boolean | null, how: "file" | "weak" | "clip" | "first" | "second" | "part" | "unsure" | "clips", shares: [number, number],
 *   nearest: [number, number] | null, distance: number }} */
export function compareClips(one, other) {
  const [first, second] = [one.frames ?? [], other.frames ?? []];
  if (one.sha256 && one.sha256 === other.sha256) return { same: true, how: "file", shares: [100, 100], nearest: [0, 0], distance: 0 };
  if (!first.length || !second.length) return { same: null, how: "weak", shares: [0, 0], nearest: null, distance: 256 };
  /** @type {[number, number] | null} */
  let nearest = null;
  let least = THRESHOLD + 1;
  const [mine, theirs] = [new Set(), new Set()];
  for (const [a, { value }] of first.entries()) {
    for (const [b, frame] of second.entries()) {
      const apart = distance(value, frame.value);
      if (apart > THRESHOLD) continue;
      mine.add(a);
      theirs.add(b);
      if (apart < least) [least, nearest] = [apart, [a, b]];
    }
  }
  /** @type {[number, number]} */
  const shares = [Math.floor((100 * mine.size) / first.length), Math.floor((100 * theirs.size) / second.length)];
  const few = Math.min(SOME, first.length, second.length);
  const found = { shares, nearest, distance: nearest ? least : 256 };
  if (Math.min(...shares) >= MOST) return { same: true, how: "clip", ...found };
  if (shares[0] >= MOST && mine.size >= few) return { same: true, how: "first", ...found };
  if (shares[1] >= MOST && theirs.size >= few) return { same: true, how: "second", ...found };
  if (Math.min(mine.size, theirs.size) >= SOME && Math.max(...shares) >= PART) return { same: true, how: "part", ...found };
  return mine.size ? { same: null, how: "unsure", ...found } : { same: false, how: "clips", ...found };
}
