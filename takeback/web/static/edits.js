/* Edits: what is likely done to a picture before it is posted again, each as what it would look like. The twin of
   takeback/edits.py and of `edited` in takeback/pixels.py: the same views in the same order (tests/test_edits_twin.py).
   Pure; pixels are RGBA in numbers of 32 bits, low byte first, and opaque. */

/** @typedef {{ name: string, left: number, top: number, right: number, bottom: number, fill: string, turn: string }} View
 * shares of the width and the height taken off each side, added where they are negative */
/** @typedef {{ pixels: Uint32Array, width: number, height: number }} Picture */

const SIDE = 1024;
const LEAST = 0.012;
const SMALLEST = 5;
const TURNS = ["mirrored", "turned left", "upside down", "turned right"];
const CROPS = [0.015, 0.03, 0.045, 0.06, 0.08, 0.1];
const SIDES = [0.035, 0.065, 0.09];
/** @type {[string, number][]} width by height */
const RATIOS = [["1:1", 1], ["4:5", 4 / 5], ["3:4", 3 / 4], ["2:3", 2 / 3], ["9:16", 9 / 16], ["4:3", 4 / 3], ["16:9", 16 / 9], ["1.91:1", 1.91]];
/** @type {[string, number[]][]} shares of the longer side */
const BORDERS = [["black", [0.03, 0.05, 0.08]], ["grey", [0.1]], ["white", [0.03, 0.05, 0.08]], ["blurred", [0.02, 0.045, 0.065, 0.09]]];
const BARS = [0.09, 0.12, 0.15, 0.185, 0.22];
const BOTH = [0.09, 0.12, 0.16, 0.2];
const SCREENS = [9 / 16, 9 / 18, 9 / 19.5, 9 / 21];
/** @type {Record<string, number>} */
const SHADES = { black: 0xff000000, grey: 0xff808080, white: 0xffffffff };
const SPOTS = 16;
const FLAT = 24;
const BORDER = [0.01, 0.45];

/** @param {string} name @param {Partial<View>} [more] @returns {View} */
const view = (name, more = {}) => ({ name, left: 0, top: 0, right: 0, bottom: 0, fill: "", turn: "", ...more });
/** @param {number} part */
const percent = (part) => `${(part * 100).toFixed(1)}%`;

/** Every view of a picture of this shape; those that change nothing of it are left out.
 * @param {number} width @param {number} height @returns {View[]} */
export function views(width, height) {
  const every = [
    ...TURNS.map((turn) => view(turn, { turn })),
    ...CROPS.map((part) => view(`crop ${percent(part)}`, { left: part, top: part, right: part, bottom: part })),
    ...SIDES.flatMap((part) => ["left", "top", "right", "bottom"].map((side) => view(`crop ${percent(part)} ${side}`, { [side]: part }))),
    ...RATIOS.map(([name, ratio]) => cutTo(`ratio ${name}`, ratio, width / height)),
    ...BORDERS.flatMap(([fill, parts]) => parts.map((part) => border(part, fill, width, height))),
    ...BARS.map((part) => view(`bar above ${percent(part)}`, { top: -part, fill: "black" })),
    ...BARS.map((part) => view(`bar below ${percent(part)}`, { bottom: -part, fill: "black" })),
    ...BOTH.map((part) => view(`bars ${percent(part)}`, { top: -part, bottom: -part, fill: "black" })),
    ...SCREENS.map((ratio) => filledTo(`screen ${ratio.toFixed(2)}`, ratio, width / height)),
  ];
  return every.filter((one) => one.turn || Math.max(...[one.left, one.top, one.right, one.bottom].map(Math.abs)) >= LEAST);
}

/** @param {string} name @param {number} ratio @param {number} shape */
function cutTo(name, ratio, shape) {
  const off = shape > ratio ? (1 - ratio / shape) / 2 : (1 - shape / ratio) / 2;
  return view(name, shape > ratio ? { left: off, right: off } : { top: off, bottom: off });
}

/** @param {string} name @param {number} ratio @param {number} shape */
function filledTo(name, ratio, shape) {
  const more = shape > ratio ? (shape / ratio - 1) / 2 : (ratio / shape - 1) / 2;
  return view(name, { ...(shape > ratio ? { top: -more, bottom: -more } : { left: -more, right: -more }), fill: "black" });
}

