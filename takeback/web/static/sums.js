/* SHA-256 and MD5 of a file of any size, a piece at a time: the browser's own want all of it at once. Pure. */

/** What both have in common: blocks of 64 bytes, then a one, zeros and the length in bits. */
class Sum {
  /** @param {number[]} begin @param {boolean} little  whether numbers are written with their last byte first */
  constructor(begin, little) {
    this.state = Int32Array.from(begin);
    this.little = little;
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.length = 0;
  }

  /** @param {DataView} _view @param {number} _at */
  block(_view, _at) {}

  /** The next piece. @param {Uint8Array} bytes */
  add(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return;
      this.block(new DataView(this.rest.buffer), 0);
      this.held = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; at + 64 <= bytes.length; at += 64) this.block(view, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
  }

  /** The sum of all pieces, in hexadecimal. */
  end() {
    const bits = this.length * 8;
    const last = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
    last[0] = 0x80;
    const view = new DataView(last.buffer);
    const [high, low] = [Math.floor(bits / 2 ** 32), bits >>> 0];
    view.setUint32(last.length - 8, this.little ? low : high, this.little);
    view.setUint32(last.length - 4, this.little ? high : low, this.little);
    this.add(last);
    const out = new DataView(new ArrayBuffer(this.state.length * 4));
    this.state.forEach((word, index) => out.setInt32(index * 4, word, this.little));
    return Array.from(new Uint8Array(out.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** The first 32 bits behind the point of a root of each of the first primes. @param {number} count @param {number} root */
function ofPrimes(count, root) {
  const found = [];
  for (let one = 2; found.length < count; one += 1) {
    if (Array.from({ length: one - 2 }, (_, n) => n + 2).every((n) => one % n)) found.push(((one ** (1 / root)) % 1) * 2 ** 32 | 0);
  }
  return found;
}

const KEYS = Int32Array.from(ofPrimes(64, 3));

export class Sha256 extends Sum {
  constructor() {
    super(ofPrimes(8, 2), false);
    this.words = new Int32Array(64);
  }

  /** @override @param {DataView} view @param {number} at */
  block(view, at) {
    const w = this.words;
    for (let n = 0; n < 16; n += 1) w[n] = view.getInt32(at + n * 4);
    for (let n = 16; n < 64; n += 1) {
      const x = w[n - 15];
      const y = w[n - 2];
      const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[n] = (w[n - 16] + small + w[n - 7] + large) | 0;
    }
    const state = this.state;
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let n = 0; n < 64; n += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + KEYS[n] + w[n]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

const SINES = Int32Array.from({ length: 64 }, (_, n) => Math.floor(Math.abs(Math.sin(n + 1)) * 2 ** 32) | 0);
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

export class Md5 extends Sum {
  constructor() {
    super([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476], true);
    this.words = new Int32Array(16);
  }

  /** @override @param {DataView} view @param {number} at */
  block(view, at) {
    const w = this.words;
    for (let n = 0; n < 16; n += 1) w[n] = view.getInt32(at + n * 4, true);
    const state = this.state;
    let a = state[0], b = state[1], c = state[2], d = state[3];
    for (let n = 0; n < 64; n += 1) {
      const round = n >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const which = round === 0 ? n : round === 1 ? (5 * n + 1) & 15 : round === 2 ? (3 * n + 5) & 15 : (7 * n) & 15;
      const sum = (a + mixed + SINES[n] + w[which]) | 0;
      const turn = TURNS[round * 4 + (n & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}
