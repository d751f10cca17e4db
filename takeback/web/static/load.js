/* What a page loads once it is open, each from beside its pages. In the one file of `takeback site --single`,
   web/single/load.js stands in this one's place and everything comes out of the file itself. */

/** @param {string} address  of JSON, as the page says it */
export const json = async (address) => (await fetch(address)).json();

/** @param {string} name  of a file of ours */
export const bytes = async (name) => (await fetch(new URL(name, import.meta.url))).arrayBuffer();

/** The address of the worker, and what kind of script it is. @returns {[string, WorkerOptions]} */
export const worker = () => [new URL("worker.js", import.meta.url).href, { type: "module" }];
