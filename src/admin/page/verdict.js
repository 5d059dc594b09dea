// The part Verdict: does the run hold, what was not expected, what is wrong although it was answered.

import { get, inWorld, judge, send } from "./api.js";
import { link } from "./address.js";
import { button, complain, copy, empty, field, fill, h, icon, panel, toast } from "./dom.js";
import { many } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {{ rule: string, matched: boolean, expected: string, found: string }} Rule */
/** @typedef {{ seq: number, exchange: string, rules: Rule[], why?: string }} Near */
/** @typedef {{ verdict: string, expected: string, found: number, matched: number[], reason?: string, closest?: Near[] }} Judged */
/** @typedef {{ name: string, vendor: string | null, what: string, entries: number[], count: number, matters: string, remedy: string }} Finding */
/** @typedef {{ verdict: string, unexpected: { seq: number, line: string, reason: string }[], unexpected_count: number, unmet: Judged[] }} Strict */

const LOOK_MS = 1500;

/** An entry's number as a link. @param {number} seq */
function entry(seq) {
  return h("a", { class: "mono", href: link("exchanges", { entry: seq }) }, seq);
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
    this.shown = "";
    this.planned = 0;
    this.top = h("div", { class: "verdict", role: "status" });
    this.expectations = h("div", null);
    this.findings = h("div", null);
    this.unexpected = h("div", null);
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        h("h1", { class: "vh" }, `Verdict of ${hub.world}`),
        h("section", { class: "panel", "aria-label": "The verdict" }, this.top),
        h(
          "div",
          { class: "cols two plots" },
          h(
            "div",
            null,
            panel("Expectations", null, this.expectations),
            panel("Findings", h("span", { class: "small mid" }, "answered, and wrong all the same"), this.findings),
          ),
          h("div", null, panel("Try a condition", null, this.tryer()), panel("Not expected", null, this.unexpected)),
        ),
      ),
    );
    this.stop = hub.on("newer", () => this.plan());
    void this.look();
  }

  leave() {
    this.stop();
    clearTimeout(this.planned);
  }

  update() {}

  plan() {
    if (this.planned) return;
    this.planned = window.setTimeout(() => {
      this.planned = 0;
      void this.look();
    }, LOOK_MS);
  }

  async look() {
    try {
      const [found, stated] = await Promise.all([
        get(inWorld(this.hub.world, "findings")),
        get(inWorld(this.hub.world, "strict")),
      ]);
      const now = JSON.stringify([found, stated]);
      if (now === this.shown) return;
      this.shown = now;
      this.showTop(found, stated);
      this.showExpectations(found.strict, stated.expect);
      this.showFindings(found.findings, found.more);
      this.showUnexpected(found.strict);
    } catch (error) {
      complain(error);
    }
  }

  /**
   * @param {{ findings: Finding[], entries: number, evicted: number, strict: Strict | null }} found
   * @param {{ strict: boolean, expect: unknown[] }} stated
   */
  showTop(found, stated) {
    const { strict, findings } = found;
    const box = h("input", { type: "checkbox", id: "strict" });
    box.checked = stated.strict;
    box.addEventListener("change", () => void this.put({ strict: box.checked, expect: stated.expect }));
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
    const counted = strict
      ? `Strict: ${many(strict.unexpected_count)} refusals that nobody expected, ${strict.unmet.length} expectations not met, of ${stated.expect.length}. ${findings.length} findings beside that.`
      : `${many(found.entries)} entries were looked at. Strict worlds fail on any refusal that nobody expected.`;
    fill(
      this.top,
      h("span", { class: tone }, icon(sign)),
      h("div", null, h("strong", { class: tone }, text), h("p", { class: "mid" }, counted)),
      h("label", { class: "choice push" }, box, "strict"),
    );
  }

  /** @param {{ strict: boolean, expect: unknown[] }} body */
  async put(body) {
    try {
      await send("PUT", inWorld(this.hub.world, "strict"), body);
      toast(body.strict ? "The run is strict now." : "The run is not strict.");
    } catch (error) {
      complain(error);
    }
    await this.look();
  }

  /**
   * @param {Strict | null} strict
   * @param {Record<string, unknown>[]} expect
   */
  showExpectations(strict, expect) {
    if (!expect.length) {
      fill(
        this.expectations,
        empty(
          "No expectation",
          "Try a condition beside, and keep it when it says what you mean.",
          'ringback verify \'{"outcome":"refused","never":true}\'',
        ),
      );
      return;
    }
    const unmet = strict?.unmet ?? [];
    const met = expect.length - unmet.length;
    const remove = (/** @type {number} */ at) =>
      void this.put({ strict: Boolean(strict), expect: expect.filter((_, other) => other !== at) });
    fill(
      this.expectations,
      h(
        "ul",
        { class: "checks" },
        expect.map((it, at) =>
          h(
            "li",
            null,
            icon("none"),
            h("code", null, JSON.stringify(it)),
            button("take away", () => remove(at), {
              class: "btn plain",
              "aria-label": `Take expectation ${at + 1} away`,
            }),
          ),
        ),
      ),
      strict && h("p", { class: "in small mid" }, `${met} of ${expect.length} are met.`),
      unmet.map((it) => h("div", { class: "in" }, judged(it))),
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
          "p",
          { class: "in mid" },
          "None. A write that is sent again after a lost reply, windows with a gap, a login before every request would stand here.",
        ),
      );
      return;
    }
    fill(
      this.findings,
      h(
        "ul",
        { class: "checks" },
        findings.map((it) =>
          h(
            "li",
            null,
            h("span", { class: "warn" }, icon("warn")),
            h(
              "span",
              null,
              h("b", null, it.what),
              " ",
              h("span", { class: "dim mono" }, `${it.name} · ${it.vendor ?? "all"}`),
              h("br"),
              "Entries ",
              entries(it.entries),
              it.count > it.entries.length && ` and ${many(it.count - it.entries.length)} more`,
              h("br"),
              h("span", { class: "mid small" }, `Why it matters: ${it.matters}`),
              h("br"),
              h("span", { class: "small" }, h("span", { class: "good" }, icon("cure")), " ", it.remedy),
            ),
          ),
        ),
      ),
      more > 0 && h("p", { class: "in dim" }, `and ${many(more)} more`),
    );
  }

  /** @param {Strict | null} strict */
  showUnexpected(strict) {
    if (!strict) {
      fill(this.unexpected, h("p", { class: "in mid" }, "Make the run strict to see which refusals nobody expected."));
      return;
    }
    if (!strict.unexpected.length) {
      fill(this.unexpected, h("p", { class: "in mid" }, "All that was refused was expected."));
      return;
    }
    /** @type {Map<string, Strict["unexpected"]>} */
    const groups = new Map();
    for (const it of strict.unexpected) groups.set(it.reason, [...(groups.get(it.reason) ?? []), it]);
    fill(
      this.unexpected,
      h(
        "ul",
        { class: "checks" },
        [...groups].flatMap(([reason, all]) => [
          h("li", { class: "grp" }, `${reason} · ${all.length}`),
          ...all.map((it) => h("li", null, entry(it.seq), h("code", null, it.line), h("span", null))),
        ]),
      ),
    );
  }

  tryer() {
    const text = h("textarea", { rows: 7, spellcheck: false });
    text.value = '{"outcome": "refused", "never": true}';
    const answer = h("div", { role: "status" });
    const error = h("p", { class: "err bad small", role: "alert" });
    const timeout = h("input", { class: "mono", size: 5, value: "30s" });
    const run = async (/** @type {boolean} */ waits) => {
      error.textContent = "";
      try {
        const condition = JSON.parse(text.value);
        const path = inWorld(this.hub.world, waits ? "wait" : "verify");
        if (waits) fill(answer, h("p", { class: "mid" }, `Waiting for ${timeout.value} at most …`));
        fill(answer, judged(await judge(path, waits ? { ...condition, timeout: timeout.value } : condition)));
      } catch (problem) {
        fill(answer);
        error.textContent = problem instanceof Error ? problem.message : String(problem);
      }
    };
    const keep = async () => {
      try {
        const stated = await get(inWorld(this.hub.world, "strict"));
        await this.put({ strict: stated.strict, expect: [...stated.expect, JSON.parse(text.value)] });
      } catch (problem) {
        error.textContent = problem instanceof Error ? problem.message : String(problem);
      }
    };
    return h(
      "div",
      { class: "in form" },
      field("A condition over the journal, as JSON", text),
      error,
      h(
        "div",
        { class: "btns" },
        button("Try", () => void run(false), { class: "btn main" }),
        button("Wait for it", () => void run(true)),
        h("label", { class: "choice small mid" }, "at most", timeout),
        button("Expect it", () => void keep()),
        button([icon("copy"), "copy"], () => void copy(text.value), { class: "btn plain" }),
      ),
      answer,
    );
  }
}

