/* How wide and high a picture says it is, read from its first bytes, so that a bomb is refused before it is decoded.
   Knows PNG, JPEG, GIF and WebP; null for anything else, which the browser then judges. Pure. */

/** @param {Uint8Array} bytes @returns {[number, number] | null} */
export function declaredSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return [view.getUint32(16), view.getUint32(20)];
    if (view.getUint32(0) === 0x47494638) return [view.getUint16(6, true), view.getUint16(8, true)];
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webp(view);
    if (view.getUint16(0) === 0xffd8) return jpeg(view);
  } catch {
    // It ends before it says: the browser will say that it is broken.
  }
  return null;
}

/** @param {DataView} view @returns {[number, number] | null} */
function webp(view) {
  const kind = view.getUint32(12);
  if (kind === 0x56503858) return [uint24(view, 24) + 1, uint24(view, 27) + 1]; // VP8X
  if (kind === 0x56503820) return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]; // VP8
  if (kind !== 0x5650384c) return null;
  const packed = view.getUint32(21, true); // VP8L
  return [(packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1];
}

/** @param {DataView} view @param {number} at */
const uint24 = (view, at) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** Walk the markers to the frame header. @param {DataView} view @returns {[number, number] | null} */
function jpeg(view) {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    while (view.getUint16(at) === 0xffff) at += 1;
    const marker = view.getUint16(at);
    const frame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (frame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    if (marker < 0xffc0 || marker === 0xffda) return null;
  }
}
