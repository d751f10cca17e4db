/* Draws the plan: danger first, then what to do as one vertical line, then what may apply, then the rest folded away.
   The same sections as plain text are what "Save" and "Copy" give. Nothing red unless someone is in danger. */

/** @import { Contact, Finding, Law, Packs, Plan, Route, Version, Way } from "../terms" */

import { button, h } from "./dom.js";

const AT_ONCE = 6; // routes on the line; the others are folded, so that the first steps stay in sight
const WORTH_ASKING = 2; // an open law that so few answers would settle is worth a question
const MOST_QUESTIONS = 4;
const DRAFTED = "Drafted from public sources, not yet read by a lawyer.";
const MAY = "What they did may be against the law";
const NO_POLICE = "Help without reporting to the police";
const NO_POLICE_NOTE = "You can get this help whether or not you ever report anything.";
const OPEN = "One more answer could settle these";
const FIRST = "Danger comes first";
const EMERGENCY = "If you, or someone else, may be hurt: call 999 now. If you cannot speak on a mobile, press 55.";
const CHECK = "If you think someone may be hurt soon, call 999. You do not have to be sure.";

// ---------------------------------------------------------------- reaching people

/** @param {Way} way */
function address(way) {
  if (way.by === "email") return `mailto:${way.to}`;
  if (/^https?:/.test(way.to)) return way.to;
  return (way.by === "text" ? "sms:" : "tel:") + way.to.replace(/[^+\d]/g, "");
}

