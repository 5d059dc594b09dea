// The part Verdict: does the run hold, what was not expected, what is wrong although it was answered.

import { Turns, get, getToSend, inWorld, judge, resent, send } from "./api.js";
import { command, link } from "./address.js";
import {
  button,
  complain,
  copy,
  empty,
  field,
  fill,
  h,
  icon,
  isAtWork,
  messageOf,
  once,
  panel,
  reading,
  toast,
  unread,
} from "./dom.js";
import { Later } from "./later.js";
import { counted, many } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Judged} Judged */
/** @typedef {import("./types").Finding} Finding */
/** @typedef {import("./types").Strict} Strict */
/** @typedef {import("./types").Found} Found */
/** @typedef {Record<string, unknown>} Condition */
/** @typedef {{ strict: boolean, expect: Condition[] }} Stated Whether the run is strict, and what is expected of it. */

const LOOK_MS = 1500;

/** An entry's number as a link. @param {number} seq */
function entry(seq) {
  return h("a.mono", { href: link("exchanges", { entry: seq }) }, seq);
}

/** @param {number[]} all */
function entries(all) {
  return all.flatMap((seq, at) => [at ? ", " : "", entry(seq)]);
}

export class Verdict {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   */
  constructor(root, hub) {
    this.hub = hub;
    this.root = root;
    this.turns = new Turns();
    /** Done when the changes of what is expected are made that were begun. */
    this.changes = Promise.resolve();
    this.shown = "";
    this.later = new Later(LOOK_MS, () => this.look());
    this.top = h("div.verdict", { role: "status" });
    this.expectations = h("div");
    this.findings = h("div");
    this.unexpected = h("div");
    this.allow = h("span.push");
    fill(
      root,
      h(
        "div.wide",
        h("h1.vh", `Verdict of ${hub.world}`),
        h("section.panel", { "aria-label": "The verdict" }, this.top),
        h(
          "div.cols.two.plots",
          h(
            "div",
            panel("Expectations", null, this.expectations),
            panel("Findings", h("span.small.mid", "answered, and wrong all the same"), this.findings),
          ),
          h("div", panel("Try a condition", null, this.tryer()), panel("Not expected", this.allow, this.unexpected)),
        ),
      ),
    );
    for (const it of [this.top, this.expectations, this.findings, this.unexpected]) fill(it, reading());
    this.stops = [hub.on("newer", () => this.later.plan()), hub.on("anew", () => this.later.plan())];
    void this.look();
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.later.drop();
  }

  update() {}

  async look() {
    const isNew = this.turns.begin();
    try {
      const [found, stated] = await Promise.all([
        get(inWorld(this.hub.world, "findings")),
        getToSend(inWorld(this.hub.world, "strict")),
      ]);
      if (!isNew()) return;
      const now = JSON.stringify([found, stated]);
      if (now === this.shown) return;
      if (isAtWork(this.root)) {
        this.later.plan();
        return;
      }
      this.shown = now;
      this.showTop(found, stated);
      const judgements = await this.judgements(stated.expect);
      if (this.shown !== now) return;
      this.showExpectations(stated.expect, judgements);
      this.showFindings(found.findings, found.more);
      this.showUnexpected(found.strict);
    } catch (error) {
      const again = () => void this.look();
      unread(error, again, this.top, this.expectations, this.findings, this.unexpected);
    }
  }

  /**
   * @param {Found} found
   * @param {Stated} stated
   */
  showTop(found, stated) {
    const { strict, findings } = found;
    const box = h("input", { type: "checkbox", id: "strict" });
    box.checked = stated.strict;
    box.addEventListener("change", () => {
      const told = box.checked ? "The run is strict now." : "The run is not strict.";
      const strict = box.checked;
      this.change((now) => ({ ...now, strict }), told);
    });
    const verdict = strict?.verdict ?? (findings.length ? "odd" : "open");
    /** @type {Record<string, [string, string, string]>} */
    const words = {
      pass: ["ok", "good", "This run passes"],
      fail: ["no", "bad", "This run fails"],
      inconclusive: ["warn", "warn", "This run cannot be judged"],
      odd: ["warn", "warn", findings.length === 1 ? "One finding" : `${findings.length} findings`],
      open: ["none", "mid", "Nothing is expected of this run"],
    };
    const [sign = "none", tone = "", text = ""] = words[verdict] ?? [];
    const told = strict
      ? `Strict: ${counted(strict.unexpected_count, "refusal")} that nobody expected; ${strict.unmet.length} of ${counted(stated.expect.length, "expectation")} not met. ${counted(findings.length, "finding")} beside that.`
      : `${counted(found.entries, "entry was", "entries were")} looked at. A strict run fails on any refusal that nobody expected.`;
    fill(
      this.top,
      h("span", { class: tone }, icon(sign)),
      h("div", h("strong", { class: tone }, text), h("p.mid", told)),
      h("label.choice.push", box, "strict"),
    );
  }

