/* Likeness: are two pictures the same, by their hashes? The twin of `compare` in takeback/likeness.py. Pure. */

/** @typedef {{ value: string, quality: number, sha256: string | null, edits: { name: string, value: string }[] }} Hashed */

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
