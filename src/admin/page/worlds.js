// The part Worlds: which there are; make, fork, reset, delete, move out and in; how two differ.

import { Refused, ask, inWorld, save, send } from "./api.js";
import { go, link } from "./address.js";
import { compareInto } from "./compare.js";
import {
  button,
  complain,
  field,
  fill,
  h,
  icon,
  isAtWork,
  messageOf,
  once,
  panel,
  select,
  sender,
  sure,
  table,
  toast,
} from "./dom.js";
import { addressOf, vendorList } from "./served.js";
import { freeName, reset } from "./turn.js";
import { dateOf, many, shortTime, size } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Facts} Facts */
/** @typedef {import("./types").Closed} Closed */

/** The greatest seed that there is. */
const SEED_MAX = 2n ** 63n - 1n;
const DATABASE = "application/vnd.sqlite3";
/** Scenarios that the program has with it. */
const BUILT_IN = ["demo", "working-day", "empty", "infocu5", "jtel", "maestro", "maxcontact", "mor"];

/** The looks of a button in a row, and what it is known by. @param {string} label */
function plain(label) {
  return { class: "btn plain", "aria-label": label };
}

/** One that does not serve: there is nothing to tell of it but why. @param {Closed} it */
function closedRow(it) {
  const why = h("td.mid", { colspan: 9 }, h("span.tag.warn", it.state), " ", it.why);
  return h("tr", h("td", h("b", it.name)), why);
}

/**
 * Says what is wrong with a field, or that nothing is.
 * @param {HTMLInputElement} input
 * @param {string} text
 */