  /**
   * Changes what is expected. All of it is stated anew each time: so one change is made after the other, of
   * what the one before has left.
   * @param {(now: Stated) => Stated} how
   * @param {string} told
   */
  change(how, told) {
    const path = inWorld(this.hub.world, "strict");
    const make = async () => {
      try {
        await send("PUT", path, how(await getToSend(path)));
        toast(told);
      } catch (error) {
        complain(error);
      }
      void this.look();
    };
    this.changes = this.changes.then(make);
  }

  /**
   * What each condition comes to; nothing where it cannot be judged.
   * @param {Condition[]} expect
   * @returns {Promise<(Judged | null)[]>}
   */
  judgements(expect) {
    const path = inWorld(this.hub.world, "verify");
    return Promise.all(expect.map((it) => judge(path, it).catch(() => null)));
  }

  /**
   * @param {Condition[]} expect
   * @param {(Judged | null)[]} judgements
   */
  showExpectations(expect, judgements) {
    if (!expect.length) {
      fill(
        this.expectations,
        empty(
          "Nothing is expected yet",
          "Try a condition beside, and keep it with “Expect it” when it says what you mean.",
          command("verify outcome=refused never=true"),
        ),
      );
      return;
    }
    const rows = expect.map((it, at) => this.expectation(it, judgements[at], at));
    fill(this.expectations, h("ul.checks", rows));
  }

  /**
   * @param {Condition} condition
   * @param {Judged | null | undefined} told
   * @param {number} at
   */
  expectation(condition, told, at) {
    const [sign, tone] = told ? looks(told.verdict) : ["none", ""];
    const text = JSON.stringify(condition);
    const remove = () =>
      this.change((now) => {
        const gone = now.expect.findIndex((it) => JSON.stringify(it) === text);
        return { ...now, expect: now.expect.filter((_, other) => other !== gone) };
      }, "It is expected no longer.");
    const near = told && told.verdict !== "pass" ? closest(told) : null;
    return h(
      "li",
      h("span", { class: tone }, icon(sign, told?.verdict ?? "not judged")),
      h("div", told ? told.expected : h("code", text), told && h("span.mid", `; found ${told.found}`), near),
      button("take away", remove, { class: "btn plain", "aria-label": `Take expectation ${at + 1} away` }),
    );
  }

  /**
   * @param {Finding[]} findings
   * @param {number} more
   */
  showFindings(findings, more) {
    if (!findings.length) {
      fill(
        this.findings,
        h(
          "p.in.mid",
          "None. A write that is sent again after a lost reply, windows with a gap, a login before every request would stand here.",
        ),
      );
      return;
    }
    fill(
      this.findings,
      h(
        "ul.checks",
        findings.map((it) =>
          h(
            "li",
            h("span.warn", icon("warn")),
            h(
              "span",
              h("b", it.what),
              " ",
              h("span.dim.mono", `${it.name} · ${it.vendor ?? "all"}`),
              h("br"),
              "Entries ",
              entries(it.entries),
              it.count > it.entries.length && ` and ${many(it.count - it.entries.length)} more`,
              h("br"),
              h("span.mid.small", `Why it matters: ${it.matters}`),
              h("br"),
              h("span.small", h("span.good", icon("cure")), " ", it.remedy),
            ),
          ),
        ),
      ),
      more > 0 && h("p.in.dim", `and ${many(more)} more`),
    );
  }

  /** @param {Strict | null} strict */
  showUnexpected(strict) {
    fill(this.allow);
    if (!strict?.unexpected.length) {
      const text = strict
        ? "All that was refused was expected."
        : "Make the run strict, above, to see which refusals nobody expected.";
      fill(this.unexpected, h("p.in.mid", text));
      return;
    }
    /** @type {Map<string, { seq: number, line: string, rule: string }[]>} */
    const groups = new Map();
    for (const { seq, line, reason } of strict.unexpected) {
      const rule = /\(([\w.]+)\)/.exec(reason)?.[1] ?? "";
      const group = reason.replace(` (${rule})`, "");
      groups.set(group, [...(groups.get(group) ?? []), { seq, line, rule }]);
    }
    const rules = [...new Set([...groups.values()].flat().map((it) => it.rule))].filter(Boolean);
    const allow = () =>
      this.change(
        ({ expect }) => ({ strict: true, expect: [...expect, ...rules.map((why) => ({ why, at_least: 1 }))] }),
        `${counted(rules.length, "reason")} of refusals expected from now on.`,
      );
    fill(this.allow, rules.length > 0 && button("Expect all of these", allow, { class: "btn plain" }));
    const prefix = ` /w/${this.hub.world}/`;
    const rows = [...groups].flatMap(([reason, all]) => [
      h("li.grp", `${reason} · ${all.length}`),
      ...all.map((it) => h("li", entry(it.seq), h("code", it.line.replace(prefix, " /")), h("code.dim", it.rule))),
    ]);
    fill(this.unexpected, h("ul.checks", rows));
  }

