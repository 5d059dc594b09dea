// One entry: why, what was sent, what the vendor said, what changed.

import { ask, get, inWorld } from "./api.js";
import { changed, here, link } from "./address.js";
import { kv, laidOut, raw } from "./bodies.js";
import { bytesOfBody, noteOfBody, textOfBody } from "./bytes.js";
import { button, complain, copy, fill, h, icon, messageOf, prose, toast } from "./dom.js";
import { difference, nameIn, pairs, split, worldless } from "./proof.js";
import { keyOf, sentence } from "./rows.js";
import { badge, didText, happened, oddities, outcomeOf, ownCode, placeOf, wasRefused } from "./words.js";
import { clockTime, counted, many, size } from "./when.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Child} Child */
/** @typedef {import("./types").Vendor} Vendor */

const EFFECTS_SHOWN = 200;

/**
 * @param {Message} message
 * @param {string} name
 */
function header(message, name) {
  return message.headers.find((it) => it[0].toLowerCase() === name)?.[1] ?? "";
}

/** @param {Entry} entry */
export async function copyCurl(entry) {
  try {
    const path = inWorld(entry.world || here().world, "journal", entry.seq);
    const { curl } = await get(`${path}?as=curl`);
    await copy(curl, "Copied. Paste it into a shell; credentials are masked in it.");
  } catch (error) {
    complain(error);
  }
}

/** @param {Entry} entry */
export async function copyStep(entry) {
  const { body_base64, body_bytes } = entry.request ?? {};
  if (body_base64 !== undefined) return toast("Its body is no text, which a step cannot hold; curl can send it.");
  if (body_bytes !== undefined)
    return toast(`Of its ${size(body_bytes)} the journal has the head only: no step sends it.`);
  await copyAs("asStep", entry, "Copied. Paste it into a scenario.");
}

/** @param {Entry} entry */
export async function copyCondition(entry) {
  await copyAs("asCondition", entry, "Copied. Paste it into Verdict, or behind ringback verify.");
}

/**
 * What is copied rarely is not there from the beginning.
 * @param {"asStep" | "asCondition"} shape
 * @param {Entry} entry
 * @param {string} told
 */
async function copyAs(shape, entry, told) {
  try {
    const shapes = await import("./asfile.js");
    await copy(shapes[shape](entry), told);
  } catch (error) {
    complain(error);
  }
}

/** @param {Entry} entry */
export function faultLink(entry) {
  return link("faults", { vendor: entry.vendor, operation: entry.operation, nth: 1 });
}

/** @param {Entry} entry */
function copies(entry) {
  if (entry.stray || !entry.request) return null;
  return h(
    "div.btns",
    h("span.label", "Copy as"),
    button(["curl ", h("kbd", "c")], () => void copyCurl(entry)),
    button(["[[step]] ", h("kbd", "s")], () => void copyStep(entry)),
    button(["condition ", h("kbd", "n")], () => void copyCondition(entry)),
    h("a.btn", { href: faultLink(entry) }, "Break the next one ", h("kbd", "b")),
  );
}

/** @param {Entry} entry */
function head(entry) {
  const refused = wasRefused(entry);
  const name = entry.action ? happened(entry) : [entry.operation ?? (entry.stray ? "Nobody took it" : "No operation")];
  const status = entry.response?.status ?? 0;
  const although = refused && status > 0 && status < 300 ? `, although the status is ${status}` : "";
  return h(
    "header",
    h(
      "h2",
      h("span.seq", keyOf(entry)),
      h("span", name),
      h("span.push"),
      h("a.btn.plain", { href: changed({ entry: null }) }, "Close ", h("kbd", "Esc")),
    ),
    h(
      "p.mid",
      entry.vendor && `${entry.vendor} · `,
      entry.stray ? "wall time " : "world time ",
      h("span.mono", clockTime(entry.at)),
      entry.request && " · ",
      entry.request && h("span.mono", header(entry.request, "user-agent").slice(0, 60)),
      refused && " · ",
      refused && h("span.bad.strong", outcomeOf(entry)),
      although,
    ),
    copies(entry),
  );
}

/**
 * Expected and found marked against each other, where both are short values.
 * @param {import("./types").Why} why
 */