function wrong(input, text) {
  const place = input.parentElement?.querySelector(".err");
  if (place) place.textContent = text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export class Worlds {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   */
  constructor(root, hub) {
    this.hub = hub;
    this.left = new AbortController();
    this.list = h("div");
    this.compared = h("div");
    this.pickers = h("span.btns");
    this.shown = "";
    this.offered = "";
    fill(
      root,
      h(
        "div.wide",
        h(
          "div.head",
          h("h1", "Worlds"),
          h("p", "Each has its own state, clock, seed, timers, switches and journal. None sees another."),
        ),
        panel("All worlds", h("a.push.btn", { href: "#new-world" }, "New world"), this.list),
        h("div.cols.two.tgrid", panel("Compare", this.pickers, this.compared), h("div", this.maker(), this.taker())),
      ),
    );
    this.stop = hub.on("facts", () => this.show());
    this.show();
    fill(
      this.compared,
      h("p.in.mid", "Choose two states. To see what a test does: set a checkpoint, run the test, compare."),
    );
  }

  leave() {
    this.stop();
    this.left.abort();
  }

  update() {
    this.show();
  }

  show() {
    const { worlds, closed, facts } = this.hub;
    const shown = JSON.stringify([worlds, closed]);
    if (shown === this.shown || isAtWork(this.list)) return;
    this.shown = shown;
    const rows = [...worlds.map((it) => this.row(it)), ...closed.map(closedRow)];
    fill(
      this.list,
      table(
        "Worlds",
        [
          "name",
          "scenario",
          "clock",
          "world time",
          { text: "seed", class: "num" },
          { text: "own size", class: "num" },
          { text: "inputs", class: "num" },
          "checkpoints",
          "lives",
          { text: "" },
        ],
        rows,
      ),
    );
    const names = worlds.map((it) => it.name);
    const kept = facts?.checkpoints ?? [];
    const offered = JSON.stringify([names, kept]);
    if (offered !== this.offered) this.showPickers(names, kept);
    this.offered = offered;
  }

  /** @param {Facts} it */
  row(it) {
    const mine = it.name === this.hub.world;
    const lives = [
      it.persistent ? "kept on disk" : "in memory",
      it.ttl && `unused for ${it.ttl} at most`,
      it.listen && `at ${it.listen}`,
      ...it.claims,
    ]
      .filter(Boolean)
      .join(", ");
    const name = it.name;
    return h(
      "tr",
      { class: mine ? "sel" : "" },
      h("td", h("a", { href: link("worlds", {}, name) }, h("b", name)), mine && h("span.vh", " shown")),
      h("td.mid", it.title ?? ""),
      h("td", h("span", { class: `tag ${it.clock.mode === "real" ? "dim" : "frozen"}` }, it.clock.mode)),
      h("td.mono.nowrap", `${dateOf(it.clock.now)} ${shortTime(it.clock.now)}`),
      h("td.num", it.seed),
      h("td.num.nowrap", size(it.own_bytes)),
      h("td.num", many(it.inputs)),
      h("td.mono", it.checkpoints.join(", ")),
      h("td.small.mid.nowrap", lives),
      h(
        "td",
        h(
          "span.btns",
          button(
            [icon("fork"), "Fork"],
            once(() => void this.fork(name)),
            plain(`Fork ${name}`),
          ),
          button("Export", () => void this.export(name), plain(`Export ${name}`)),
          sure("Reset", "Really reset?", () => void reset(this.hub, name), plain(`Reset ${name}`)),
          // The first world is always there.
          name !== "default" &&
            sure("Delete", "Really delete?", () => void this.remove(name).catch(complain), plain(`Delete ${name}`)),
        ),
      ),
    );
  }

  /** @param {string} name */
  async fork(name) {
    const forked = freeName(this.hub, name);
    try {
      await send("POST", inWorld(name, "fork"), { name: forked });
      await this.hub.lookAtFacts();
      toast(`${forked} begins where ${name} is. `, h("a", { href: link("exchanges", {}, forked) }, "Go there"));
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} name */
  async export(name) {
    try {
      const answer = await ask(inWorld(name, "export"));
      save(`${name}.db`, DATABASE, await answer.arrayBuffer());
      toast(`${name} is in a file. Its credentials are not masked.`);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} name */
  async remove(name) {
    await send("DELETE", inWorld(name));
    toast(`${name} is gone.`);
    if (name === this.hub.world) go(link("worlds", {}, "default"));
    else await this.hub.lookAtFacts();
  }

  /**
   * @param {string[]} names
   * @param {string[]} kept Checkpoints of the world that is shown.
   */
  showPickers(names, kept) {
    const other = names.find((it) => it !== this.hub.world);
    const chosen = [...this.pickers.querySelectorAll("select")].map((it) => it.value);
    /** @type {[string, string][]} */
    const states = [
      ["seed", `${this.hub.world} as it was made`],
      ...kept.map((it) => /** @type {[string, string]} */ ([`checkpoint:${it}`, `checkpoint ${it}`])),
      ...names.map((it) => /** @type {[string, string]} */ ([`world:${it}`, `world ${it}`])),
    ];
    // What somebody has chosen stays, if it is still there.
    const first = states.find(([it]) => it === chosen[0])?.[0] ?? (other ? `world:${other}` : "seed");
    const from = select(states, first, { "aria-label": "from" });
    const to = select(names, names.find((it) => it === chosen[1]) ?? this.hub.world, { "aria-label": "to" });
    const show = () => void compareInto(this.compared, to.value, from.value, from.selectedOptions[0]?.text ?? "before");
    fill(this.pickers, from, h("span", { "aria-hidden": "true" }, "→"), to, button("Compare", show));
  }

  maker() {
    const name = h("input.mono", { value: freeName(this.hub, "test"), required: true });
    const scenario = select([...BUILT_IN, ["", "from a file as JSON …"]], "demo");
    const file = h("input", { type: "file", accept: ".json,application/json" });
    const seed = h("input.mono", { inputmode: "numeric", placeholder: "the scenario's" });
    const ttl = h("input.mono", { placeholder: "never" });
    const error = h("p.err.bad.small", { role: "alert" });
    const where = h("code");
    let host = location.host;
    const show = () => {
      fill(where, `http://${host}/w/${name.value}/…`);
      fileField.hidden = scenario.value !== "";
    };
    const fileField = field("file", file);
    /** What is wrong with a field stands below it. */
    const ask = (/** @type {string} */ label, /** @type {HTMLInputElement} */ input) => {
      const wrong = h("span.err", { role: "alert", id: `e-new-${label.split(" ")[0]}` });
      input.setAttribute("aria-describedby", wrong.id);
      return field(label, input, wrong);
    };
    const form = h(
      "form.in.form",
      h("div.two", ask("name", name), field("scenario", scenario)),
      fileField,
      h("div.two", ask("seed", seed), ask("deleted when unused for", ttl)),
      error,
      h("div.btns", sender("Make it"), h("span.small.mid", "then ", where)),
    );
    name.addEventListener("input", show);
    scenario.addEventListener("change", show);
    show();
    void vendorList().then(
      ([first]) => {
        if (first) host = new URL(addressOf(first, "default", null)).host;
        show();
      },
      () => {},
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.make(name, scenario, file, seed, ttl, error);
    });
    const made = panel("New world", null, form);
    made.id = "new-world";
    return made;
  }

  /**
   * @param {HTMLInputElement} name
   * @param {HTMLSelectElement} scenario
   * @param {HTMLInputElement} file
   * @param {HTMLInputElement} seed
   * @param {HTMLInputElement} ttl
   * @param {HTMLElement} error
   */
  async make(name, scenario, file, seed, ttl, error) {
    error.textContent = "";
    const fields = { name, seed, ttl };
    for (const it of Object.values(fields)) wrong(it, "");
    try {
      const own = scenario.value ? undefined : await file.files?.[0]?.text();
      // What is no JSON is told here.
      if (own) JSON.parse(own);
      const written = own || JSON.stringify(scenario.value);
      const digits = /^\s*\d+\s*$/.test(seed.value) && BigInt(seed.value) <= SEED_MAX;
      // Put together as text, so that no digit is lost. What is no seed goes as it was typed: the program says
      // what it wants.
      const members = [
        `"name":${JSON.stringify(name.value)}`,
        `"scenario":${written}`,
        seed.value && `"seed":${digits ? BigInt(seed.value) : JSON.stringify(seed.value)}`,
        ttl.value && `"ttl":${JSON.stringify(ttl.value)}`,
      ];
      await send("POST", "/v1/worlds", `{${members.filter(Boolean).join()}}`);
      const made = name.value;
      await this.hub.lookAtFacts();
      name.value = freeName(this.hub, "test");
      toast(`${made} is there. `, h("a", { href: link("exchanges", {}, made) }, "Go there"));
    } catch (problem) {
      // Of a scenario, which mistakes it has, and where.
      const mistakes = problem instanceof Refused ? (problem.problem.mistakes ?? []) : [];
      const text = mistakes.map((it) => it.message).join("\n") || messageOf(problem);
      // The program's words begin with the field that they are about, and a name stands in quotes in them.
      const about = text.includes(JSON.stringify(name.value)) ? "name" : /^\w+/.exec(text)?.[0];
      const field = Object.entries(fields).find(([it]) => it === about)?.[1];
      if (field) wrong(field, text);
      else error.textContent = text;
    }
  }

  taker() {
    const file = h("input", { type: "file", accept: ".db", "aria-label": "An exported world" });
    const drop = h(
      "div.drop",
      h("p", "Drop an exported world here, or choose a file"),
      file,
      h("p.small", "SQLite, as export gives it. Credentials in it are not masked."),
    );
    const take = async (/** @type {FileList | null | undefined} */ all) => {
      // One behind the other: each has a name that those before it have not.
      for (const it of all ?? []) await this.import(it);
    };
    file.addEventListener("change", () => void take(file.files));
    // A file that is let go beside it would take the place of the page.
    const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    const { signal } = this.left;
    document.addEventListener("dragover", (event) => isFile(event) && event.preventDefault(), { signal });
    document.addEventListener(
      "drop",
      (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        void take(event.dataTransfer?.files);
      },
      { signal },
    );
    return panel("Import", null, h("div.in", drop));
  }

  /** @param {File} file */
  async import(file) {
    const wanted = file.name.toLowerCase().replace(/\.[^.]*$/, "");
    const stem = wanted.replaceAll(/[^a-z0-9_]+/g, "-").replaceAll(/^[-_]+|-+$/g, "") || "imported";
    const name = freeName(this.hub, stem, stem);
    try {
      await ask(inWorld(name, "import"), { method: "POST", headers: { "content-type": DATABASE }, body: file });
      await this.hub.lookAtFacts();
      toast(`${name} is there. `, h("a", { href: link("exchanges", {}, name) }, "Go there"));
    } catch (error) {
      complain(error);
    }
  }
}