/** @param {number} part @param {string} fill @param {number} width @param {number} height */
function border(part, fill, width, height) {
  const [across, down] = [(-part * Math.max(width, height)) / width, (-part * Math.max(width, height)) / height];
  return view(`border ${percent(part)} ${fill}`, { left: across, top: down, right: across, bottom: down, fill });
}

/** A view in whole pixels: left, top, right and bottom, which may lie outside. @param {View} one
 * @param {number} width @param {number} height */
export function box(one, width, height) {
  const near = /** @param {number} number */ (number) => Math.floor(number + 0.5);
  return [near(one.left * width), near(one.top * height), width - near(one.right * width), height - near(one.bottom * height)];
}

// ---------------------------------------------------------------- what they look like

/** What each likely edit of a picture looks like, one after the other. */
export const edited = function* (/** @type {Picture} */ small) {
  const { width, height } = small;
  const all = views(width, height);
  const spots = spotsOf(small);
  for (const one of all) {
    const [left, top, right, bottom] = box(one, width, height);
    if (Math.min(right - left, bottom - top) < SMALLEST) continue;
    yield { name: one.name, picture: one.turn ? turned(small, one.turn) : seen(small, one.fill, [left, top, right, bottom], spots) };
  }
  const inside = insideOf(small);
  const bare = seen(small, "", inside, spots);
  if ((bare.width === width && bare.height === height) || Math.min(bare.width, bare.height) < SMALLEST) return;
  yield { name: "border off", picture: bare };
  yield { name: "border off, mirrored", picture: turned(bare, "mirrored") };
};

/** The bytes of a canvas on white, shrunk by the least whole number that brings the longer side to 1024 or below.
 * @param {Uint8ClampedArray} rgba @param {number} width @param {number} height @returns {Picture} */
export function shrunk(rgba, width, height) {
  const by = Math.ceil(Math.max(width, height) / SIDE);
  const [wide, high] = [Math.ceil(width / by), Math.ceil(height / by)];
  const pixels = new Uint32Array(wide * high);
  const sums = new Float64Array(wide * 3);
  for (let row = 0; row < high; row += 1) {
    sums.fill(0);
    const rows = Math.min(by, height - row * by);
    for (let y = row * by; y < row * by + rows; y += 1) addRow(rgba, y * width * 4, width, by, sums);
    for (let at = 0; at < wide; at += 1) {
      const count = rows * Math.min(by, width - at * by);
      const [r, g] = [Math.floor(sums[at * 3] / count + 0.5), Math.floor(sums[at * 3 + 1] / count + 0.5)];
      pixels[row * wide + at] = (0xff000000 | (Math.floor(sums[at * 3 + 2] / count + 0.5) << 16) | (g << 8) | r) >>> 0;
    }
  }
  return { pixels, width: wide, height: high };
}

/** @param {Uint8ClampedArray} rgba @param {number} from @param {number} width @param {number} by @param {Float64Array} sums */
function addRow(rgba, from, width, by, sums) {
  let [at, left] = [0, by];
  for (let x = 0, i = from; x < width; x += 1, i += 4) {
    const clear = 255 - rgba[i + 3];
    if (clear === 0) {
      sums[at] += rgba[i];
      sums[at + 1] += rgba[i + 1];
      sums[at + 2] += rgba[i + 2];
    } else {
      for (let channel = 0; channel < 3; channel += 1) {
        sums[at + channel] += Math.floor((rgba[i + channel] * (255 - clear) + 255 * clear) / 255 + 0.5);
      }
    }
    left -= 1;
    if (left === 0) [at, left] = [at + 3, by];
  }
}

/** @param {Picture} small @param {string} how @returns {Picture} */
function turned({ pixels, width, height }, how) {
  const made = new Uint32Array(pixels.length);
  const across = how === "mirrored" || how === "upside down";
  const wide = across ? width : height;
  for (let y = 0, from = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, from += 1) {
      if (how === "mirrored") made[y * width + width - 1 - x] = pixels[from];
      else if (how === "upside down") made[pixels.length - 1 - from] = pixels[from];
      else if (how === "turned left") made[(width - 1 - x) * wide + y] = pixels[from];
      else made[x * wide + height - 1 - y] = pixels[from];
    }
  }
  return { pixels: made, width: wide, height: across ? height : width };
}

/** @param {Picture} small @param {string} fill @param {number[]} box  left, top, right, bottom
 * @param {Float64Array} spots @returns {Picture} */