  tryer() {
    const text = h("textarea", { rows: 7, spellcheck: false });
    text.value = '{"outcome": "refused", "never": true}';
    const answer = h("div", { role: "status" });
    const error = h("p.err.bad.small", { role: "alert" });
    const timeout = h("input.mono", { size: 5, value: "30s" });
    let runs = 0;
    error.id = "condition-error";
    text.setAttribute("aria-describedby", error.id);
    const refuse = (/** @type {unknown} */ problem) => {
      error.textContent = messageOf(problem);
      text.setAttribute("aria-invalid", "true");
    };
    const accept = () => {
      error.textContent = "";
      text.removeAttribute("aria-invalid");
    };
    const run = async (/** @type {boolean} */ waits) => {
      runs += 1;
      const mine = runs;
      accept();
      try {
        const condition = resent(text.value);
        const path = inWorld(this.hub.world, waits ? "wait" : "verify");
        if (waits) fill(answer, h("p.mid", `Waiting for ${timeout.value} at most …`));
        const told = await judge(path, waits ? { ...condition, timeout: timeout.value } : condition);
        // What is tried later is answered sooner than what waits.
        if (mine === runs) fill(answer, judged(told));
      } catch (problem) {
        if (mine !== runs) return;
        fill(answer);
        refuse(problem);
      }
    };
    const keep = () => {
      accept();
      try {
        const more = resent(text.value);
        this.change((now) => ({ ...now, expect: [...now.expect, more] }), "It is expected now.");
      } catch (problem) {
        refuse(problem);
      }
    };
    return h(
      "div.in.form",
      field("A condition over the journal, as JSON", text),
      error,
      h(
        "div.btns",
        button("Try", () => void run(false), { class: "btn main" }),
        button("Wait for it", () => void run(true)),
        h("label.choice.small.mid", "at most", timeout),
        button("Expect it", once(keep)),
        button([icon("copy"), "copy"], () => void copy(text.value), { class: "btn plain" }),
      ),
      answer,
    );
  }
}

/**
 * The icon of a verdict, and its tone.
 * @param {string} verdict
 * @returns {[string, string]}
 */
function looks(verdict) {
  return verdict === "pass" ? ["ok", "good"] : verdict === "fail" ? ["no", "bad"] : ["warn", "warn"];
}

/**
 * The closest entries, rule by rule.
 * @param {Judged} it
 */
function closest(it) {
  // Where too many meet it, no rule is missed: it is those that count.
  const missed = (it.closest ?? []).filter((close) => close.rules.some((rule) => !rule.matched));
  if (!missed.length) return it.matched.length ? h("p.small.mid", "met by ", entries(it.matched.slice(0, 20))) : null;
  return missed.slice(0, 3).map((close) => {
    const rules = close.rules.flatMap((rule) => [
      h("b", { class: rule.matched ? "good" : "bad" }, rule.matched ? "yes" : "NO"),
      h("code", rule.rule),
      rule.matched
        ? h("code", rule.found)
        : h("span", "expected ", h("code.good", rule.expected), ", found ", h("code.bad", rule.found)),
    ]);
    return h(
      "div",
      h("p.small", "closest: entry ", entry(close.seq), ": ", h("code", close.exchange)),
      h("div.rules", rules),
      close.why && h("p.small.mid", `refused because ${close.why}`),
    );
  });
}

/**
 * A condition with its verdict.
 * @param {Judged} it
 */
function judged(it) {
  const [sign, tone] = looks(it.verdict);
  const isMet = it.verdict === "pass";
  const by = it.matched.length ? entries(it.matched.slice(0, 20)) : "nothing, as it should be";
  return h(
    "div",
    h("p", { class: tone }, icon(sign), " ", h("b", it.verdict), ": ", it.expected),
    h("p.mid.small", isMet ? ["met by ", by] : `${it.reason ?? ""}; found ${it.found}`),
    isMet ? null : closest(it),
  );
}
