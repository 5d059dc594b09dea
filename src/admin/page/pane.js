// One entry: why, what was sent, what the vendor said, what changed.

import { get, inWorld } from "./api.js";
import { changed, here, link } from "./address.js";
import { asCondition, asStep } from "./asfile.js";
import { kv, laidOut, raw } from "./bodies.js";
import { button, complain, copy, h, icon } from "./dom.js";
import { difference, nameIn, pairs, split } from "./proof.js";
import { sentence } from "./rows.js";
import { badge, happened, oddities, outcomeOf, ownCode, wasRefused } from "./words.js";
import { clockTime, many, size } from "./when.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Message} Message */

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
export function copyStep(entry) {
  void copy(asStep(entry), "Copied. Paste it into a scenario.");
}

/** @param {Entry} entry */
export function copyCondition(entry) {
  void copy(asCondition(entry), "Copied. Paste it into Verdict, or behind ringback verify.");
}

/** @param {Entry} entry */
export function faultLink(entry) {
  return link("faults", { vendor: entry.vendor, operation: entry.operation, nth: 1 });
}

/** @param {Entry} entry */
function copies(entry) {
  if (entry.stray || !entry.request) return null;
  return h(
    "div",
    { class: "btns" },
    h("span", { class: "label" }, "Copy as"),
    button(["curl ", h("kbd", null, "c")], () => void copyCurl(entry)),
    button(["[[step]] ", h("kbd", null, "s")], () => copyStep(entry)),
    button(["condition ", h("kbd", null, "n")], () => copyCondition(entry)),
    h("a", { class: "btn", href: faultLink(entry) }, "Break the next one ", h("kbd", null, "b")),
  );
}

