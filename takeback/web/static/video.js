/* A video, in the page: a frame at the start, at every step and wherever what is seen has moved on, each handed to the
   worker as a bitmap. The browser plays it, muted and unseen, out of the file itself; nothing is sent or stored.
   What Python does with every frame (takeback/film.py), this does by looking between two frames that are far apart. */

import { SURE, distance } from "./likeness.js";
import { _ } from "./words.js";

/** @typedef {{ at: number, value: string, quality: number }} Frame */
/** @typedef {(bitmap: ImageBitmap) => Promise<{ value: string, quality: number }>} Hash */

const STEPS = 0.5; // seconds between two looks at a short video
const MOST_STEPS = 3600; // looks at a long one, at the most
const NEAR = 0.1; // seconds between two frames that nothing is looked for between
const DRIFT = 28; // bits that two frames may be apart before one between them is looked at
const SAME = 4; // bits within which two frames count as one
const PATIENCE = 15; // seconds in which a browser must have found a place in a video

export const UNPLAYABLE =
  _("This browser can't play this video, so there are no hashes of its frames. Try Chrome, Edge or Safari, or Takeback on a computer. The hashes of the file itself are here.");

/** Whether these first bytes are those of a video. @param {Uint8Array} head */
export function isVideo(head) {
  const word = (/** @type {number} */ at) => String.fromCharCode(...head.slice(at, at + 4));
  if (word(4) === "ftyp") return !/^(hei|hev|mif1|msf1|avi[fs]|M4[AB] )/.test(word(8));
  if (word(0) === "RIFF") return word(8) === "AVI ";
  return ["\x1aE\xdf\xa3", "\0\0\x01\xba", "FLV\x01"].includes(word(0));
}

/** The frames that stand for a video, or null where this browser can't play it. @param {File} file @param {Hash} hash
 * @param {AbortSignal} signal @param {(share: number) => void} progress @returns {Promise<Frame[] | null>} */
export async function framesOf(file, hash, signal, progress) {
  const address = URL.createObjectURL(file);
  const video = document.createElement("video");
  Object.assign(video, { muted: true, preload: "auto", playsInline: true, disablePictureInPicture: true });
  try {
    video.src = address;
    await heard(video, "loadeddata", signal);
    const length = await lengthOf(video, signal);
    if (!video.videoWidth || !length) return null;
    return await looked(video, length, hash, signal, progress);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Unplayed) return null;
    throw cause;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(address);
  }
}

class Unplayed extends Error {}

/** @param {HTMLVideoElement} video @param {number} length @param {Hash} hash @param {AbortSignal} signal
 * @param {(share: number) => void} progress */
async function looked(video, length, hash, signal, progress) {
  const step = Math.max(STEPS, length / MOST_STEPS);
  /** @type {Frame[]} */
  const kept = [];
  const look = async (/** @type {number} */ at) => {
    await seek(video, at, signal);
    const found = { at, ...(await hash(await createImageBitmap(video))) };
    if (found.quality >= SURE && kept.every((one) => distance(one.value, found.value) > SAME)) kept.push(found);
    return found;
  };
  /** @param {Frame} one @param {Frame} other @returns {Promise<void>} */
  const between = async (one, other) => {
    if (other.at - one.at < 2 * NEAR || distance(one.value, other.value) <= DRIFT) return;
    const middle = await look((one.at + other.at) / 2);
    await between(one, middle);
    await between(middle, other);
  };
  let last = await look(0);
  for (let at = step; at < length; at += step) {
    const now = await look(at);
    await between(last, now);
    last = now;
    progress(at / length);
  }
  return kept.sort((a, b) => a.at - b.at);
}

/** How long it is. What a browser has recorded says so only once its end was looked for.
 * @param {HTMLVideoElement} video @param {AbortSignal} signal */
async function lengthOf(video, signal) {
  if (video.duration === Infinity) await seek(video, 1e9, signal);
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

/** @param {HTMLVideoElement} video @param {number} at @param {AbortSignal} signal */
async function seek(video, at, signal) {
  if (video.currentTime === at && video.readyState >= 2) return;
  const there = heard(video, "seeked", signal);
  video.currentTime = at;
  await there;
}

/** Until a video says so; it is given up where it says that it can't, or nothing at all.
 * @param {HTMLVideoElement} video @param {string} what @param {AbortSignal} signal */
function heard(video, what, signal) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const end = (/** @type {() => void} */ then) => () => {
      clearTimeout(late);
      stop.abort();
      then();
    };
    const late = setTimeout(end(() => reject(new Unplayed())), PATIENCE * 1000);
    video.addEventListener(what, end(() => resolve(undefined)), { signal: stop.signal });
    video.addEventListener("error", end(() => reject(new Unplayed())), { signal: stop.signal });
    signal.addEventListener("abort", end(() => reject(signal.reason)), { signal: stop.signal });
    if (signal.aborted) end(() => reject(signal.reason))();
  });
}