function seen({ pixels, width, height }, fill, [left, top, right, bottom], spots) {
  const made = { pixels: new Uint32Array((right - left) * (bottom - top)), width: right - left, height: bottom - top };
  if (fill === "blurred") blur(made, spots, [-left, -top, width - left, height - top]);
  else if (fill) made.pixels.fill(SHADES[fill]);
  const [first, last] = [Math.max(0, left), Math.min(width, right)];
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1) {
    made.pixels.set(pixels.subarray(y * width + first, y * width + last), (y - top) * made.width + first - left);
  }
  return made;
}

/** The picture in 16 spots each way: the mean of each colour. @param {Picture} small */
function spotsOf({ pixels, width, height }) {
  const spots = new Float64Array(SPOTS * SPOTS * 3);
  const counts = new Float64Array(SPOTS * SPOTS);
  for (let y = 0, from = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, from += 1) {
      const spot = Math.floor((y * SPOTS) / height) * SPOTS + Math.floor((x * SPOTS) / width);
      counts[spot] += 1;
      for (let channel = 0; channel < 3; channel += 1) spots[spot * 3 + channel] += (pixels[from] >>> (8 * channel)) & 255;
    }
  }
  return spots.map((sum, at) => sum / Math.max(1, counts[Math.floor(at / 3)]));
}

/** Fill a picture with the spots, drawn large and soft, but for the place where the picture itself will lie.
 * @param {Picture} made @param {Float64Array} spots @param {number[]} inside  left, top, right, bottom */
function blur({ pixels, width, height }, spots, [left, top, right, bottom]) {
  const [across, down] = [places(width), places(height)];
  for (let y = 0; y < height; y += 1) {
    const covered = y >= top && y < bottom;
    for (let x = 0; x < width; x += 1) {
      if (covered && x === left) x = right;
      if (x < width) pixels[y * width + x] = colour(spots, down[y], across[x]);
    }
  }
}

/** @param {Float64Array} spots @param {[number, number, number]} down @param {[number, number, number]} across */
function colour(spots, [above, below, down], [before, after, right]) {
  let mixed = 0xff;
  for (let channel = 2; channel >= 0; channel -= 1) {
    const high = spots[(above * SPOTS + before) * 3 + channel] * (1 - right) + spots[(above * SPOTS + after) * 3 + channel] * right;
    const low = spots[(below * SPOTS + before) * 3 + channel] * (1 - right) + spots[(below * SPOTS + after) * 3 + channel] * right;
    mixed = ((mixed << 8) | Math.floor(high * (1 - down) + low * down + 0.5)) >>> 0;
  }
  return mixed;
}

/** For each place of a line: the spots on either side of it, and how near it is to the second. @param {number} length
 * @returns {[number, number, number][]} */
const places = (length) =>
  Array.from({ length }, (_, at) => {
    const place = ((at + 0.5) * SPOTS) / length - 0.5;
    const before = Math.floor(place);
    const within = /** @param {number} spot */ (spot) => Math.min(SPOTS - 1, Math.max(0, spot));
    return [within(before), within(before + 1), place - before];
  });

/** Where a picture is without its border of one shade: left, top, right, bottom. @param {Picture} small */
function insideOf({ pixels, width, height }) {
  const column = /** @param {number} x */ (x) => Array.from({ length: height }, (_, y) => pixels[y * width + x]);
  const row = /** @param {number} y */ (y) => pixels.subarray(y * width, (y + 1) * width);
  return [
    flat(width, column),
    flat(height, row),
    width - flat(width, (at) => column(width - 1 - at)),
    height - flat(height, (at) => row(height - 1 - at)),
  ];
}

/** How many lines of one shade there are from an edge; none where they are too few or too many for a border.
 * @param {number} length @param {(at: number) => ArrayLike<number>} line */
function flat(length, line) {
  const [low, high] = [[255, 255, 255], [0, 0, 0]];
  for (let at = 0; at < length; at += 1) {
    const pixels = line(at);
    for (let i = 0; i < pixels.length; i += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const shade = (pixels[i] >>> (8 * channel)) & 255;
        low[channel] = Math.min(low[channel], shade);
        high[channel] = Math.max(high[channel], shade);
      }
    }
    if (low.some((least, channel) => high[channel] - least > FLAT)) {
      return at >= BORDER[0] * length && at <= BORDER[1] * length ? at : 0;
    }
  }
  return 0;
}
