// The part Evidence: what is documented, what is assumed; the switches of this world for what is open.

import { Turns, get, inWorld, send } from "./api.js";
import { changed, link } from "./address.js";
import { Choice } from "./choice.js";
import { button, complain, copy, fill, h, icon, panel, prose, reading, s, table, toast, unread } from "./dom.js";
import { Later } from "./later.js";
import { counted, many } from "./when.js";
import { badge } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Fact} Fact */
/** @typedef {import("./types").Grade} Grade */
/** @typedef {import("./types").Variant} Variant */
/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Known} Known */
/** @typedef {import("./types").Switches} Switches */

/** So often what is used and how switches stand is looked at again, where something happened. */
const LOOK_MS = 1000;

/** @type {Grade[]} */
const ORDER = ["documented", "observed", "inferred", "assumed"];

export class Evidence {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.params = params;
    this.choice = new Choice();
    this.turns = new Turns();
    this.totals = h("div.mixes");
    this.facts = h("div");
    this.switches = h("div");
    this.vendors = h("div.sub", { role: "group", "aria-label": "Vendor" });
    this.which = h("span.push.btns");
    this.turned = h("span.small.mid");
    this.factsTitle = h("span");
    this.switchesTitle = h("span");
    fill(
      root,
      h(
        "div.wide",
        h(
          "div.head",
          h("h1", "Evidence"),
          h(
            "p",
            "How each fact on the wire is known. A client that passes under every position of a switch does not depend on the guess.",
          ),
        ),
        panel(
          "How much is known",
          h(
            "span.btns",
            ORDER.map((it) => h("span", { class: `ev ${it}` }, it)),
          ),
          this.totals,
        ),
        this.vendors,
        h(
          "div.cols.two.plots",
          panel(this.factsTitle, this.which, this.facts),
          panel(
            this.switchesTitle,
            [
              this.turned,
              h(
                "span.push",
                button([icon("copy"), "as scenario"], () => this.asScenario(), { class: "btn plain" }),
              ),
            ],
            this.switches,
          ),
        ),
      ),
    );
    /** @type {{ it: Variant, radios: HTMLInputElement[], would: HTMLElement }[]} The switches that are shown. */
    this.shown = [];
    for (const it of [this.totals, this.facts, this.switches]) fill(it, reading());
    this.later = new Later(LOOK_MS, () => this.refresh());
    /** Whether somebody may have turned a switch, or put all back. */
    this.isTurned = false;
    this.stops = [
      hub.on("anew", () => this.begin()),
      hub.on("older", () => this.later.plan()),
      hub.on("newer", (entries) => {
        this.isTurned ||= entries.some((it) => it.action);
        if (this.isTurned || entries.some((it) => it.vendor === this.chosen()?.vendor)) this.later.plan();
      }),
    ];
    this.begin();
  }

  begin() {
    const again = () => this.begin();
    this.load().catch((error) => unread(error, again, this.facts, this.totals, this.switches));
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.later.drop();
    this.choice.act();
  }

  /** What others did meanwhile is shown where it stands: nothing moves under the eyes. */
  async refresh() {
    if (this.isTurned) {
      this.isTurned = false;
      const isNew = this.turns.begin();
      const set = await get(inWorld(this.hub.world, "variants"));
      if (isNew()) this.set = set;
    }
    const chosen = this.chosen();
    if (!chosen) return;
    this.showFacts(chosen);
    this.showPositions(chosen.vendor);
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.params = params;
    if (this.known) this.show();
    else this.begin();
  }

  async load() {
    const isNew = this.turns.begin();
    const [known, all, set] = await Promise.all([
      get(`/v1/fidelity?world=${encodeURIComponent(this.hub.world)}`),
      get("/v1/variants"),
      get(inWorld(this.hub.world, "variants")),
    ]);
    /** @type {Known[]} */
    this.known = known.vendors;
    /** @type {Switches[]} */
    this.all = all.vendors;
    /** @type {Record<string, Record<string, string>>} */
    if (isNew() || !this.set) this.set = set;
    this.show();
  }

  chosen() {
    const asked = this.params.get("vendor");
    return this.known?.find((it) => it.vendor === asked) ?? this.known?.[0];
  }

  show() {
    const chosen = this.chosen();
    if (!chosen || !this.known) return;
    fill(
      this.vendors,
      this.known.map((it) =>
        h(
          "a.btn",
          { href: changed({ vendor: it.vendor, section: "" }), "aria-current": it === chosen && "true" },
          it.vendor,
        ),
      ),
    );
    const rows = this.known.map((it) =>
      h(
        "tr",
        { class: it === chosen ? "sel" : "" },
        h("td", h("b", it.vendor), " ", h("span.mid", it.title)),
        h("td.bar-c", mix(it.totals)),
        ORDER.map((grade) => h("td.num", many(it.totals[grade] ?? 0))),
      ),
    );
    fill(
      this.totals,
      table("Facts by grade", ["vendor", { text: "" }, ...ORDER.map((text) => ({ text, class: "num" }))], rows),
    );
    this.factsTitle.textContent = `${chosen.vendor}: facts`;
    this.switchesTitle.textContent = `${chosen.vendor}: switches of this world`;
    this.showFacts(chosen);
    this.showSwitches(chosen.vendor);
  }

  /** @param {Known} known */
  showFacts(known) {
    const section = this.params.get("section") ?? "";
    /** @type {Map<string, number>} Operations, and rules of refusals with the vendor's name before them. */
    const used = new Map();
    const add = (/** @type {string} */ name) => used.set(name, (used.get(name) ?? 0) + 1);
    for (const it of this.hub.entries) {
      if (it.vendor !== known.vendor) continue;
      if (it.operation) add(it.operation);
      if (it.why) add(it.why.rule);
    }
    const count = (/** @type {Fact} */ { kind, name }) =>
      kind === "operation" ? (used.get(name) ?? 0) : (used.get(`${known.vendor}.${name}`) ?? used.get(name) ?? 0);
    const here = (/** @type {Fact} */ it) => section !== "" && it.source.endsWith(`${known.vendor} ${section}`);
    const all = known.facts
      .filter((it) => it.kind !== "variant")
      .map((fact) => ({ fact, isHere: here(fact), times: count(fact) }));
    const touched = all.filter((it) => it.times || it.isHere);
    const isAll = this.params.get("facts") === "all" || !touched.length;
    const shown = (isAll ? all : touched).sort((a, b) => Number(b.isHere) - Number(a.isHere));
    const rows = shown.map(({ fact, isHere, times }) =>
      h(
        "tr",
        { class: isHere ? "sel" : "" },
        h("td.mid", fact.kind),
        h("td", h("code", fact.name), h("br"), h("span.mid.small", prose(fact.text))),
        h("td", badge(fact.evidence, fact.source, known.vendor)),
        h("td.num", times || ""),
      ),
    );
    const turn = (/** @type {string} */ text, /** @type {string} */ value, /** @type {boolean} */ is) =>
      h("a.btn", { href: changed({ facts: value }), "aria-current": is && "true" }, text);
    fill(
      this.which,
      touched.length > 0 && [
        turn(`touched ${many(touched.length)}`, "", !isAll),
        turn(`all ${many(all.length)}`, "all", isAll),
      ],
    );
    fill(
      this.facts,
      section &&
        h(
          "p.in.small.mid",
          `Facts from section ${section} come first. The section itself: `,
          h("code", `ringback contract ${known.vendor} ${section}`),
        ),
      h(
        "div.tall",
        { tabindex: 0, role: "group", "aria-label": `Facts of ${known.vendor}` },
        table("Facts", ["kind", "name", "how it is known", { text: "exchanges", class: "num" }], rows),
      ),
    );
  }

  /** @param {string} vendor */
  showSwitches(vendor) {
    const variants = this.all?.find((it) => it.vendor === vendor)?.variants ?? [];
    const set = this.set?.[vendor] ?? {};
    if (!variants.length) {
      this.shown = [];
      fill(this.switches, h("p.in.mid", "Nothing is open here."));
      return;
    }
    // What is turned, and what the client's refusals rest on, comes first.
    const all = variants.map((it) => {
      const isTurned = (set[it.name] ?? it.default) !== it.default;
      return { it, rank: (isTurned ? 2 : 0) + (this.rests(vendor, it).length ? 1 : 0) };
    });
    all.sort((a, b) => b.rank - a.rank);
    this.shown = [];
    const made = all.map(({ it }) => this.switchOf(vendor, it));
    fill(this.switches, h("div.tall", { tabindex: 0, role: "group", "aria-label": `Switches of ${vendor}` }, made));
    this.showPositions(vendor);
  }

  /**
   * How the switches stand, and what rests on them; each stays in its place.
   * @param {string} vendor
   */
  showPositions(vendor) {
    const set = this.set?.[vendor] ?? {};
    let turned = 0;
    for (const { it, radios, would } of this.shown) {
      const now = set[it.name] ?? it.default;
      if (now !== it.default) turned += 1;
      // What somebody is about to choose is not put back.
      if (!this.choice.waits || this.choice.group !== it.name)
        for (const radio of radios) radio.checked = radio.value === now;
      const rests = this.rests(vendor, it);
      fill(would, rests.length > 0 && resting(rests));
    }
    const told = turned ? `${turned} turned` : "all at their default";
    this.turned.textContent = this.shown.length ? `${this.shown.length}; ${told}` : "";
  }

  /**
   * @param {string} vendor
   * @param {Variant} it
   */
  switchOf(vendor, it) {
    /** @type {HTMLInputElement[]} */
    const radios = [];
    const would = h("div");
    this.shown.push({ it, radios, would });
    const options = it.values.map(({ name, text, evidence }) => {
      const radio = h("input", { type: "radio", name: `${vendor}.${it.name}`, value: name });
      radios.push(radio);
      radio.addEventListener("change", () => this.choice.plan(it.name, () => this.turn(vendor, it.name, name)));
      return h(
        "label.opt",
        radio,
        h("code", name),
        h("span.t", prose(text), name === it.default && h("span.dim", " (default)")),
        h("span", { class: `ev ${evidence}` }, evidence),
      );
    });
    const legend = h("legend", prose(it.text), " ", h("code.dim", it.name));
    return h("fieldset.var", legend, h("div.opts", options), would);
  }

  /**
   * Refusals that rest on the section that a switch is about: those may have come out otherwise.
   * @param {string} vendor
   * @param {Variant} variant
   */
  rests(vendor, variant) {
    const sources = new Set(variant.values.map((it) => it.source));
    return this.hub.entries.filter((it) => it.vendor === vendor && it.why && sources.has(it.why.source));
  }

  /**
   * @param {string} vendor
   * @param {string} name
   * @param {string} value
   */
  async turn(vendor, name, value) {
    try {
      const before = this.set?.[vendor]?.[name];
      const isNew = this.turns.begin();
      const set = await send("PUT", inWorld(this.hub.world, "variants"), { [vendor]: { [name]: value } });
      if (isNew()) this.set = set;
      toast(
        `${name} is ${value} from the next request on. `,
        before && button("Undo", () => void this.turn(vendor, name, before), { class: "btn plain" }),
      );
    } catch (error) {
      complain(error);
    }
    const chosen = this.chosen()?.vendor;
    if (chosen) this.showPositions(chosen);
  }

  asScenario() {
    const vendor = this.chosen()?.vendor ?? "";
    const variants = this.all?.find((it) => it.vendor === vendor)?.variants ?? [];
    const moved = variants.filter((it) => (this.set?.[vendor]?.[it.name] ?? it.default) !== it.default);
    const pairs = moved.map((it) => `${it.name} = ${JSON.stringify(this.set?.[vendor]?.[it.name])}`).join(", ");
    void copy(
      `[${vendor}]\nvariants = { ${pairs} }\n`,
      moved.length ? "Copied. Paste it into a scenario." : "Copied; all switches are at their default.",
    );
  }
}

/** @param {Entry[]} rests */
function resting(rests) {
  const some = rests
    .slice(-5)
    .flatMap((it) => [" ", h("a.mono", { href: link("exchanges", { entry: it.seq }) }, it.seq)]);
  const text = ` ${counted(rests.length, "refusal rests", "refusals rest")} on the section that this is about, and may come out otherwise under another position:`;
  return h("p.would", icon("fork"), text, some);
}

/** @param {Record<string, number>} totals */
function mix(totals) {
  const all = ORDER.reduce((sum, it) => sum + (totals[it] ?? 0), 0) || 1;
  const kinds = ["doc", "obs", "inf", "ass"];
  let at = 0;
  const parts = ORDER.map((grade, index) => {
    const width = ((totals[grade] ?? 0) / all) * 100;
    const made = s("rect", { class: `k-${kinds[index]}`, x: `${at}%`, y: 0, width: `${width}%`, height: "100%" });
    at += width;
    return made;
  });
  const label = ORDER.map((it) => `${totals[it] ?? 0} ${it}`).join(", ");
  return s("svg.mix", { role: "img", "aria-label": label }, parts);
}
