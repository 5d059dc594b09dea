// The part Faults: rules with their hits; one is added by a form that knows every kind and preset.

import { get, inWorld, send } from "./api.js";
import { link } from "./address.js";
import { button, complain, copy, empty, field, fill, h, icon, panel, table, toast } from "./dom.js";
import { ask, bodyOf, mark, shown, valuesOf } from "./schema.js";
import { clockTime, many } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./schema.js").Asked} Asked */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {{ id: number, name?: string, then: string, on?: Record<string, unknown>, work: string, added: string, matched: number, fired: number, active: boolean } & Record<string, unknown>} Rule */

/** What the client sees of a kind, and whether the work is done. @type {Record<string, [string, string]>} */
const KINDS = {
  delay: ["done", "the reply, late"],
  drip: ["done", "the body in pieces, with pauses"],
  malform: ["done", "a body whose last byte is missing"],
  truncate: ["done", "a body that ends before its announced length"],
  reset_after_head: ["done", "the head, then a reset connection"],
  lose_reply: ["done", "no byte; the connection is closed"],
  status: ["not done", "another status, with a body of yours"],
  refuse: ["not done", "one of the vendor's refusals in its own form"],
  fail: ["not done", "what the vendor sends when it fails itself"],
  rate_limit: ["not done", "429 for all that is too much"],
  reset: ["not done", "a reset connection"],
  hang: ["not done", "nothing for ten minutes"],
};

/** What a preset does. @type {Record<string, string>} */
const PRESETS = {
  flaky: "now and then a failure, drawn from the seed",
  "slow-vendor": "replies late, log-normal",
  "outage-10m": "nothing works for ten minutes of world time",
  "lost-replies": "the work is done, the reply is lost",
};

/** Which fields belong to a kind; those of lateness belong to all. @type {Record<string, string[]>} */
const FIELDS = {
  drip: ["bytes", "pause"],
  truncate: ["bytes"],
  status: ["status", "body", "content_type"],
  refuse: ["error"],
  rate_limit: ["most", "per", "status"],
};
const LATENESS = ["delay", "delay_to", "sigma"];

const PATH = "/v1/worlds/{world}/faults";
const LOOK_MS = 3000;

