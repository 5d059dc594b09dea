// The part Faults: rules with their hits; one is added by a form that knows every kind and preset.

import { Turns, get, inWorld, send } from "./api.js";
import { command, link } from "./address.js";
import {
  button,
  complain,
  empty,
  fill,
  h,
  icon,
  isAtWork,
  once,
  panel,
  prose,
  reading,
  sure,
  table,
  toast,
  unread,
} from "./dom.js";
import { FaultForm } from "./faultform.js";
import { Later } from "./later.js";
import { bodyOf } from "./schema.js";
import { vendorList } from "./served.js";
import { clockTime, counted, many } from "./when.js";
import { pairsIn } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Rule} Rule */

/** What a preset does. @type {Record<string, string>} */
const PRESETS = {
  flaky: "now and then a failure, drawn from the seed",
  "slow-vendor": "replies late, and now and then very late",
  "outage-10m": "nothing works for ten minutes of world time",
  "lost-replies": "the work is done, the reply is lost",
};

const PATH = "/v1/worlds/{world}/faults";
const LOOK_MS = 3000;
/** How soon after something happened the rules are asked for. */
const SOON_MS = 400;

export class Faults {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.turns = new Turns();
    this.shown = "";
    this.list = h("div");
    this.presets = h("div");
    this.form = h("div");
    this.removal = sure("Remove all", "Really remove all?", () => void this.remove(), {
      class: "btn danger",
      hidden: true,
    });
    fill(
      root,
      h(
        "div.wide",
        h(
          "div.head",
          h("h1", "Faults"),
          h(
            "p",
            prose(
              "Which requests go wrong, and how. Of several rules the first that strikes counts. `from`, `until`, `for` and `per` go by this world's clock, which may stand still; `delay` and `pause` are real time. ",
            ),
            h("a", { href: link("manual", { chapter: "faults" }) }, "More about faults"),
          ),
        ),
        h(
          "div.cols.two.tgrid",
          panel("Rules", h("span.push", this.removal), this.list),
          panel("Ready-made", null, this.presets),
        ),
        panel("Add a rule", null, this.form),
      ),
    );
    for (const it of [this.list, this.presets, this.form]) fill(it, reading());
    this.later = new Later(SOON_MS, () => this.look());
    this.stops = [hub.on("newer", () => this.later.plan()), hub.on("anew", () => this.later.plan())];
    this.looking = window.setInterval(() => document.hidden || this.look(), LOOK_MS);
    this.look();
    this.begin(params);
  }

  /** @param {URLSearchParams} params */
  begin(params) {
    this.filled = String(params);
    this.makeForm(params).catch((error) => {
      this.filled = "";
      unread(error, () => this.begin(params), this.form, this.presets);
    });
  }

  leave() {
    this.stops.forEach((stop) => stop());
    clearInterval(this.looking);
    this.later.drop();
  }

  /** @param {URLSearchParams} params */
  update(params) {
    // What was typed stays where nothing else is to be filled in.
    if (String(params) !== this.filled) this.begin(params);
  }

  look() {
    const isNew = this.turns.begin();
    get(inWorld(this.hub.world, "faults")).then(
      ({ faults }) => isNew() && this.show(faults),
      (error) => {
        // That the rules which are there are old is told elsewhere.
        if (!this.shown) unread(error, () => this.look(), this.list);
      },
    );
  }

  /** @param {Rule[]} rules */
  show(rules) {
    const now = JSON.stringify(rules);
    if (now === this.shown || isAtWork(this.list)) return;
    this.shown = now;
    this.removal.hidden = !rules.length;
    if (!rules.length) {
      fill(
        this.list,
        empty(
          "Nothing goes wrong on purpose",
          "Add a rule below, or take one that is ready-made. From an exchange, “Break the next one” fills the form in.",
          command("fault add then=lose_reply"),
        ),
      );
      return;
    }
    const rows = rules.map((rule) =>
      h(
        "tr",
        h("td.mono", rule.id),
        h("td", strikes(rule), rule.name && h("span.dim.mono.small", ` ${rule.name}`)),
        h("td", h("code", rule.then), " ", h("span.dim", `the work is ${rule.work}`)),
        h("td.num", many(rule.matched)),
        h("td.num", rule.fired ? h("a", { href: link("exchanges", { show: "odd" }) }, many(rule.fired)) : 0),
        h(
          "td",
          h("span.tag.dim", icon(rule.active ? "fault" : "ok"), rule.active ? "on" : "spent"),
          " ",
          h("span.small.mid", `since ${clockTime(rule.added)}`),
        ),
        h(
          "td",
          button("Switch off", () => void this.remove(rule.id), { "aria-label": `Take rule ${rule.id} away` }),
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
      toast(id === undefined ? "No rule is left." : `Rule ${id} is gone.`);
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
    toast(`Rule ${ids.join(", ")} is on, from the next request.`);
    this.look();
  }

  /** @param {URLSearchParams} params */
  async makeForm(params) {
    const schema = await bodyOf(PATH, "post");
    const vendors = await vendorList();
    const properties = schema.properties ?? {};
    fill(
      this.presets,
      h(
        "ul.checks",
        (properties["preset"]?.enum ?? []).map((name) =>
          h(
            "li",
            icon("fault"),
            h("span", h("b", name), h("br"), h("span.mid.small", PRESETS[name] ?? "")),
            button(
              "Add",
              once(() => void this.add({ preset: name }).catch(complain)),
              { "aria-label": `Add ${name}` },
            ),
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
  const { vendor, operation, nth, every, access, probability, times, ...rest } = on;
  const which = nth ? `number ${nth} of ` : every ? `every ${every}th of ` : "";
  const what = [vendor, operation].filter(Boolean).join(" ") || (access ? `all ${access}` : "all requests");
  /** @type {import("./types").Child[]} */
  const more = [
    probability !== undefined && `, each with probability ${probability}`,
    times !== undefined && `, ${counted(times, "time")} at the most`,
    Boolean(access && (vendor || operation)) && `, ${access} only`,
  ];
  return [which, h("b", what), more, Object.keys(rest).length > 0 && h("span.dim", "; ", pairsIn(rest))];
}
