// The part Time: the clock, what has been and what is due, checkpoints.

import { inWorld, send } from "./api.js";
import { NEWEST, link } from "./address.js";
import { Choice } from "./choice.js";
import { compareInto } from "./compare.js";
import { button, complain, fill, h, icon, isAtWork, messageOf, once, panel, reading, s, sure, unread } from "./dom.js";
import { markOf, places } from "./frame.js";
import { isQuiet } from "./hub.js";
import { Later } from "./later.js";
import { advance, checkpoint, fork, freeName, goBack, reset } from "./turn.js";
import { clockTime, counted, isLocal, iso, longDate, many, shortTime, span, tickText, ticks, zone } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Advanced} Advanced */
/** @typedef {{ at: string, vendor: string, text: string }} Due */

const STRIP_ENTRIES = 2000;
const ROW_PX = 34;
/** Above the vendors there is a row for what is said of now, and one for the flags. */
const TOP_PX = 52;

const LISTED = 300;
/** So wide are the vendors' names, beside the marks. */
const NAMES_PX = 92;
/** So soon it is drawn after something happened. */
const SOON_MS = 300;
/** Narrower, it has less to say. */
const NARROW_PX = 600;
/** So much room a time of the axis takes, and a sign of the longer texts. */
const LABEL_PX = 84;
const SIGN_PX = 7;
/** So many marks of what is due are drawn. */
const DUE_DRAWN = 500;
/** So often the strip is drawn again while the clock runs. */
const DRAW_MS = 1000;
/** How far each choice of the strip looks back and ahead. */
const SPANS = { fit: 0, "10 min": 600_000, "1 h": 3_600_000, day: 86_400_000 };

/** So much of a flag's name stands beside it, and so wide is a flag with the room at its sides. */
const FLAG_CHARS = 24;
const FLAG_PX = 14;

/**
 * The flags whose names have room beside them: the newest first, and none over another flag or its name.
 * @param {{ at: number, name: string, px: number }[]} flags Where they stand.
 * @param {number} width Of the strip.
 */
function namedFlags(flags, width) {
  const taken = flags.map(({ px }) => [px - FLAG_PX / 2, px + FLAG_PX / 2]);
  return flags.toReversed().flatMap((flag) => {
    const name = flag.name.slice(0, FLAG_CHARS);
    const long = FLAG_PX + name.length * SIGN_PX;
    const sides = [
      { from: flag.px + FLAG_PX / 2, to: flag.px + long, beside: { dx: FLAG_PX - 4 } },
      { from: flag.px - long, to: flag.px - FLAG_PX / 2, beside: { dx: 4 - FLAG_PX, "text-anchor": "end" } },
    ];
    const isFree = (/** @type {{ from: number, to: number }} */ { from, to }) =>
      from >= 0 && to <= width && !taken.some(([left = 0, right = 0]) => from < right && to > left);
    const side = sides.find(isFree);
    if (!side) return [];
    taken.push([side.from, side.to]);
    return [{ ...flag, name, beside: side.beside }];
  });
}

/** What the state is called that a world was made of. */
const MADE = "as it was made";

