/* Elements from plain values. Text is always text, never markup, so that nothing said or read can become code. */

/** @typedef {Node | string | null | undefined | false} Child */

const SVG = ["svg", "path"];

/** An element. A property that is a function listens ("onclick"); true is an attribute without a value; false, null and
 * undefined are left out, as are such children.
 * @template {keyof (HTMLElementTagNameMap & SVGElementTagNameMap)} K
 * @param {K} tag @param {Record<string, unknown>} [properties] @param {...Child} children
 * @returns {(HTMLElementTagNameMap & SVGElementTagNameMap)[K]} */
export function h(tag, properties = {}, ...children) {
  const element = SVG.includes(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return /** @type {any} */ (element);
}

/** Something to press. @param {string} kind @param {string} words @param {() => void} press */
export const button = (kind, words, press) => h("button", { type: "button", class: kind, onclick: press }, words);

/** Put other content in a place and move focus to its heading, so that it is read out.
 * @param {Element} place @param {...Child} content */
export function swap(place, ...content) {
  place.replaceChildren(...content.filter((child) => child != null && child !== false));
  const heading = place.querySelector("h1") ?? place.querySelector("h2, legend");
  if (!(heading instanceof HTMLElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
