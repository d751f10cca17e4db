/* Two pictures side by side, as long as a button is held. Before and after that there is only a grey blur of ten pixels
   across, made here out of the small copies: no style can bring back what is not in it. Without this script the outlines
   and the lines stand there alone. */

const ACROSS = 10; // pixels of the blur
const figure = /** @type {HTMLElement | null} */ (document.querySelector("[data-beside]"));
const press = figure?.querySelector("button");
const images = [...(figure?.querySelectorAll("image") ?? [])];

/** A small copy as it came. @param {SVGImageElement} image */
function drawn(image) {
  const { rgb = "", cols = "1", rows = "1" } = image.dataset;
  const bytes = Uint8Array.from(atob(rgb), (letter) => letter.charCodeAt(0));
  const canvas = new OffscreenCanvas(Number(cols), Number(rows));
  const pixels = new ImageData(canvas.width, canvas.height);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4)
    pixels.data.set([bytes[from], bytes[from + 1], bytes[from + 2], 255], to);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

/** Grey, and so few pixels that nothing can be told. @param {OffscreenCanvas} picture */
function blurred(picture) {
  const canvas = new OffscreenCanvas(ACROSS, Math.max(1, Math.round((ACROSS * picture.height) / picture.width)));
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const [red, green, blue] = pixels.data.subarray(at, at + 3);
    pixels.data.fill(Math.round((red + green + blue) / 3), at, at + 3);
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}

/** @param {OffscreenCanvas} canvas */
const address = async (canvas) => URL.createObjectURL(await canvas.convertToBlob());

async function begin() {
  if (!press) return;
  const sides = await Promise.all(
    images.map(async (image) => {
      const picture = drawn(image);
      delete image.dataset.rgb;
      return { image, clear: await address(picture), blur: await address(blurred(picture)) };
    }),
  );
  const show = (/** @type {boolean} */ held) => {
    for (const { image, clear, blur } of sides) image.setAttribute("href", held ? clear : blur);
    press.setAttribute("aria-pressed", String(held));
  };
  show(false);
  press.hidden = false;
  press.addEventListener("pointerdown", () => show(true));
  press.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch is no menu here
  press.addEventListener("keydown", ({ key }) => (key === " " || key === "Enter") && show(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"])
    press.addEventListener(end, () => show(false));
  document.addEventListener("visibilitychange", () => show(false));
}

begin();