export class Time {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.span = 0;
    this.later = new Later(SOON_MS, () => this.draw());
    this.shownCheckpoints = "";
    /** @type {Map<string, HTMLElement>} What is said of each checkpoint. */
    this.counts = new Map();
    this.choice = new Choice();
    /** @type {Due[]} */
    this.due = [];
    this.drawn = 0;
    /** What the list of what is due was worked out from. */
    this.worked = { last: -1, at: 0 };
    this.aheadNote = h("span");
    this.t = h("p.t");
    this.d = h("p.d");
    this.modeTag = h("span.tag.frozen");
    this.strip = h("div.in");
    this.ahead = h("div");
    this.checkpoints = h("div");
    this.since = h("div");
    this.sincePanel = panel("What changed", null, this.since);
    this.sincePanel.hidden = true;
    this.spans = Object.entries(SPANS).map(([name, ms]) =>
      button(name, () => this.look(ms), { class: "btn plain", "aria-pressed": String(ms === 0), "data-ms": ms }),
    );
    fill(
      root,
      h(
        "div.wide",
        h("h1.vh", `Time of ${hub.world}`),
        h("section.panel", { "aria-label": "The clock" }, h("div.in", this.clock())),
        this.sincePanel,
        panel("So far, and what is due", [this.legend(), h("span.push.btns", this.spans)], this.strip),
        h(
          "div.cols.tgrid.two",
          panel(
            "The next hour, if nobody sends anything",
            h(
              "span.push",
              button("Work it out", () => void this.lookAhead(), { id: "ahead", class: "btn main" }),
            ),
            this.ahead,
          ),
          panel(
            "Checkpoints",
            h(
              "span.push",
              button(
                [icon("flag"), "Set one ", h("kbd", ",")],
                once(() => void checkpoint(hub)),
              ),
            ),
            this.checkpoints,
          ),
        ),
      ),
    );
    fill(
      this.ahead,
      h("p.in.mid", "A fork of this world is made, advanced by an hour, read and thrown away. Nothing here moves."),
    );
    this.stops = [
      hub.on("facts", () => this.show()),
      hub.on("newer", () => {
        this.showAge();
        this.later.plan();
      }),
      hub.on("older", () => this.later.plan()),
      hub.on("anew", () => this.later.plan()),
    ];
    this.ticking = window.setInterval(() => {
      this.showClock();
      if (hub.facts?.clock.mode !== "frozen" && Date.now() - this.drawn > DRAW_MS) this.later.plan();
    }, 250);
    this.show();
    this.update(params);
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.choice.act();
    clearInterval(this.ticking);
    this.later.drop();
  }

  /** @param {URLSearchParams} params */
  update(params) {
    const since = params.get("since");
    void this.hub.known.then(() => since && this.changedSince(since));
  }

  /** @param {string} since A checkpoint, the last one, or the state that the world was made of. */
  changedSince(since) {
    const names = this.hub.facts?.checkpoints ?? [];
    const last = this.hub.entries.findLast((it) => it.action === "checkpoint")?.detail?.["name"];
    const name =
      since === NEWEST ? (names.find((it) => it === last) ?? names.at(-1)) : names.find((it) => it === since);
    const [from, called] = name ? [`checkpoint:${name}`, name] : ["seed", MADE];
    this.compare(from, called);
  }

  /**
   * @param {string} from As the difference is asked for.
   * @param {string} called
   */
  compare(from, called) {
    this.sincePanel.hidden = false;
    void compareInto(this.since, this.hub.world, from, called);
  }

  clock() {
    const { hub } = this;
    const by = (/** @type {string} */ it, /** @type {string} */ text) =>
      button(text, () => void advance(hub, { by: it }));
    const field = h("input.mono", { size: 22, id: "by", "aria-describedby": "by-note by-wrong", placeholder: "90m" });
    const form = h(
      "form.btns",
      h("label.small.mid", { for: "by" }, "by or to"),
      field,
      h("button.btn", "Advance"),
      h("span.small.dim", { id: "by-note" }, "“90m”, “8h” or an instant; never back"),
    );
    const wrong = h("p.err.bad.small", { role: "alert", id: "by-wrong" });
    const refuse = (/** @type {unknown} */ error) => {
      wrong.textContent = error ? messageOf(error) : "";
      if (error) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      refuse(text ? "" : "How far is not said; expected a length such as 90m, or an instant.");
      if (!text) return;
      const isMoment = /^\d{4}-/.test(text);
      const moment =
        isMoment && !Number.isNaN(Date.parse(text))
          ? iso(isLocal() || /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
          : text;
      const refused = (/** @type {unknown} */ error) => {
        complain(error);
        refuse(error);
      };
      void advance(hub, isMoment ? { to: moment } : { by: text }, refused);
    });
    const choose = (/** @type {string} */ name) =>
      this.choice.plan("mode", () => void this.setMode(name, Number(this.rate?.value)));
    const rerate = () => this.radios?.[1]?.checked && choose("scaled");
    this.rate = h("input.mono", { size: 3, value: "60", "aria-label": "rate", change: rerate });
    const { rate } = this;
    const mode = (/** @type {string} */ name) =>
      h("input", { type: "radio", name: "mode", value: name, change: () => choose(name) });
    this.radios = [mode("frozen"), mode("scaled"), mode("real")];
    const [frozen, scaled, real] = this.radios;
    return h(
      "div.bigclock",
      h("div", h("p.label", `world time, ${zone()} `, this.modeTag), this.t, this.d),
      h(
        "div.form",
        h(
          "div.btns",
          { role: "group", "aria-label": "Advance" },
          button([icon("next"), h("span", { id: "next-in" }), h("kbd", ".")], () => void advance(hub, { to: "next" }), {
            class: "btn main",
            id: "next",
          }),
          by("1s", "+1 s"),
          by("1m", "+1 min"),
          by("1h", "+1 h"),
          by("8h", "+8 h"),
        ),
        form,
        wrong,
      ),
      h(
        "fieldset.btns.push",
        h("legend.vh", "Mode"),
        h("label.choice", frozen, "frozen"),
        h("span.choice", h("label.choice", scaled, "scaled ×"), rate),
        h("label.choice", real, "real"),
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
      "p.legend",
      marks.map(([mark, text]) =>
        h("span", s("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, s("use", { href: `#m-${mark}` })), text),
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
    if (next) next.textContent = Number.isNaN(due) ? "Nothing due " : `Next, in ${span(Math.max(0, due))} `;
    document.getElementById("next")?.toggleAttribute("disabled", Number.isNaN(due));
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
    if (!this.choice.waits) for (const it of this.radios ?? []) it.checked = it.value === clock.mode;
    if (this.rate && clock.rate && !this.choice.waits && document.activeElement !== this.rate)
      this.rate.value = String(clock.rate);
    this.showCheckpoints();
    this.showAge();
    this.later.plan();
  }

  /** What was due is worked out of one moment: it is said where the world has gone on since. */
  showAge() {
    const { last, at } = this.worked;
    if (last < 0) return;
    const { facts } = this.hub;
    const isOld = this.hub.last !== last || (facts?.clock.mode === "frozen" && this.hub.now() !== at);
    this.aheadNote.className = isOld ? "warn" : "";
    fill(
      this.aheadNote,
      isOld && icon("warn"),
      isOld
        ? ` The world has gone on since: this is what was due at ${clockTime(at)}. `
        : "Worked out in a fork of this world that was advanced and thrown away; nothing here has moved. ",
    );
    // Of another course of things no marks are drawn.
    if (isOld) this.due = [];
  }

  showCheckpoints() {
    const names = this.hub.facts?.checkpoints ?? [];
    const shown = JSON.stringify(names);
    if (shown !== this.shownCheckpoints && !isAtWork(this.checkpoints)) {
      this.shownCheckpoints = shown;
      this.listCheckpoints(names);
    }
    // What is counted is put right in place: somebody may be at the buttons beside it.
    for (const [name, place] of this.counts) place.textContent = this.countOf(name);
  }

  /**
   * How much came since a checkpoint was set.
   * @param {string} name
   */
  countOf(name) {
    const kept = this.hub.entries.findLast((it) => it.action === "checkpoint" && it.detail?.["name"] === name);
    if (!kept) return "set before what the journal holds";
    const since = this.hub.entries.filter((it) => it.seq > kept.seq && !it.stray && !isQuiet(it)).length;
    return `at ${clockTime(kept.at)}; ${counted(since, "entry", "entries")} since`;
  }

  /** @param {string[]} names */
  listCheckpoints(names) {
    this.counts = new Map(names.map((name) => [name, h("span.mid.small")]));
    const rows = [...this.counts].map(([name, count]) =>
      this.kept(name, count, `checkpoint:${name}`, "Go back (rollback)", () => void goBack(this.hub, name)),
    );
    const made = this.kept(
      MADE,
      h("span.mid.small", "the scenario, before anything was sent"),
      "seed",
      "Go back (reset)",
      () => {
        void reset(this.hub);
      },
    );
    fill(
      this.checkpoints,
      !names.length &&
        h(
          "p.in.mid",
          "None is set yet. Set one before a test, and go back to it when the test is over: the clock itself never runs back.",
        ),
      h("ul.checks", rows, made),
      h(
        "p.in.btns",
        button(
          [icon("fork"), "Fork here, as it is now"],
          once(() => void fork(this.hub, freeName(this.hub, this.hub.world))),
        ),
        h("a", { href: link("worlds") }, "Compare two worlds"),
      ),
    );
  }

  /**
   * A state that one can go back to.
   * @param {string} name
   * @param {HTMLElement} text
   * @param {string} from As the difference is asked for.
   * @param {string} does
   * @param {() => void} back
   */
  kept(name, text, from, does, back) {
    return h(
      "li.kept",
      icon(from === "seed" ? "back" : "flag"),
      h("span", h("b", name), h("br"), text),
      h(
        "span.btns",
        button("What changed since", () => this.compare(from, name), { "aria-label": `What changed since ${name}` }),
        sure([icon("back"), does], "Really? What came since is undone", back, { "aria-label": `${does} to ${name}` }),
      ),
    );
  }

  async lookAhead() {
    const { world } = this.hub;
    const name = `ahead-${Date.now().toString(36)}`;
    fill(this.ahead, h("p.in.mid", { role: "status" }, "A fork is advanced …"));
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
      fill(this.ahead, reading());
      unread(error, () => void this.lookAhead(), this.ahead);
    }
  }

  /** @param {Advanced} done */
  showAhead(done) {
    this.due = done.firings.map((it) => ({
      at: it.at,
      vendor: it.vendor,
      text: `${it.kind.replaceAll("_", " ")} ${it.key}`,
    }));
    const kinds = Object.entries(done.kinds).map(([vendor, all]) => {
      const counts = Object.entries(all).map(([kind, count]) => `${many(count)} ${kind.replaceAll("_", " ")}`);
      return h("li", h("b", vendor), ` ${counts.join(", ")}`);
    });
    const now = Date.parse(done.from);
    this.worked = { last: this.hub.last, at: now };
    const effects = done.effects.length
      ? done.effects.map((it) => ({ at: it.at ?? done.from, vendor: it.vendor ?? "", text: it.text }))
      : this.due;
    const rows = effects.slice(0, LISTED).map((it) => {
      const gap = h("i", `+${span(Date.parse(it.at) - now)}`);
      return h(
        "li",
        h("time", { datetime: it.at }, shortTime(it.at), " ", gap),
        h("span.mid", it.vendor),
        h("span.what", h("span.hollow", { "aria-hidden": "true" }), it.text),
      );
    });
    const rest = effects.length - rows.length;
    // The program itself tells the first of many only.
    const isCut = done.fired > done.firings.length;
    fill(
      this.ahead,
      h(
        "p.in.small.mid",
        { role: "status" },
        done.fired
          ? `${counted(done.fired, "timer")} of ${counted(kinds.length, "vendor")}:`
          : "Nothing is due within an hour.",
      ),
      kinds.length > 0 && h("ul.in.small.mid.kinds", kinds),
      rows.length > 0 && h("ol.ahead", rows),
      rest > 0 && h("p.in.small.dim", isCut ? "and more: these are the first" : `and ${many(rest)} more`),
      h(
        "p.in.small.mid",
        this.aheadNote,
        button("Advance this world by an hour", () => void advance(this.hub, { by: "1h" }), { class: "btn plain" }),
      ),
    );
    this.showAge();
    this.later.plan();
  }

  /** @param {number} ms */
  look(ms) {
    this.span = ms;
    for (const it of this.spans) it.setAttribute("aria-pressed", String(Number(it.dataset["ms"]) === ms));
    this.draw();
  }

  draw() {
    // Before the clock was read there is no time to draw.
    if (!this.hub.facts) return;
    this.drawn = Date.now();
    const now = this.hub.now();
    const all = this.hub.entries.filter((it) => !it.stray && !isQuiet(it)).slice(-STRIP_ENTRIES);
    const due = this.due.filter((it) => Date.parse(it.at) > now);
    const next = this.hub.facts?.clock.next_due;
    if (!due.length && next) due.push({ at: next, vendor: "", text: "next" });
    const first = all[0] ? Math.min(Date.parse(all[0].at), now) : now - 60_000;
    const last = due.at(-1) ? Date.parse(due.at(-1)?.at ?? "") : now;
    const { isMoment } = places(all, this.span ? now - this.span : first, now);
    const from = this.span ? now - this.span : isMoment ? now - 60_000 : first;
    const to = this.span ? now + this.span / 3 : Math.max(last, now + (now - from) / 4);
    const shown = all.filter((it) => Date.parse(it.at) >= from);
    const part = places(shown, isMoment ? now : from, now).at;
    const vendors = [...new Set([...shown.map((it) => it.vendor ?? ""), ...due.map((it) => it.vendor)])].sort();
    // The names of the vendors stand at the left, however narrow it is.
    const left = Math.max(9, Math.round((NAMES_PX / (this.strip.clientWidth || 1000)) * 100));
    const x = (/** @type {number} */ at) => `${(left + ((at - from) / (to - from)) * (99 - left)).toFixed(2)}%`;
    const xOf = (/** @type {number} */ at) => x(from + (part[at] ?? 0) * (now - from));
    const y = (/** @type {string | null} */ vendor) => TOP_PX + vendors.indexOf(vendor ?? "") * ROW_PX;
    const height = TOP_PX + vendors.length * ROW_PX + 8;
    const width = this.strip.clientWidth || 1000;
    const px = (/** @type {string} */ percent) => (parseFloat(percent) * width) / 100;
    const moment = width < NARROW_PX ? "in their order" : `${shortTime(now)}: all at one moment, in their order`;
    const told = isMoment && shown.length > 0 ? moment : "";
    const begin = isMoment ? now + 1 : from;
    const room = (px(x(to)) - px(x(begin))) / LABEL_PX;
    const axis = ticks(begin, to, Math.max(1, Math.min(9, Math.floor(room))));
    const clear = told && px(`${left}%`) + told.length * SIGN_PX + LABEL_PX / 2;
    const labels = axis.made.filter((at) => px(x(at)) >= (clear || 0));
    const flags = shown.flatMap((it, at) =>
      it.action === "checkpoint" ? [{ at, name: String(it.detail?.["name"]) }] : [],
    );
    const named = namedFlags(
      flags.map((it) => ({ ...it, px: px(xOf(it.at)) })),
      width,
    );
    const marks = shown.map(
      (it, at) => it.action !== "checkpoint" && s("use", { href: `#m-${markOf(it)}`, x: xOf(at), y: y(it.vendor) }),
    );
    const ahead = due.filter((it) => Date.parse(it.at) <= to);
    // Of very many each so manieth is drawn, over all the time that they take.
    const each = Math.ceil(ahead.length / DUE_DRAWN) || 1;
    const hollow = ahead
      .filter((_, at) => at % each === 0)
      .map((it) => s("use", { href: "#m-due", x: x(Date.parse(it.at)), y: y(it.vendor) }));
    const seen = `${counted(shown.length, "entry", "entries")} between ${shortTime(shown[0]?.at ?? now)} and ${shortTime(now)}`;
    const label = `${seen}, ${shown.filter(wasRefused).length} of them refused; ${counted(ahead.length, "mark")} for what is due.`;
    const line = { y1: TOP_PX - 20, y2: height - 16 };
    const nowText = `now ${shortTime(now)}`;
    const isCramped = px(x(now)) + (nowText.length + 1) * SIGN_PX > width;
    const beside = isCramped ? { dx: -5, "text-anchor": "end" } : { dx: 5 };
    const plot = s(
      "svg.strip",
      { role: "img", "aria-label": label },
      s("rect.fut", { x: x(now), y: TOP_PX - 20, width: `${99 - parseFloat(x(now))}%`, height: height - TOP_PX + 4 }),
      axis.made.map((at) => s("line.ax", { x1: x(at), x2: x(at), ...line })),
      labels.map((at) => {
        const anchor = parseFloat(x(at)) > 96 ? "end" : "middle";
        return s("text", { x: x(at), y: height + 6, "text-anchor": anchor }, tickText(at, axis.step));
      }),
      vendors.map((it) => s("text.vn", { x: 0, y: y(it) + 4 }, it || "the world")),
      flags.map((it) => s("line.mk-kept", { x1: xOf(it.at), x2: xOf(it.at), ...line })),
      flags.map((it) => s("use", { href: "#m-cp", x: xOf(it.at), y: TOP_PX - 28 })),
      named.map((it) => s("text.vn", { x: xOf(it.at), ...it.beside, y: TOP_PX - 24 }, it.name)),
      told && s("text", { x: `${left}%`, y: height + 6 }, told),
      marks,
      hollow,
      s("line.mk-now", { x1: x(now), x2: x(now), y1: 8, y2: height - 16 }),
      s("text.nowt", { x: x(now), ...beside, y: 14 }, nowText),
    );
    plot.style.height = `${height + 14}px`;
    fill(this.strip, plot);
  }
}
