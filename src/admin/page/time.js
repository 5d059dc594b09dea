// The part Time: the clock, what has been and what is due, checkpoints.

import { inWorld, send } from "./api.js";
import { link } from "./address.js";
import { compareInto } from "./compare.js";
import { tickText, ticks } from "./frame.js";
import { isOdd } from "./hub.js";
import { button, complain, fill, h, icon, panel, s } from "./dom.js";
import { advance, checkpoint, fork, freeName, goBack } from "./turn.js";
import { clockTime, iso, longDate, many, shortTime, span } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Advanced} Advanced */
/** @typedef {{ at: string, vendor: string, text: string }} Due */

const STRIP_ENTRIES = 2000;
const ROW_PX = 34;
const TOP_PX = 40;
const LISTED = 300;
/** How far each choice of the strip looks back and ahead. */
const SPANS = { fit: 0, "10 min": 600_000, "1 h": 3_600_000, day: 86_400_000 };

export class Time {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   */
  constructor(root, hub) {
    this.hub = hub;
    this.span = 0;
    this.planned = 0;
    this.shownCheckpoints = "";
    /** @type {Due[]} */
    this.due = [];
    this.t = h("p", { class: "t" });
    this.d = h("p", { class: "d" });
    this.modeTag = h("span", { class: "tag frozen" });
    this.strip = h("div", { class: "in" });
    this.ahead = h("div", null);
    this.checkpoints = h("div", null);
    this.since = h("div", null);
    this.spans = Object.entries(SPANS).map(([name, ms]) =>
      button(name, () => this.look(ms), { class: "btn plain", "aria-pressed": String(ms === 0), "data-ms": ms }),
    );
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        h("h1", { class: "vh" }, `Time of ${hub.world}`),
        h("section", { class: "panel", "aria-label": "The clock" }, h("div", { class: "in" }, this.clock())),
        panel("So far, and what is due", [this.legend(), h("span", { class: "push btns" }, this.spans)], this.strip),
        h(
          "div",
          { class: "cols tgrid two" },
          panel(
            "The next hour, if nobody sends anything",
            h(
              "span",
              { class: "push" },
              button("Work it out", () => void this.lookAhead(), { id: "ahead" }),
            ),
            this.ahead,
          ),
          panel(
            "Checkpoints",
            h(
              "span",
              { class: "push" },
              button([icon("flag"), "Set one ", h("kbd", null, ",")], () => void checkpoint(hub)),
            ),
            this.checkpoints,
          ),
        ),
      ),
    );
    fill(
      this.ahead,
      h(
        "p",
        { class: "in mid" },
        "A fork of this world is made, advanced by an hour, read and thrown away. Nothing here moves.",
      ),
    );
    this.stops = [
      hub.on("facts", () => this.show()),
      hub.on("newer", () => this.plan()),
      hub.on("older", () => this.plan()),
      hub.on("anew", () => this.plan()),
    ];
    this.ticking = window.setInterval(() => this.showClock(), 250);
    this.show();
  }

  leave() {
    this.stops.forEach((stop) => stop());
    clearInterval(this.ticking);
    clearTimeout(this.planned);
  }

  update() {}

  clock() {
    const { hub } = this;
    const by = (/** @type {string} */ it, /** @type {string} */ text) =>
      button(text, () => void advance(hub, { by: it }));
    const field = h("input", { class: "mono", size: 22, id: "by", "aria-describedby": "by-note", placeholder: "90m" });
    const form = h(
      "form",
      { class: "btns" },
      h("label", { class: "small mid", for: "by" }, "by or to"),
      field,
      h("button", { class: "btn" }, "Advance"),
      h("span", { class: "small dim", id: "by-note" }, "“90m”, “8h” or an instant; never back"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      const isMoment = /^\d{4}-/.test(text);
      const moment =
        isMoment && !Number.isNaN(Date.parse(text)) ? iso(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`) : text;
      void advance(hub, isMoment ? { to: moment } : { by: text });
    });
    this.rate = h("input", { class: "mono", size: 3, value: "60", "aria-label": "rate" });
    const rate = this.rate;
    const mode = (/** @type {string} */ name) => {
      const radio = h("input", { type: "radio", name: "mode", value: name });
      radio.addEventListener("change", () => void this.setMode(name, Number(rate.value)));
      return radio;
    };
    this.radios = [mode("frozen"), mode("scaled"), mode("real")];
    const [frozen, scaled, real] = this.radios;
    return h(
      "div",
      { class: "bigclock" },
      h("div", null, h("p", { class: "label" }, "world time, UTC ", this.modeTag), this.t, this.d),
      h(
        "div",
        { class: "form" },
        h(
          "div",
          { class: "btns", role: "group", "aria-label": "Advance" },
          button(
            [icon("next"), "Next ", h("span", { id: "next-in" }), h("kbd", null, ".")],
            () => void advance(hub, { to: "next" }),
            { class: "btn main" },
          ),
          by("1s", "+1 s"),
          by("1m", "+1 min"),
          by("1h", "+1 h"),
          by("8h", "+8 h"),
        ),
        form,
      ),
      h(
        "fieldset",
        { class: "btns push" },
        h("legend", { class: "vh" }, "Mode"),
        h("label", { class: "choice" }, frozen, "frozen"),
        h("span", { class: "choice" }, h("label", { class: "choice" }, scaled, "scaled ×"), rate),
        h("label", { class: "choice" }, real, "real"),
      ),
    );
  }

  /**
   * @param {string} mode
   * @param {number} rate
   */
  async setMode(mode, rate) {
    try {
      await send("PUT", inWorld(this.hub.world, "clock"), mode === "scaled" ? { mode, rate } : { mode });
    } catch (error) {
      complain(error);
    }
    await this.hub.lookAtFacts().catch(() => {});
  }

  legend() {
    /** @type {[string, string][]} */
    const marks = [
      ["ok", "answered"],
      ["bad", "refused"],
      ["warn", "answered, but odd"],
      ["due", "will happen"],
      ["cp", "checkpoint"],
    ];
    return h(
      "p",
      { class: "legend" },
      marks.map(([mark, text]) =>
        h(
          "span",
          null,
          s("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, s("use", { href: `#m-${mark}` })),
          text,
        ),
      ),
    );
  }

  showClock() {
    const clock = this.hub.facts?.clock;
    if (!clock) return;
    const now = this.hub.now();
    const running = clock.mode !== "frozen";
    this.t.textContent = running ? shortTime(now) : clockTime(now);
    this.d.textContent = longDate(now);
    const due = clock.next_due ? Date.parse(clock.next_due) - now : NaN;
    const next = document.getElementById("next-in");
    if (next) next.textContent = Number.isNaN(due) ? "" : `in ${span(Math.max(0, due))} `;
  }

  show() {
    const clock = this.hub.facts?.clock;
    if (!clock) return;
    this.showClock();
    fill(
      this.modeTag,
      clock.mode === "frozen" && icon("frozen"),
      clock.mode === "scaled" ? `scaled × ${clock.rate}` : clock.mode,
    );
    for (const it of this.radios ?? []) it.checked = it.value === clock.mode;
    this.showCheckpoints();
    this.plan();
  }

  showCheckpoints() {
    const names = (this.hub.facts?.checkpoints ?? []).map((it) => (typeof it === "string" ? it : it.name));
    const shown = `${names} ${this.hub.entries.length}`;
    if (shown === this.shownCheckpoints || this.checkpoints.querySelector("[data-sure]")) return;
    this.shownCheckpoints = shown;
    if (!names.length) {
      fill(
        this.checkpoints,
        h(
          "p",
          { class: "in mid" },
          "None yet. Set one before a test, and go back to it when the test is over: the clock itself never runs back.",
        ),
      );
      return;
    }
    const rows = names.map((name) => {
      const kept = this.hub.entries.findLast((it) => it.action === "checkpoint" && it.detail?.["name"] === name);
      const since = kept ? this.hub.entries.filter((it) => it.seq > kept.seq && !it.stray).length : NaN;
      return h(
        "li",
        null,
        icon("flag"),
        h(
          "span",
          null,
          h("b", null, name),
          h("br"),
          h(
            "span",
            { class: "mid small" },
            kept ? `at ${clockTime(kept.at)}; ${many(since)} entries since` : "set before what the journal holds",
          ),
        ),
        h(
          "span",
          { class: "btns" },
          button("What changed since", () => void compareInto(this.since, this.hub.world, `checkpoint:${name}`, name), {
            "aria-label": `What changed since ${name}`,
          }),
          this.back(name),
        ),
      );
    });
    fill(
      this.checkpoints,
      h("ul", { class: "checks" }, rows),
      h(
        "p",
        { class: "in btns" },
        button(
          [icon("fork"), "Fork here, as it is now"],
          () => void fork(this.hub, freeName(this.hub, this.hub.world)),
        ),
        h("a", { href: link("worlds") }, "Compare two worlds"),
      ),
      this.since,
    );
  }

  /** @param {string} name */
  back(name) {
    const text = () => [icon("back"), "Go back (rollback)"];
    const made = button(
      text(),
      () => {
        if (made.dataset["sure"] === undefined) {
          made.dataset["sure"] = "";
          fill(made, "Really? What came since is undone");
          setTimeout(() => {
            delete made.dataset["sure"];
            fill(made, text());
          }, 4000);
          return;
        }
        delete made.dataset["sure"];
        void goBack(this.hub, name);
      },
      { "aria-label": `Go back (rollback) to ${name}` },
    );
    return made;
  }

  async lookAhead() {
    const { world } = this.hub;
    const name = `ahead-${Date.now().toString(36)}`;
    fill(this.ahead, h("p", { class: "in mid", role: "status" }, "A fork is advanced …"));
    try {
      await send("POST", inWorld(world, "fork"), { name });
      /** @type {Advanced} */
      let done;
      try {
        done = await send("POST", inWorld(name, "clock", "advance"), { by: "1h" });
      } finally {
        await send("DELETE", inWorld(name));
      }
      this.showAhead(done);
    } catch (error) {
      fill(this.ahead);
      complain(error);
    }
  }

  /** @param {Advanced} done */
  showAhead(done) {
    this.due = done.firings.map((it) => ({
      at: it.at,
      vendor: it.vendor,
      text: `${it.kind.replaceAll("_", " ")} ${it.key}`,
    }));
    const kinds = Object.entries(done.kinds).map(
      ([vendor, all]) =>
        `${vendor} ${Object.entries(all)
          .map(([kind, count]) => `${many(count)} ${kind.replaceAll("_", " ")}`)
          .join(", ")}`,
    );
    const now = Date.parse(done.from);
    const effects = done.effects.length
      ? done.effects.map((it) => ({ at: it.at ?? done.from, vendor: "", text: it.text }))
      : this.due;
    const rows = effects.slice(0, LISTED).map((it) => {
      const gap = h("i", null, `+${span(Date.parse(it.at) - now)}`);
      return h(
        "li",
        null,
        h("time", { datetime: it.at }, shortTime(it.at), " ", gap),
        h("span", { class: "mid" }, it.vendor),
        h("span", { class: "what" }, h("span", { class: "hollow", "aria-hidden": "true" }), it.text),
      );
    });
    const rest = effects.length - rows.length;
    fill(
      this.ahead,
      h(
        "p",
        { class: "in small mid", role: "status" },
        done.fired ? `${many(done.fired)} timers: ${kinds.join("; ")}` : "Nothing is due within an hour.",
      ),
      rows.length > 0 && h("ol", { class: "ahead" }, rows),
      rest > 0 && h("p", { class: "in small dim" }, `and ${many(rest)} more`),
      h(
        "p",
        { class: "in small mid" },
        "Worked out in a fork of this world that was advanced and thrown away; nothing here has moved. ",
        button("Advance this world by an hour", () => void advance(this.hub, { by: "1h" }), { class: "btn plain" }),
      ),
    );
    this.plan();
  }

  /** @param {number} ms */
  look(ms) {
    this.span = ms;
    for (const it of this.spans) it.setAttribute("aria-pressed", String(Number(it.dataset["ms"]) === ms));
    this.draw();
  }

  plan() {
    if (this.planned) return;
    this.planned = window.setTimeout(() => {
      this.planned = 0;
      this.draw();
    }, 300);
  }

  draw() {
    const now = this.hub.now();
    const all = this.hub.entries.filter((it) => !it.stray).slice(-STRIP_ENTRIES);
    const due = this.due.filter((it) => Date.parse(it.at) > now);
    const next = this.hub.facts?.clock.next_due;
    if (!due.length && next) due.push({ at: next, vendor: "", text: "next" });
    const first = all[0] ? Math.min(Date.parse(all[0].at), now) : now - 60_000;
    const last = due.at(-1) ? Date.parse(due.at(-1)?.at ?? "") : now;
    const from = this.span ? now - this.span : Math.min(first, now - 1000);
    const to = this.span ? now + this.span / 3 : Math.max(last, now + (now - from) / 4);
    const shown = all.filter((it) => Date.parse(it.at) >= from);
    const vendors = [...new Set([...shown.map((it) => it.vendor ?? ""), ...due.map((it) => it.vendor)])].sort();
    const x = (/** @type {number} */ at) => `${(9 + ((at - from) / (to - from)) * 90).toFixed(2)}%`;
    const y = (/** @type {string | null} */ vendor) => TOP_PX + vendors.indexOf(vendor ?? "") * ROW_PX;
    const height = TOP_PX + vendors.length * ROW_PX + 8;
    const axis = ticks(from, to, 9);
    const marks = shown.map((it) => {
      const kind = it.action === "checkpoint" ? "cp" : wasRefused(it) ? "bad" : isOdd(it) ? "warn" : "ok";
      return s("use", { href: `#m-${kind}`, x: x(Date.parse(it.at)), y: y(it.vendor) });
    });
    const hollow = due
      .filter((it) => Date.parse(it.at) <= to)
      .slice(0, 500)
      .map((it) => s("use", { href: "#m-due", x: x(Date.parse(it.at)), y: y(it.vendor) }));
    const label = `${shown.length} entries between ${shortTime(from)} and ${shortTime(now)}, ${shown.filter(wasRefused).length} of them refused; ${hollow.length} marks for what is due.`;
    const plot = s(
      "svg",
      { class: "strip", role: "img", "aria-label": label },
      s("rect", {
        class: "fut",
        x: x(now),
        y: TOP_PX - 20,
        width: `${99 - parseFloat(x(now))}%`,
        height: height - TOP_PX + 4,
      }),
      axis.made.map((at) => s("line", { class: "ax", x1: x(at), x2: x(at), y1: TOP_PX - 20, y2: height - 16 })),
      axis.made.map((at) => s("text", { x: x(at), y: height + 6, "text-anchor": "middle" }, tickText(at, axis.step))),
      vendors.map((it) => s("text", { class: "vn", x: 0, y: y(it) + 4 }, it || "the world")),
      marks,
      hollow,
      s("line", { class: "mk-now", x1: x(now), x2: x(now), y1: 8, y2: height - 16 }),
      s("text", { class: "nowt", x: x(now), dx: 5, y: 14 }, `now ${shortTime(now)}`),
    );
    plot.style.height = `${height + 14}px`;
    fill(this.strip, plot);
  }
}
