// The part Evidence: what is documented, what is assumed; the switches of this world for what is open.

import { get, inWorld, send } from "./api.js";
import { changed, link } from "./address.js";
import { button, complain, copy, fill, h, icon, panel, s, table, toast } from "./dom.js";
import { many } from "./when.js";
import { badge } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Fact} Fact */
/** @typedef {import("./types").Grade} Grade */
/** @typedef {import("./types").Variant} Variant */
/** @typedef {{ vendor: string, title: string, totals: Record<Grade, number>, facts: Fact[] }} Known */
/** @typedef {{ vendor: string, variants: Variant[] }} Switches */

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
    this.totals = h("div", { class: "mixes" });
    this.facts = h("div", null);
    this.switches = h("div", null);
    this.vendors = h("div", { class: "sub", role: "group", "aria-label": "Vendor" });
    this.factsTitle = h("span", null);
    this.switchesTitle = h("span", null);
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        h(
          "div",
          { class: "head" },
          h("h1", null, "Evidence"),
          h(
            "p",
            null,
            "No vendor publishes everything. Each fact on the wire says how it is known, and where it stands.",
          ),
        ),
        panel("How much is known", null, this.totals),
        this.vendors,
        h(
          "div",
          { class: "cols two plots" },
          panel(this.factsTitle, null, this.facts),
          panel(
            this.switchesTitle,
            h(
              "span",
              { class: "push" },
              button([icon("copy"), "as scenario"], () => this.asScenario(), { class: "btn plain" }),
            ),
            this.switches,
          ),
        ),
      ),
    );
    void this.load().catch(complain);
  }

  leave() {}

  /** @param {URLSearchParams} params */
  update(params) {
    this.params = params;
    this.show();
  }

  async load() {
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
    this.set = set;
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
          "a",
          { class: "btn", href: changed({ vendor: it.vendor, section: "" }), "aria-current": it === chosen && "true" },
          it.vendor,
        ),
      ),
    );
    const rows = this.known.map((it) =>
      h(
        "tr",
        null,
        h("td", null, h("b", null, it.vendor), " ", h("span", { class: "mid" }, it.title)),
        h("td", { class: "bar-c" }, mix(it.totals)),
        ORDER.map((grade) => h("td", { class: "num" }, many(it.totals[grade] ?? 0))),
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
    const used = this.hub.entries;
    const count = (/** @type {Fact} */ fact) =>
      fact.kind === "operation"
        ? used.filter((it) => it.vendor === known.vendor && it.operation === fact.name).length
        : used.filter((it) => it.why?.rule === `${known.vendor}.${fact.name}` || it.why?.rule === fact.name).length;
    const here = (/** @type {Fact} */ it) => section !== "" && it.source.endsWith(`${known.vendor} ${section}`);
    const facts = section ? [...known.facts].sort((a, b) => Number(here(b)) - Number(here(a))) : known.facts;
    const rows = facts
      .filter((it) => it.kind !== "variant")
      .map((it) =>
        h(
          "tr",
          { class: here(it) ? "sel" : "" },
          h("td", { class: "mid" }, it.kind),
          h("td", null, h("code", null, it.name), h("br"), h("span", { class: "mid small" }, it.text)),
          h("td", null, badge(it.evidence, it.source)),
          h("td", { class: "num" }, count(it) || ""),
        ),
      );
    fill(
      this.facts,
      section &&
        h(
          "p",
          { class: "in small mid" },
          `Facts from section ${section} come first. The section itself: `,
          h("code", null, `ringback contract ${known.vendor} ${section}`),
        ),
      h(
        "div",
        { class: "tall", tabindex: 0, role: "group", "aria-label": "All facts" },
        table("Facts", ["kind", "name", "how it is known", { text: "exchanges", class: "num" }], rows),
      ),
    );
  }

  /** @param {string} vendor */
  showSwitches(vendor) {
    const variants = this.all?.find((it) => it.vendor === vendor)?.variants ?? [];
    const set = this.set?.[vendor] ?? {};
    if (!variants.length) {
      fill(this.switches, h("p", { class: "in mid" }, "Nothing is open here."));
      return;
    }
    fill(
      this.switches,
      h(
        "div",
        { class: "tall", tabindex: 0, role: "group", "aria-label": "Switches" },
        variants.map((it) => {
          const now = set[it.name] ?? it.default;
          const options = it.values.map((value) => {
            const radio = h("input", {
              type: "radio",
              name: `${vendor}.${it.name}`,
              value: value.name,
              checked: value.name === now,
            });
            radio.addEventListener("change", () => void this.turn(vendor, it.name, value.name));
            return h(
              "label",
              { class: "opt" },
              radio,
              h("code", null, value.name),
              h(
                "span",
                { class: "t" },
                value.text,
                value.name === it.default && h("span", { class: "dim" }, " (default)"),
              ),
              h("span", { class: `ev ${value.evidence}` }, value.evidence),
            );
          });
          return h(
            "fieldset",
            { class: "var" },
            h("legend", null, it.text, " ", h("code", { class: "dim" }, it.name)),
            h("div", { class: "opts" }, options),
            this.touched(vendor, it),
          );
        }),
      ),
    );
  }

  /**
   * Exchanges that rest on the section that a switch is about: those may have come out otherwise.
   * @param {string} vendor
   * @param {Variant} variant
   */
  touched(vendor, variant) {
    const sources = new Set(variant.values.map((it) => it.source));
    const rests = this.hub.entries.filter((it) => it.vendor === vendor && it.why && sources.has(it.why.source));
    if (!rests.length) return null;
    const some = rests
      .slice(-5)
      .flatMap((it) => [" ", h("a", { class: "mono", href: link("exchanges", { entry: it.seq }) }, it.seq)]);
    return h(
      "p",
      { class: "would" },
      icon("fork"),
      ` ${many(rests.length)} refusals rest on the sections that this is about, and may come out otherwise under another position:`,
      some,
    );
  }

  /**
   * @param {string} vendor
   * @param {string} name
   * @param {string} value
   */
  async turn(vendor, name, value) {
    try {
      const before = this.set?.[vendor]?.[name];
      this.set = await send("PUT", inWorld(this.hub.world, "variants"), { [vendor]: { [name]: value } });
      toast(
        `${name} is ${value} from the next request on. `,
        before &&
          button("Undo", () => void this.turn(vendor, name, before).then(() => this.show()), { class: "btn plain" }),
      );
    } catch (error) {
      complain(error);
      this.show();
    }
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

/** @param {Record<Grade, number>} totals */
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
  return s("svg", { class: "mix", role: "img", "aria-label": label }, parts);
}