/**
 * A condition with its verdict: the closest entry, rule by rule.
 * @param {Judged} it
 */
function judged(it) {
  const [sign, tone] =
    it.verdict === "pass" ? ["ok", "good"] : it.verdict === "fail" ? ["no", "bad"] : ["warn", "warn"];
  const near = (it.closest ?? []).slice(0, 3).map((close) =>
    h(
      "div",
      null,
      h("p", { class: "small" }, "closest: entry ", entry(close.seq), ": ", h("code", null, close.exchange)),
      h(
        "div",
        { class: "rules" },
        close.rules.flatMap((rule) => [
          h("b", { class: rule.matched ? "good" : "bad" }, rule.matched ? "yes" : "NO"),
          h("code", null, rule.rule),
          h(
            "span",
            null,
            rule.matched
              ? h("code", null, rule.found)
              : [
                  "expected ",
                  h("code", { class: "good" }, rule.expected),
                  ", found ",
                  h("code", { class: "bad" }, rule.found),
                ],
          ),
        ]),
      ),
      close.why && h("p", { class: "small mid" }, `refused because ${close.why}`),
    ),
  );
  return h(
    "div",
    null,
    h("p", { class: tone }, icon(sign ?? "none"), " ", h("b", null, it.verdict), ": ", it.expected),
    h(
      "p",
      { class: "mid small" },
      it.verdict === "pass"
        ? ["met by ", it.matched.length ? entries(it.matched.slice(0, 20)) : "nothing, as it should be"]
        : `${it.reason ?? ""}; found ${it.found}`,
    ),
    it.verdict === "pass" ? null : near,
  );
}