export class Faults {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.shown = "";
    this.list = h("div", null);
    this.presets = h("div", null);
    this.form = h("div", null);
    const remove = button("Remove all", () => void this.remove(), { class: "btn danger" });
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        h(
          "div",
          { class: "head" },
          h("h1", null, "Faults"),
          h("p", null, "Which requests go wrong, and how. The first rule that strikes decides; times are the world's."),
        ),
        h(
          "div",
          { class: "cols two tgrid" },
          panel("Rules", h("span", { class: "push" }, remove), this.list),
          panel("Ready-made", null, this.presets),
        ),
        panel("Add a rule", null, this.form),
      ),
    );
    this.stop = hub.on("newer", () => this.look());
    this.looking = window.setInterval(() => document.hidden || this.look(), LOOK_MS);
    this.look();
    void this.makeForm(params).catch(complain);
  }

  leave() {
    this.stop();
    clearInterval(this.looking);
  }

  /** @param {URLSearchParams} params */
  update(params) {
    void this.makeForm(params).catch(complain);
  }

  look() {
    get(inWorld(this.hub.world, "faults")).then(
      ({ faults }) => this.show(faults),
      () => {},
    );
  }

  /** @param {Rule[]} rules */
  show(rules) {
    const now = JSON.stringify(rules);
    if (now === this.shown) return;
    this.shown = now;
    if (!rules.length) {
      fill(
        this.list,
        empty(
          "Nothing goes wrong on purpose",
          "Add a rule below, or take one that is ready-made. From an exchange, “Break the next one” fills the form in.",
          `ringback fault add --world ${this.hub.world} --then lose_reply`,
        ),
      );
      return;
    }
    const rows = rules.map((rule) =>
      h(
        "tr",
        null,
        h("td", { class: "mono" }, rule.id),
        h("td", null, strikes(rule), rule.name && h("span", { class: "dim mono small" }, ` ${rule.name}`)),
        h("td", null, h("code", null, rule.then), " ", h("span", { class: "dim" }, `the work is ${rule.work}`)),
        h("td", { class: "num" }, many(rule.matched)),
        h(
          "td",
          { class: "num" },
          rule.fired ? h("a", { href: link("exchanges", { show: "odd" }) }, many(rule.fired)) : 0,
        ),
        h(
          "td",
          null,
          h("span", { class: "tag dim" }, icon(rule.active ? "fault" : "ok"), rule.active ? "on" : "spent"),
          " ",
          h("span", { class: "small mid" }, `since ${clockTime(rule.added)}`),
        ),
        h(
          "td",
          null,
          button("Switch off", () => void this.remove(rule.id), { "aria-label": `Switch off rule ${rule.id}` }),
        ),
      ),
    );
    fill(
      this.list,
      table(
        "Rules",
        [
          "id",
          "strikes",
          "does",
          { text: "fitted", class: "num" },
          { text: "struck", class: "num" },
          "state",
          { text: "" },
        ],
        rows,
      ),
    );
  }

  /** @param {number} [id] */
  async remove(id) {
    try {
      const path = inWorld(this.hub.world, "faults", ...(id === undefined ? [] : [id]));
      await send("DELETE", path);
      toast(id === undefined ? "No rule is left." : `Rule ${id} is off.`);
      this.look();
    } catch (error) {
      complain(error);
    }
  }

  /**
   * @param {Record<string, unknown>} rule
   */
  async add(rule) {
    const { ids } = await send("POST", inWorld(this.hub.world, "faults"), rule);
    toast(`Rule ${ids.join(", ")} is on.`);
    this.look();
  }

  /** @param {URLSearchParams} params */
  async makeForm(params) {
    const schema = await bodyOf(PATH, "post");
    /** @type {{ vendors: import("./types").Vendor[] }} */
    const { vendors } = await get("/v1/vendors");
    const properties = schema.properties ?? {};
    fill(
      this.presets,
      h(
        "ul",
        { class: "checks" },
        (properties["preset"]?.enum ?? []).map((name) =>
          h(
            "li",
            null,
            icon("fault"),
            h("span", null, h("b", null, name), h("br"), h("span", { class: "mid small" }, PRESETS[name] ?? "")),
            button("Add", () => void this.add({ preset: name }).catch(complain), { "aria-label": `Add ${name}` }),
          ),
        ),
      ),
    );
    fill(this.form, this.fields(properties, vendors, params));
  }

  /**
   * @param {Record<string, Schema>} properties
   * @param {import("./types").Vendor[]} vendors
   * @param {URLSearchParams} params
   */
  fields(properties, vendors, params) {
    const on = properties["on"]?.properties ?? {};
    const given = (/** @type {string} */ name) => params.get(name) ?? "";
    /** @type {Asked[]} */
    const which = Object.entries(on)
      .filter(([name]) => name !== "match")
      .map(([name, it]) =>
        ask(name, name === "vendor" ? { ...it, enum: vendors.map((vendor) => vendor.name) } : it, given(name)),
      );
    const where = h("input", { class: "mono", placeholder: "json /PhoneNumber1" });
    const equals = h("input", { class: "mono" });
    /** @type {Asked[]} */
    const how = ["name", ...LATENESS, ...new Set(Object.values(FIELDS).flat())].flatMap((name) => {
      const it = properties[name];
      return it ? [ask(name, it)] : [];
    });
    const kinds = properties["then"]?.enum ?? Object.keys(KINDS);
    const script = h("textarea", { rows: 5, readonly: true, class: "mono" });
    const error = h("p", { class: "err bad small", role: "alert" });
    const operations = h("datalist", { id: "fault-operations" });
    const rule = () => {
      const match = where.value ? { match: [{ at: where.value, ...(equals.value && { equals: equals.value }) }] } : {};
      const then = form.querySelector("input[name=then]:checked");
      const kind = then instanceof HTMLInputElement ? then.value : "";
      const all = how.filter((it) => fitsKind(it.name, kind));
      const chosen = { ...valuesOf(which), ...match };
      return { ...(Object.keys(chosen).length && { on: chosen }), then: kind, ...valuesOf(all) };
    };
    const show = () => {
      const made = rule();
      script.value = JSON.stringify(made, null, 1).replaceAll(/\n\s*/g, " ");
      for (const it of how) {
        const box = it.input.closest(".field");
        if (box instanceof HTMLElement) box.hidden = !fitsKind(it.name, made.then);
      }
      const vendor = which.find((it) => it.name === "vendor")?.input.value;
      const names = vendors.filter((it) => !vendor || it.name === vendor).flatMap((it) => it.operations);
      fill(
        operations,
        names.map((it) => h("option", { value: it.name })),
      );
    };
    const radios = kinds.map((kind, at) => {
      const [work = "", sees = ""] = KINDS[kind] ?? [];
      const radio = h("input", {
        type: "radio",
        name: "then",
        value: kind,
        checked: at === kinds.indexOf("lose_reply"),
      });
      return h(
        "tr",
        null,
        h("td", null, h("label", { class: "choice" }, radio, h("code", null, kind))),
        h("td", null, h("b", null, work)),
        h("td", { class: "mid" }, sees),
      );
    });
    const operation = which.find((it) => it.name === "operation");
    operation?.input.setAttribute("list", "fault-operations");
    const form = h(
      "form",
      { class: "in form", input: show, change: show },
      h(
        "div",
        { class: "cols two" },
        h(
          "div",
          { class: "form" },
          h("h3", null, "Which requests"),
          operations,
          h(
            "div",
            { class: "two" },
            which.map(shown),
            field("where: param NAME, json POINTER, …", where),
            field("equals", equals),
          ),
          h("h3", null, "With"),
          h("div", { class: "two" }, how.map(shown)),
          error,
          field("As a script has it", script),
          h(
            "div",
            { class: "btns" },
            h("button", { class: "btn main" }, "Add the rule"),
            button(
              [icon("copy"), "curl"],
              () =>
                void copy(
                  `curl -H content-type:application/json ${location.origin}${inWorld(this.hub.world, "faults")} -d '${script.value.replaceAll("'", "'\\''")}'`,
                ),
              { class: "btn plain" },
            ),
          ),
        ),
        h(
          "fieldset",
          { class: "panel" },
          h("legend", { class: "vh" }, "What happens"),
          table("Kinds of faults", ["then", "the work is", "the client sees"], radios),
        ),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      error.textContent = mark([...which, ...how], null);
      this.add(rule()).catch((problem) => {
        error.textContent = mark([...which, ...how], problem);
      });
    });
    show();
    return form;
  }
}

/**
 * @param {string} name
 * @param {string} kind
 */
function fitsKind(name, kind) {
  return name === "name" || LATENESS.includes(name) || (FIELDS[kind] ?? []).includes(name);
}

/** @param {Rule} rule */
function strikes(rule) {
  const on = rule.on ?? {};
  const { vendor, operation, nth, every, ...rest } = on;
  const which = nth ? `number ${nth} of ` : every ? `every ${every}th of ` : "";
  const what = [vendor, operation].filter(Boolean).join(" ") || "all requests";
  const more = Object.keys(rest).length ? JSON.stringify(rest) : "";
  return [which, h("b", null, what), " ", more && h("code", { class: "dim" }, more)];
}
