// The part Faults: rules with their hits; one is added by a form that knows every kind and preset.

import { get, inWorld, send } from "./api.js";
import { link } from "./address.js";
import { button, complain, empty, fill, h, icon, panel, table, toast } from "./dom.js";
import { FaultForm } from "./faultform.js";
import { bodyOf } from "./schema.js";
import { clockTime, many } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {{ id: number, name?: string, then: string, on?: Record<string, unknown>, work: string, added: string, matched: number, fired: number, active: boolean } & Record<string, unknown>} Rule */

/** What a preset does. @type {Record<string, string>} */
const PRESETS = {
  flaky: "now and then a failure, drawn from the seed",
  "slow-vendor": "replies late, log-normal",
  "outage-10m": "nothing works for ten minutes of world time",
  "lost-replies": "the work is done, the reply is lost",
};

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
    const path = inWorld(this.hub.world, "faults");
    fill(this.form, new FaultForm(properties, vendors, params, path, (rule) => this.add(rule)).form);
  }
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