function compared(why) {
  const found = /^"(.*)"$/.exec(why.found)?.[1];
  const wanted = /such as (\S.*)$/.exec(why.expected)?.[1];
  if (!found || !wanted || found.length > 40 || wanted.length > 40) return null;
  const { head: same, gone, come, tail } = difference(found, wanted);
  if (gone.length + come.length > 6) return null;
  const shown = (/** @type {string} */ it) => it.replaceAll(" ", "␣") || "·";
  const row = (/** @type {string} */ it, /** @type {string} */ mid, /** @type {string} */ kind) => [
    it.slice(0, same),
    h("span", { class: kind }, shown(mid)),
    tail ? it.slice(-tail) : "",
  ];
  return [
    h("dt", "expected"),
    h("dd.val", row(wanted, come, "hit")),
    h("dd.good", why.expected),
    h("dt", "found"),
    h("dd.val", row(found, gone, "hit no")),
    h("dd.bad", why.at ?? `character ${same + 1}`),
  ];
}

/** @param {Entry} entry */
function why(entry) {
  const reason = entry.why;
  if (!reason) {
    return entry.error ? h("section", h("h3", "Why nobody took it"), h("p.bad", entry.error)) : null;
  }
  const cmp = compared(reason) ?? [
    h("dt", "expected"),
    h("dd.good.wide", reason.expected),
    h("dt", "found"),
    h("dd.bad.wide", reason.found, reason.at && ` at ${reason.at}`),
  ];
  const edit = reason.edit;
  const { vendor, section } = placeOf(reason.source);
  return h(
    "section",
    h("h3", "Why it was refused", h("span.push.mono.dim", reason.rule)),
    h("dl.cmp", cmp),
    h("p.cure", icon("cure"), h("span", sentence(reason.hint))),
    edit?.body === undefined ? null : [h("p.label", "Send this instead"), ...raw(edit.body)],
    edit?.content_type && h("p", "Send it as ", h("code", edit.content_type)),
    h("p", badge(reason.evidence, reason.source), " ", h("span.small.mid", GRADES[reason.evidence])),
    unfolding(`What ${reason.rule} is about, and what commonly breaks it`, () => explained(reason.rule)),
    vendor && section && unfolding(`Section ${section} of ${vendor}'s contract`, () => contract(vendor, section)),
  );
}

/**
 * Something longer that is asked for when somebody opens it.
 * @param {string} title
 * @param {() => Promise<Child[]>} load
 */
function unfolding(title, load) {
  const place = h("div", h("p.small.dim", "Reading …"));
  const box = h("details", h("summary", title), place);
  const opened = () => {
    if (!box.open) return;
    box.removeEventListener("toggle", opened);
    load().then(
      (children) => fill(place, children),
      (error) => {
        fill(place, h("p.small.bad", messageOf(error)));
        // Opened once more, it is asked for once more.
        box.addEventListener("toggle", opened);
      },
    );
  };
  box.addEventListener("toggle", opened);
  return box;
}

/**
 * A rule, explained.
 * @param {string} rule
 * @returns {Promise<Child[]>}
 */
async function explained(rule) {
  /** @type {import("./types").Rules} */
  const told = await get(`/v1/rules/${encodeURIComponent(rule)}`);
  const mistakes = told.mistakes.map((it) =>
    h("li", prose(it.what), it.cure && h("p.mid", icon("cure"), " ", prose(sentence(it.cure)))),
  );
  return [
    ...told.why.map((it) => h("p", prose(it))),
    mistakes.length > 0 && h("p.label", "What commonly breaks it"),
    mistakes.length > 0 && h("ul.effects", mistakes),
    h(
      "p.small.mid",
      "In a terminal: ",
      h("code", `ringback explain ${rule}`),
      "; more in ",
      h("a", { href: link("manual", { chapter: told.vendor }) }, `the chapter of ${told.vendor}`),
    ),
  ];
}

/**
 * @param {string} vendor
 * @param {string} section
 * @returns {Promise<Child[]>}
 */
async function contract(vendor, section) {
  const answer = await ask(`/v1/vendors/${vendor}/contract?section=${encodeURIComponent(section)}`);
  return raw(await answer.text());
}

/** What a grade says. */
export const GRADES = {
  documented: "Stated or literally shown by the vendor.",
  observed: "Seen in client code that talks to the vendor, or proven by a checked computation.",
  inferred: "Follows from an example, a sibling API or the platform.",
  assumed: "Nobody outside the vendor knows; this is our choice.",
};

/**
 * Two views of one thing, the first one shown.
 * @param {string} title
 * @param {Child} note
 * @param {Child[]} first
 * @param {Child[]} second
 */
function views(title, note, first, second) {
  const one = h("div", first);
  const other = h("div", { hidden: true }, second);
  const turn = (/** @type {boolean} */ isFirst) => {
    one.hidden = !isFirst;
    other.hidden = isFirst;
    laid.setAttribute("aria-pressed", String(isFirst));
    plain.setAttribute("aria-pressed", String(!isFirst));
  };
  const laid = button("laid out", () => turn(true), { class: "btn seg-b", "aria-pressed": "true" });
  const plain = button("raw", () => turn(false), { class: "btn seg-b", "aria-pressed": "false" });
  return h("section", h("h3", title, h("span.push.seg", note, laid, plain)), one, other);
}

