// The form that makes a rule for faults: which requests, what happens to them, and the rule as a script has it.

import { button, copy, field, fill, h, icon, sender, table } from "./dom.js";
import { ask, curlOf, mark, shown, valuesOf } from "./schema.js";

/** @typedef {import("./schema.js").Asked} Asked */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./types").Vendor} Vendor */

/** What the client sees of a kind, and whether the work is done. @type {Record<string, [string, string]>} */
const KINDS = {
  delay: ["done", "the reply, late"],
  drip: ["done", "the body in pieces, with pauses"],
  malform: ["done", "a body whose last byte is missing"],
  truncate: ["done", "a body that ends before its announced length"],
  reset_after_head: ["done", "the head, then a reset connection"],
  lose_reply: ["done", "no byte; the connection is closed"],
  close: ["done", "the reply, then a closed connection"],
  status: ["not done", "another status, with a body of yours"],
  refuse: ["not done", "one of the vendor's refusals in its own form"],
  fail: ["not done", "what the vendor sends when it fails itself"],
  rate_limit: ["not done", "429 for all that is too much"],
  reset: ["not done", "a reset connection"],
  hang: ["not done", "nothing for ten minutes"],
};

/** Which fields belong to a kind; those of lateness, and of the connection, belong to all. @type {Record<string, string[]>} */
const FIELDS = {
  drip: ["bytes", "pause"],
  truncate: ["bytes"],
  status: ["status", "body", "content_type", "headers"],
  refuse: ["error", "headers"],
  rate_limit: ["most", "per", "status", "retry_after"],
};
/** What is chosen at first: the fault that clients are least ready for. */
const FIRST_KIND = "lose_reply";
const LATENESS = ["delay", "delay_to", "sigma", "close"];
/** What most rules are made of; the other conditions stand behind a line that opens. */
const COMMON = ["vendor", "operation", "nth", "times"];

export class FaultForm {
  /**
   * @param {Record<string, Schema>} properties Of a rule.
   * @param {Vendor[]} vendors
   * @param {URLSearchParams} params What is filled in.
   * @param {string} path Where rules are sent to.
   * @param {(rule: Record<string, unknown>) => Promise<void>} add
   */
  constructor(properties, vendors, params, path, add) {
    this.vendors = vendors;
    this.path = path;
    const names = vendors.map((vendor) => vendor.name);
    /** @type {Asked[]} */
    this.which = Object.entries(properties["on"]?.properties ?? {})
      .filter(([name]) => name !== "match")
      .map(([name, it]) => ask(name, name === "vendor" ? { ...it, enum: names } : it, params.get(name) ?? ""));
    /** @type {Asked[]} */
    this.how = ["name", ...LATENESS, ...new Set(Object.values(FIELDS).flat())].flatMap((name) => {
      const it = properties[name];
      return it ? [ask(name, it)] : [];
    });
    this.where = h("input.mono", { placeholder: "json /phone" });
    this.equals = h("input.mono");
    this.script = h("textarea", { rows: 5, readonly: true, class: "mono" });
    this.error = h("p.err.bad.small", { role: "alert" });
    this.operations = h("datalist", { id: "fault-operations" });
    this.which.find((it) => it.name === "operation")?.input.setAttribute("list", this.operations.id);
    const show = () => this.show();
    this.form = h(
      "form.in.form",
      { input: show, change: show },
      h("div.cols.two", this.fields(), this.kinds(properties["then"]?.enum ?? Object.keys(KINDS))),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const all = [...this.which, ...this.how];
      this.error.textContent = mark(all, null);
      add(this.rule()).catch((problem) => {
        this.error.textContent = mark(all, problem);
      });
    });
    this.show();
  }

  /** The rule that is filled in. */
  rule() {
    const { where, equals } = this;
    const match = where.value ? { match: [{ at: where.value, ...(equals.value && { equals: equals.value }) }] } : {};
    const then = this.form.querySelector("input[name=then]:checked");
    const kind = then instanceof HTMLInputElement ? then.value : "";
    const on = { ...valuesOf(this.which), ...match };
    const how = valuesOf(this.how.filter((it) => fitsKind(it.name, kind)));
    return { ...(Object.keys(on).length && { on }), then: kind, ...how };
  }

  show() {
    const rule = this.rule();
    this.script.value = JSON.stringify(rule, null, 1).replaceAll(/\n\s*/g, " ");
    for (const it of this.how) {
      const box = it.input.closest(".field");
      if (box instanceof HTMLElement) box.hidden = !fitsKind(it.name, rule.then);
    }
    const vendor = this.which.find((it) => it.name === "vendor")?.input.value;
    const known = this.vendors.filter((it) => !vendor || it.name === vendor).flatMap((it) => it.operations);
    const options = known.map((it) => h("option", { value: it.name }));
    fill(this.operations, options);
  }

  fields() {
    const isCommon = (/** @type {Asked} */ it) => COMMON.includes(it.name);
    const rare = this.which.filter((it) => !isCommon(it));
    const isOpen = rare.some((it) => it.input.value);
    return h(
      "div.form",
      h("h3", "Which requests"),
      this.operations,
      h(
        "div.two",
        this.which.filter(isCommon).map(shown),
        field("where: param NAME, json POINTER, …", this.where),
        field("equals", this.equals),
      ),
      h("details", { open: isOpen }, h("summary", "More conditions"), h("div.two", rare.map(shown))),
      h("h3", "With"),
      h("div.two", this.how.map(shown)),
      this.error,
      field("As a script has it", this.script),
      h(
        "div.btns",
        sender("Add the rule"),
        button([icon("copy"), "curl"], () => void copy(curlOf(this.path, this.script.value)), { class: "btn plain" }),
      ),
    );
  }

  /** @param {string[]} all */
  kinds(all) {
    const rows = all.map((kind) => {
      const [work = "", sees = ""] = KINDS[kind] ?? [];
      const radio = h("input", { type: "radio", name: "then", value: kind, checked: kind === FIRST_KIND });
      return h(
        "tr",
        h("td", h("label.choice", radio, h("code", kind))),
        h("td", work === "done" ? h("b", work) : work),
        h("td.mid", sees),
      );
    });
    return h(
      "fieldset.panel",
      h("legend.vh", "What happens"),
      table("Kinds of faults", ["then", "the work is", "the client sees"], rows),
    );
  }
}

/**
 * @param {string} name
 * @param {string} kind
 */
function fitsKind(name, kind) {
  return name === "name" || LATENESS.includes(name) || (FIELDS[kind] ?? []).includes(name);
}