/** @param {Entry} entry */
function head(entry) {
  const refused = wasRefused(entry);
  const name = entry.action ? happened(entry) : [entry.operation ?? (entry.stray ? "Nobody took it" : "No operation")];
  const status = entry.response?.status ?? 0;
  const although = refused && status > 0 && status < 300 ? `, although the status is ${status}` : "";
  const wall = entry.response ? header(entry.response, "date") : "";
  return h(
    "header",
    null,
    h(
      "h2",
      null,
      h("span", { class: "seq" }, entry.seq),
      h("span", null, name),
      h("span", { class: "push" }),
      h("a", { class: "btn plain", href: changed({ entry: null }) }, "Close ", h("kbd", null, "Esc")),
    ),
    h(
      "p",
      { class: "mid" },
      entry.vendor && `${entry.vendor} · `,
      entry.stray ? "wall time " : "world time ",
      h("span", { class: "mono" }, clockTime(entry.at)),
      wall && !entry.stray && " · wall ",
      wall && !entry.stray && h("span", { class: "mono" }, wall.slice(17, 25)),
      entry.request && " · ",
      entry.request && h("span", { class: "mono" }, header(entry.request, "user-agent").slice(0, 60)),
      refused && " · ",
      refused && h("span", { class: "bad strong" }, outcomeOf(entry)),
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
    h("dt", null, "expected"),
    h("dd", { class: "val" }, row(wanted, come, "hit")),
    h("dd", { class: "good" }, why.expected),
    h("dt", null, "found"),
    h("dd", { class: "val" }, row(found, gone, "hit no")),
    h("dd", { class: "bad" }, why.at ?? `character ${same + 1}`),
  ];
}

/** @param {Entry} entry */
function why(entry) {
  const reason = entry.why;
  if (!reason) {
    return entry.error
      ? h("section", null, h("h3", null, "Why nobody took it"), h("p", { class: "bad" }, entry.error))
      : null;
  }
  const cmp = compared(reason) ?? [
    h("dt", null, "expected"),
    h("dd", { class: "good wide" }, reason.expected),
    h("dt", null, "found"),
    h("dd", { class: "bad wide" }, reason.found, reason.at && ` at ${reason.at}`),
  ];
  const edit = reason.edit;
  const [, vendor = "", place = ""] = /contract (\S+) ?(.*)$/.exec(reason.source) ?? [];
  return h(
    "section",
    null,
    h("h3", null, "Why it was refused", h("span", { class: "push mono dim" }, reason.rule)),
    h("dl", { class: "cmp" }, cmp),
    h("p", { class: "cure" }, icon("cure"), h("span", null, sentence(reason.hint))),
    edit?.body === undefined ? null : [h("p", { class: "label" }, "Send this instead"), ...raw(edit.body)],
    edit?.content_type && h("p", null, "Send it as ", h("code", null, edit.content_type)),
    h(
      "p",
      null,
      badge(reason.evidence, reason.source),
      " ",
      h("span", { class: "small mid" }, GRADES[reason.evidence]),
    ),
    vendor &&
      h("p", { class: "small mid" }, "The section itself: ", h("code", null, `ringback contract ${vendor} ${place}`)),
  );
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
 * @param {import("./dom.js").Child} note
 * @param {import("./dom.js").Child[]} first
 * @param {import("./dom.js").Child[]} second
 */
function views(title, note, first, second) {
  const one = h("div", null, first);
  const other = h("div", { hidden: true }, second);
  const turn = (/** @type {boolean} */ isFirst) => {
    one.hidden = !isFirst;
    other.hidden = isFirst;
    laid.setAttribute("aria-pressed", String(isFirst));
    plain.setAttribute("aria-pressed", String(!isFirst));
  };
  const laid = button("laid out", () => turn(true), { class: "btn seg-b", "aria-pressed": "true" });
  const plain = button("raw", () => turn(false), { class: "btn seg-b", "aria-pressed": "false" });
  return h("section", null, h("h3", null, title, h("span", { class: "push seg" }, note, laid, plain)), one, other);
}

/** @param {Entry} entry */
function sent(entry) {
  const { request, why: reason } = entry;
  if (!request) return null;
  const [path = "", query = ""] = split(request.target);
  const marked = reason ? nameIn(reason) : "";
  const body = request.body ?? "";
  const laid = [
    h("p", { class: "mono strong wrap" }, `${request.method} ${path}`),
    query &&
      kv(
        "Parameters of the query",
        pairs(query).map((it) => [it.name, it.value]),
        marked,
      ),
    body && laidOut(body, header(request, "content-type"), marked),
    h("details", null, h("summary", null, `${request.headers.length} headers`), kv("Headers", request.headers)),
    !body && h("p", { class: "small dim" }, "no body"),
  ];
  const lines = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return views("What was sent", null, laid.flat(), raw(`${request.method} ${request.target}\n${lines}\n\n${body}`));
}

/** @param {Entry} entry */
function said(entry) {
  const { response, request } = entry;
  if (!request) return null;
  if (!response)
    return h(
      "section",
      null,
      h("h3", null, "What the vendor said"),
      h("p", { class: "mid" }, "Nothing: no byte was sent."),
    );
  const body = response.body ?? "";
  const type = header(response, "content-type");
  const note = h("span", { class: "mono dim" }, `${response.status} · ${type} · ${size(new Blob([body]).size)}`);
  const lines = response.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const code = ownCode(entry);
  const laid = [
    code && h("p", { class: "small mid" }, "The vendor's own code: ", h("code", null, code)),
    ...(body ? laidOut(body, type) : [h("p", { class: "dim" }, "no body")]),
  ];
  return views("What the vendor said", note, laid, raw(`${response.status}\n${lines}\n\n${body}`));
}

/** @param {Entry} entry */
function changes(entry) {
  if (entry.stray) return null;
  const odd = oddities(entry).map((it) => h("p", { class: "small" }, icon("warn"), " ", it));
  const effects = entry.effects.slice(0, EFFECTS_SHOWN).map((it) => {
    return h(
      "li",
      null,
      it.at && h("span", { class: "mono dim" }, `${clockTime(it.at)} `),
      it.text,
      numbersIn(it.text),
    );
  });
  const rest = entry.effects.length - effects.length;
  const none = wasRefused(entry) ? "Nothing: it was refused." : "Nothing in the state of the world.";
  return h(
    "section",
    null,
    h("h3", null, "What changed"),
    odd,
    effects.length ? h("ul", { class: "effects" }, effects) : h("p", { class: "mid" }, none),
    rest > 0 && h("p", { class: "small dim" }, `and ${many(rest)} more`),
  );
}

/**
 * Ways from an effect to the person whose number it names.
 * @param {string} text
 */
function numbersIn(text) {
  const found = text.match(/\+?\d{9,15}/g) ?? [];
  return found
    .slice(0, 2)
    .map((phone) => [" ", h("a", { href: link("people", { phone }) }, "this person")])
    .flat();
}

/**
 * @param {Entry} entry
 * @returns {HTMLElement}
 */
export function pane(entry) {
  const board =
    entry.vendor && !entry.stray
      ? h(
          "section",
          null,
          h("p", null, h("a", { href: link("vendors", { vendor: entry.vendor }) }, `The board of ${entry.vendor}`)),
        )
      : null;
  return h(
    "div",
    { class: "stay", tabindex: 0, role: "region", "aria-label": `Entry ${entry.seq}` },
    head(entry),
    why(entry),
    sent(entry),
    said(entry),
    changes(entry),
    board,
  );
}