/** @param {Entry} entry */
function sent(entry) {
  const { request, why: reason } = entry;
  if (!request) return null;
  const target = worldless(request.target, entry.world);
  const [path = "", query = ""] = split(target);
  const prefix = target === request.target ? "" : `world by path, /w/${entry.world}`;
  const marked = reason ? nameIn(reason) : "";
  const body = textOfBody(request);
  const note = noteOfBody(request);
  const laid = [
    h("p.mono.strong.wrap", `${request.method} ${path}`),
    query &&
      kv(
        "Parameters of the query",
        pairs(query).map((it) => [it.name, it.value]),
        marked,
      ),
    body && laidOut(body, header(request, "content-type"), marked),
    h("details", h("summary", counted(request.headers.length, "header")), kv("Headers", request.headers)),
    note && h("p.small.mid.wrap", note),
    h("p.small.dim", [!body && !note && "no body", prefix].filter(Boolean).join(" · ")),
  ];
  const lines = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return views("What was sent", null, laid.flat(), raw(`${request.method} ${request.target}\n${lines}\n\n${body}`));
}

/** @param {Entry} entry */
function said(entry) {
  const { response, request } = entry;
  if (!request) return null;
  if (!response) return h("section", h("h3", "What the vendor said"), h("p.mid", "Nothing: no byte was sent."));
  const body = textOfBody(response);
  const told = noteOfBody(response);
  const type = header(response, "content-type");
  const note = h("span.mono.dim", `${response.status} · ${type} · ${size(bytesOfBody(response))}`);
  const lines = response.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const code = ownCode(entry);
  const laid = [
    code && h("p.small.mid", "The vendor's own code: ", h("code", code)),
    ...(body ? laidOut(body, type) : told ? [] : [h("p.dim", "no body")]),
    told && h("p.small.mid.wrap", told),
  ];
  return views("What the vendor said", note, laid, raw(`${response.status}\n${lines}\n\n${body}`));
}

/**
 * @param {Entry} entry
 * @param {Vendor[]} vendors
 */
function changes(entry, vendors) {
  if (entry.stray) return null;
  const odd = oddities(entry).map((it) => h("p.small", icon("warn"), " ", it));
  const effects = entry.effects.slice(0, EFFECTS_SHOWN).map((it) => {
    const vendor = vendors.find((one) => one.name === (it.vendor ?? entry.vendor));
    return h("li", it.at && h("span.mono.dim", `${clockTime(it.at)} `), didText(it), leadsIn(it.text, vendor));
  });
  const rest = entry.effects.length - effects.length;
  const none = wasRefused(entry) ? "Nothing: it was refused." : "Nothing in the state of the world.";
  return h(
    "section",
    h("h3", "What changed"),
    odd,
    effects.length ? h("ul.effects", effects) : h("p.mid", none),
    rest > 0 && h("p.small.dim", `and ${many(rest)} more`),
  );
}

/**
 * Ways from an effect to what it touched: the row on the vendor's board, the person whose number it names.
 * @param {string} text
 * @param {Vendor | undefined} vendor
 */
function leadsIn(text, vendor) {
  const people = (text.match(/\+?\d{9,15}/g) ?? []).slice(0, 2).map((phone) => {
    return [" ", h("a", { href: link("people", { phone }) }, "this person")];
  });
  const rows = [...text.matchAll(/\b([a-z]+) ([\w-]*\d[\w-]*)/g)].flatMap(([, what = "", row = ""]) => {
    const names = what === "agent" ? ["agents", "users"] : [`${what}s`, what === "opt" ? "opt_ins" : ""];
    const name = vendor?.tables.find((it) => names.includes(it));
    const selected = { vendor: vendor?.name, table: name, row };
    return name ? [[" ", h("a", { href: link("vendors", selected) }, `${what} ${row}`)]] : [];
  });
  return [...rows.slice(0, 3), ...people].flat();
}

/**
 * @param {Entry} entry
 * @param {Vendor[]} vendors
 * @returns {HTMLElement}
 */
export function pane(entry, vendors) {
  const vendor = vendors.find((it) => it.name === entry.vendor);
  const { name } = vendor ?? {};
  return h(
    "div.stay",
    { tabindex: 0, role: "region", "aria-label": `Entry ${keyOf(entry)}` },
    head(entry),
    why(entry),
    changes(entry, vendors),
    sent(entry),
    said(entry),
    name &&
      !entry.stray &&
      h("section", h("p", h("a", { href: link("vendors", { vendor: name }) }, `The board of ${name}`))),
  );
}
