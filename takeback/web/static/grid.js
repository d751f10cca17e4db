/* The grid: 16 rows of 16 cells. A hash is drawn as it, black where a bit is set; it fills while something takes time. */

import { h } from "./dom.js";

/** The cells of a hash, row by row, one for each of its 256 bits. @param {string} hex @returns {boolean[]} */
export const cells = (hex) => [...hex].flatMap((digit) => [8, 4, 2, 1].map((bit) => (parseInt(digit, 16) & bit) !== 0));

/** The first `count` cells. @param {number} count @returns {boolean[]} */
export const filled = (count) => Array.from({ length: 256 }, (_, index) => index < count);

/** @param {boolean[]} on  256 cells, row by row @returns {string} an SVG path */
export const outline = (on) =>
  on.map((cell, index) => (cell ? `M${index % 16} ${index >> 4}h.92v.92h-.92z` : "")).join("");

/** The grid as a figure that a screen reader can name. @param {boolean[]} on @param {string} label */
export const grid = (on, label) =>
  h("svg", { class: "grid16", viewBox: "0 0 16 16", role: "img", "aria-label": label }, h("path", { d: outline(on) }));