/** @param {Way} way */
function invitation(way) {
  if (/^https?:/.test(way.to)) return way.to.replace(/^https?:\/\/(www\.)?/, "").replace(/[/?#].*/, "");
  return { phone: "Call ", text: "Text ", email: "", relay: "Relay UK: ", web: "", chat: "" }[way.by] + way.to;
}

/** Something to tap. A page of another site opens beside this one, since this one forgets when it is left.
 * @param {Way} way @param {string} name @param {string} kind */
function tap(way, name, kind = "tap") {
  const away = address(way).startsWith("http") && { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { class: kind, href: address(way), ...away }, h("b", {}, invitation(way)), " ", h("span", {}, name));
}

/** Only what was checked can be tapped; the rest is named. @param {Contact} one */
function contactNodes(one) {
  const unchecked = one.ways.filter((way) => !way.offered).map((way) => way.to);
  const facts = [one.hours, one.cost, one.anonymous && `Staying anonymous: ${one.anonymous}`, one.note].filter(Boolean);
  return h(
    "div",
    { class: "contact" },
    h("p", {}, h("b", {}, one.name)),
    ...one.ways.filter((way) => way.offered).map((way) => tap(way, "")),
    unchecked.length > 0 && h("p", { class: "soft" }, `Not checked, so not a button: ${unchecked.join(", ")}.`),
    h("ul", { class: "facts" }, ...facts.map((fact) => h("li", {}, fact))),
  );
}

/** @param {Packs} packs @param {string} route */
const contactsOf = (packs, route) =>
  (packs.routes.find((each) => each.id === route)?.contacts ?? []).flatMap((id) => packs.contacts[id] ?? []);

// ---------------------------------------------------------------- danger

/** Who to call before anything else. @param {Packs} packs @param {Plan} plan */
export function dangerPanel(packs, plan) {
  const urgent = plan.routes.find((route) => kindOf(packs, route) === "danger");
  const contacts = urgent ? contactsOf(packs, urgent.id) : [];
  const ways = contacts.flatMap((one) => one.ways.filter((way) => way.offered).slice(0, 1).map((way) => ({ way, one })));
  const taps = ways.slice(0, 3).map(({ way, one }, i) => tap(way, one.name, i ? "tap" : "tap danger"));
  return h("section", { class: "panel danger" }, h("h2", {}, FIRST), h("p", {}, EMERGENCY), ...taps);
}

/** @param {Packs} packs @param {Route} route */
const kindOf = (packs, route) => packs.routes.find((each) => each.id === route.id)?.kind;

// ---------------------------------------------------------------- the line

/** "PT48H" as "48 hours". @param {string} due */
export function span(due) {
  const [, ...counts] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(due) ?? [];
  const units = ["year", "month", "week", "day", "hour", "minute"];
  const said = counts.map((count, i) => count && `${count} ${units[i]}${count === "1" ? "" : "s"}`);
  return said.filter(Boolean).join(" and ") || due;
}

/** @param {Packs} packs @param {Route} route @param {boolean} first */
function point(packs, route, first) {
  const pack = packs.routes.find((each) => each.id === route.id);
  const item = h("li", { class: `point ${first ? "now" : route.due ? "due" : ""}`.trim() });
  const done = button("quiet", "I have done this", () => {
    const pressed = item.classList.toggle("done");
    done.setAttribute("aria-pressed", String(pressed));
    done.textContent = pressed ? "Done" : "I have done this";
  });
  item.append(
    h("h3", {}, route.name),
    h("p", {}, route.because),
    route.due ? h("p", { class: "when" }, `Time limit: ${span(route.due)}`) : "",
    h("p", {}, pack?.what ?? ""),
    fold("Who to contact, and what happens next", [
      ...contactsOf(packs, route.id).map(contactNodes),
      h("p", {}, pack?.next ?? ""),
    ], first),
    done,
  );
  return item;
}

/** @param {string} title @param {(Node | string)[]} nodes @param {boolean} open */
const fold = (title, nodes, open = false) =>
  h("details", { class: "fold", open }, h("summary", {}, title), ...nodes);

/** @param {Packs} packs @param {Plan} plan */
function lineNodes(packs, plan) {
  const points = plan.routes.map((route, i) => point(packs, route, i === 0));
  const later = points.splice(AT_ONCE);
  return [
    h("ol", { class: "line" }, ...points),
    later.length ? fold(`More you can do (${later.length})`, [h("ol", { class: "line" }, ...later)]) : "",
  ];
}

// ---------------------------------------------------------------- findings

/** @param {Packs} packs @param {Finding} finding @returns {[Law, Version]} */
function lawOf(packs, finding) {
  const law = /** @type {Law} */ (packs.laws.find((each) => each.id === finding.law));
  return [law, law.versions.find((version) => version.cite === finding.cite) ?? law.versions[0]];
}

/** What it would mean, in lines. @param {Packs} packs @param {Finding} finding */
function meaning(packs, finding) {
  const [law, version] = lawOf(packs, finding);
  const lines = [
    `The most that a court can give: ${version.maximum}.`,
    `Time to charge: ${version.limit}.`,
    `Your name kept out of the news: ${version.anonymity}.`,
    `${finding.cite}. Checked on ${law.checked}.`,
  ];
  return law.grade === "drafted" ? [...lines, DRAFTED] : lines;
}

/** @param {string[]} lines @param {string} kind */
const bullets = (lines, kind = "") => h("ul", { class: kind || null }, ...lines.map((line) => h("li", {}, line)));

/** @param {Packs} packs @param {Finding} finding */
const lawNode = (packs, finding) =>
  h(
    "article",
    { class: "law" },
    h("h3", {}, finding.title),
    h("p", {}, "Because of what you told us:"),
    bullets(finding.because),
    fold("What this means", [bullets(meaning(packs, finding), "facts")]),
  );

/** The open laws that few answers would settle, and the others. @param {Plan} plan */
function openLaws(plan) {
  const open = plan.findings.filter((finding) => finding.status === "cannot_tell");
  const near = open.filter((f) => f.needs.length > 0 && f.needs.length <= WORTH_ASKING).slice(0, MOST_QUESTIONS);
  return { near, far: open.filter((finding) => !near.includes(finding)) };
}

/** @param {Packs} packs @param {Plan} plan @param {(id: string) => void} ask */
function findingNodes(packs, plan, ask) {
  const may = plan.findings.filter((finding) => finding.status === "may_apply");
  const { near, far } = openLaws(plan);
  const unlikely = plan.findings.filter((finding) => finding.status === "unlikely");
  return [
    ...(may.length ? [h("h2", {}, MAY), ...may.map((finding) => lawNode(packs, finding))] : []),
    ...(near.length ? [h("h2", {}, OPEN), ...near.map((finding) => nearNode(packs, finding, ask))] : []),
    h("h2", {}, "The rest of the law"),
    far.length ? fold(`We can't tell yet (${far.length})`, [bullets(far.map((f) => `${f.title} (${f.cite})`))]) : "",
    unlikely.length ? fold(`Less likely, and why (${unlikely.length})`, unlikely.map(reasonNode)) : "",
    h("p", { class: "grade" }, DRAFTED),
  ];
}

/** @param {Packs} packs @param {Finding} finding @param {(id: string) => void} ask */
const nearNode = (packs, finding, ask) =>
  h(
    "article",
    { class: "law" },
    h("h3", {}, finding.title),
    h("p", {}, "We can't tell yet. An answer to this would settle it:"),
    ...finding.needs.map((id) => h("p", {}, button("quiet", packs.facts[id].ask, () => ask(id)))),
    h("p", { class: "cite" }, finding.cite),
  );

/** @param {Finding} finding */
const reasonNode = (finding) => h("p", {}, h("b", {}, finding.title), ". ", finding.because.join(" "));

// ---------------------------------------------------------------- the whole plan

/** @param {Packs} packs @param {Plan} plan */
const quietHelp = (packs, plan) =>
  plan.routes.filter((route) => packs.routes.find((each) => each.id === route.id)?.without_report);

/** @param {Packs} packs @param {Plan} plan */
function quietHelpNode(packs, plan) {
  const people = [...new Set(quietHelp(packs, plan).flatMap((route) => contactsOf(packs, route.id)))];
  const ways = people.flatMap((one) => one.ways.filter((way) => way.offered).slice(0, 1).map((way) => tap(way, one.name)));
  return h("section", {}, h("h2", {}, NO_POLICE), h("p", {}, NO_POLICE_NOTE), ...ways);
}

/** Everything below the heading. @param {Packs} packs @param {Plan} plan @param {(id: string) => void} ask @returns {(Node | string)[]} */
export function planNodes(packs, plan, ask) {
  const never = plan.never.map((bar) => `${packs.routes.find((each) => each.id === bar.id)?.name}: ${bar.because}`);
  return [
    plan.danger === "immediate" ? dangerPanel(packs, plan) : "",
    plan.danger === "check" ? h("p", { class: "panel attention" }, CHECK) : "",
    ...lineNodes(packs, plan),
    quietHelpNode(packs, plan),
    ...findingNodes(packs, plan, ask),
    never.length ? fold("Not for you, and why", [bullets(never)]) : "",
  ];
}

/** The plan as plain text, for a file or for pasting. @param {Packs} packs @param {Plan} plan */
export function planAsText(packs, plan) {
  const routes = plan.routes.flatMap((route, i) => {
    const due = route.due ? [`   Time limit: ${span(route.due)}`] : [];
    const ways = contactsOf(packs, route.id).map((one) => {
      const offered = one.ways.filter((way) => way.offered).map((way) => way.to);
      return `   ${[one.name, ...offered].join(" · ")}`;
    });
    return [`${i + 1}. ${route.name}`, `   ${route.because}`, ...due, ...ways, ""];
  });
  const may = plan.findings.filter((finding) => finding.status === "may_apply");
  const laws = may.flatMap((f) => [f.title, ...[...f.because, ...meaning(packs, f)].map((line) => `   ${line}`), ""]);
  const near = openLaws(plan).near.map((f) => `${f.title}: ${f.needs.map((id) => packs.facts[id].ask).join(" ")}`);
  return [
    `What to do (${plan.on})`, "",
    ...(plan.danger === "none" ? [] : [plan.danger === "immediate" ? EMERGENCY : CHECK, ""]),
    ...routes,
    NO_POLICE, NO_POLICE_NOTE, ...quietHelp(packs, plan).map((route) => `   ${route.name}`), "",
    ...(may.length ? [MAY, "", ...laws] : []),
    ...(near.length ? [OPEN, "", ...near, ""] : []),
    DRAFTED, "",
  ].join("\n");
}
