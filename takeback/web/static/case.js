// A case's page in the local app: keeps files by stream, and turns away when the case locks.
// A file leaves this page only when the person presses "Keep this file", and only to this computer.

const presence = new EventSource("presence");
presence.addEventListener("locked", () => location.replace("case.html"));

/**
 * What the person said about this one file.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
function answers(form) {
  /** @type {Record<string, string>} */
  const told = {};
  for (const input of form.querySelectorAll("input[type=radio]:checked")) {
    if (input instanceof HTMLInputElement) told[input.name] = input.value;
  }
  return told;
}

/**
 * Send one file as a stream, with its progress in words.
 * @param {string} to
 * @param {File} file
 * @param {Record<string, string>} told
 * @param {(words: string) => void} say
 * @returns {Promise<string>} what the app answered
 */
function send(to, file, told, say) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", to);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Takeback-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Takeback-Answers", JSON.stringify(told));
    request.upload.onprogress = (at) => say(`Sealing: ${Math.floor((100 * at.loaded) / at.total)} %`);
    request.onload = () => (request.status < 300 ? resolve(request.responseText) : reject(new Error(request.responseText)));
    request.onerror = () => reject(new Error("Takeback did not answer. The file was not kept; try again."));
    request.send(file);
  });
}

for (const form of document.querySelectorAll("form.keep-file")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const status = form.querySelector("[role=status]");
  const say = (/** @type {string} */ words) => {
    if (status) status.textContent = words;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]")).files?.[0];
    if (!file) return say("Choose a file first.");
    const told = answers(form);
    try {
      const may = await fetch(form.dataset.may ?? "", { method: "POST", body: JSON.stringify(told) });
      if (!may.ok) return say(await may.text());
      await send(form.dataset.to ?? "", file, told, say);
      location.replace("case.html");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  });
}
