// The part Exchanges: requests as they arrive, with their reasons, and one of them in full.

import { get, inWorld, save, send, ask } from "./api.js";
import { NEWEST, changed, go, here, link, placeBefore } from "./address.js";
import { Choice } from "./choice.js";
import {
  add,
  button,
  byId,
  complain,
  empty,
  fill,
  h,
  icon,
  notCome,
  reading,
  select,
  setState,
  sure,
  toast,
} from "./dom.js";
import { Feed } from "./feed.js";
import { isOdd, isQuiet } from "./hub.js";
import { pausing } from "./later.js";
import { keyOf, sentence } from "./rows.js";
import { firstLine, vendorList } from "./served.js";
import { nearest, textOf, wasRefused } from "./words.js";
import { counted, many } from "./when.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Filter} Filter */
/** @typedef {import("./hub.js").Hub} Hub */

/** The live region speaks so often at the most. */
const SAY_MS = 5000;
/** Where the pane is a view of its own, as the sheet has it. */
const NARROW = "(max-width: 900px)";
/** What a filter can name. */
const NAMED = /** @type {const} */ (["vendor", "operation", "outcome"]);
/** What each of them is written before, behind a colon. */
const WORDS = ["vendor", "op", "operation", "outcome"];
/** What its outcome can be. */
const OUTCOMES = ["ok", "refused", "error", "faulted", "canned"];

/** @type {typeof import("./pane.js") | undefined} What shows an entry in full, once it is there. */
let shower;

/** It is asked for when a hand comes near: where the program goes away, what is listed can still be opened. */
async function bringShower() {
  shower ??= await import("./pane.js");
  return shower;
}

/**
 * The names that begin so; where one is called just so, that one.
 * @param {string} value
 * @param {string[]} names
 */
function begun(value, names) {
  return names.includes(value) ? [value] : names.filter((it) => it.startsWith(value.toLowerCase()));
}

/**
 * @param {URLSearchParams} params
 * @param {Record<typeof NAMED[number], string[]>} known What there is of each.
 * @returns {Filter}
 */
function filterOf(params, known) {
  const of = (/** @type {string} */ name) => params.get(name) ?? "";
  const filter = { q: of("q"), vendor: of("vendor"), operation: of("operation"), outcome: "", show: of("show") };
  // A filter can be typed as well: outcome:refused vendor:jtel op:import_contact.
  filter.q = filter.q
    .replaceAll(/(\w+):(\S+)/g, (whole, word, value) => {
      const name = word.toLowerCase();
      if (name === "vendor") filter.vendor = value;
      else if (name === "op" || name === "operation") filter.operation = value;
      else if (name === "outcome") filter.outcome = value;
      else return whole;
      return "";
    })
    .trim()
    .toLowerCase();
  // A beginning that is one's own is enough.
  for (const name of NAMED) {
    const [only, more] = filter[name] ? begun(filter[name], known[name]) : [];
    if (only && !more) filter[name] = only;
  }
  if (filter.show === "refused" && !filter.outcome) filter.outcome = "refused";
  return filter;
}

/**
 * @param {Entry} entry
 * @param {Filter} filter
 */
function fits(entry, filter) {
  if (filter.vendor && entry.vendor !== filter.vendor) return false;
  if (filter.operation && entry.operation !== filter.operation) return false;
  if (filter.show === "refused" && !wasRefused(entry)) return false;
  if (filter.outcome && filter.show !== "refused" && entry.outcome !== filter.outcome) return false;
  if (filter.show === "odd" && !isOdd(entry)) return false;
  if (filter.show === "happened" && !entry.action) return false;
  // Of an advance that fired nothing the distance to the next row tells.
  if (isQuiet(entry) && filter.show !== "happened") return false;
  return !filter.q || textOf(entry).includes(filter.q);
}

export class Exchanges {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    /** @type {import("./types").Vendor[] | undefined} */
    this.vendors = undefined;
    this.filter = filterOf(params, this.known());
    /** Why nothing can fit the filter, where the program says so. */
    this.unfit = "";
    this.paused = false;
    this.choice = new Choice();
    /** @type {Entry[]} */
    this.held = [];
    /** @type {Entry[]} Older entries that fit, of which not all are here yet. */
    this.picked = [];
    this.said = { news: 0, refused: 0, at: 0 };
    this.saying = 0;
    this.form = h("form.filters", {
      role: "search",
      "aria-label": "Filter",
      submit: (/** @type {Event} */ event) => event.preventDefault(),
    });
    this.evicted = h("p.x.sys.plain", { hidden: true });
    this.feed = new Feed(
      (key) => go(changed({ entry: key })),
      () => this.list(),
      [...document.querySelectorAll(".top"), this.form, this.evicted],
    );
    this.feed.followed = (follows) => this.follow.setAttribute("aria-pressed", String(follows));
    this.follow = button("Follow", () => this.feed.setFollow(!this.feed.follow), { "aria-pressed": "true" });
    for (const near of ["pointerover", "focusin"])
      this.feed.box.addEventListener(near, () => void bringShower().catch(() => {}), { once: true });
    this.none = h("div", { hidden: true });
    this.aside = h("aside.pane", { "aria-label": "The open entry" });
    this.split = h("div.split", h("div", this.evicted, this.feed.box, this.none), this.aside);
    fill(root, h("h1.vh", `Exchanges of ${hub.world}`), this.form, this.split);
    this.makeForm();
    this.stops = [
      hub.on("anew", () => {
        // What is open may be of another run.
        this.opened = undefined;
        this.relist();
        this.select(here().params);
        this.comeBack(placeBefore());
      }),
      hub.on("older", (entries) => {
        const known = new Set(this.picked);
        const more = entries.filter((it) => fits(it, this.filter) && !known.has(it));
        const isBefore = (more.at(-1)?.seq ?? 0) < (this.picked[0]?.seq ?? Infinity);
        if (isBefore) this.feed.prepend(more);
        else this.feed.hold(() => this.list());
        this.showCounts();
        this.comeBack(placeBefore());
      }),
      hub.on("newer", (entries) => this.take(entries)),
      hub.on("gone", (entries) => {
        const gone = new Set([...this.picked, ...entries]);
        this.picked = [];
        this.held = this.held.filter((it) => !gone.has(it));
        this.feed.letGo(gone);
        this.showCounts();
      }),
      hub.on("found", () => {
        this.feed.renew();
        this.showCounts();
      }),
      hub.on("facts", () => this.showEmpty()),
      hub.on("vendors", () => this.listVendors()),
    ];
    this.listVendors();
    this.relist();
    this.select(params);
    byId("paused-on").onclick = () => this.pause();
  }

  listVendors() {
    vendorList().then(
      (vendors) => {
        // An entry that somebody reads is not put anew for nothing.
        if (JSON.stringify(vendors) === JSON.stringify(this.vendors)) return;
        this.vendors = vendors;
        if (!this.refilter(here().params)) this.showForm();
        // What is open was shown without its ways to the vendor's rows.
        if (this.opened) this.open(this.opened);
      },
      () => {},
    );
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.feed.leave();
    this.choice.drop();
    clearTimeout(this.saying);
    setState("paused", false);
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.refilter(params);
    this.select(params);
  }

  /** @param {URLSearchParams} params */
  refilter(params) {
    const filter = filterOf(params, this.known());
    if (JSON.stringify(filter) === JSON.stringify(this.filter)) return false;
    this.filter = filter;
    this.relist();
    this.showForm();
    return true;
  }

  /** What a filter can name. */
  known() {
    /** @type {import("./types").Vendor[]} */
    const vendors = this.vendors ?? [];
    const operation = vendors.flatMap((it) => it.operations.map((op) => op.name));
    return { vendor: vendors.map((it) => it.name), operation, outcome: OUTCOMES };
  }

  /** Which row is read, where the end is not followed. */
  place() {
    const row = this.feed.follow ? undefined : this.feed.firstSeen();
    return row ? { key: row.dataset["key"], top: row.getBoundingClientRect().top } : {};
  }

  /** @param {import("./address.js").Place | null} place */
  comeBack(place) {
    if (place?.key) this.feed.putAt(place.key, place.top ?? 0);
  }

  list() {
    this.held = [];
    this.feed.set([...this.older(), ...this.hub.entries].filter((it) => fits(it, this.filter)));
    if (this.paused) this.showPaused();
    this.showCounts();
  }

  /** What was picked, until it is here by itself. */
  older() {
    const first = this.hub.first();
    return this.picked.filter((it) => it.seq < first);
  }

  /** Lists what fits, and asks for what does and is not here yet. */
  relist() {
    this.picked = [];
    this.unfit = "";
    this.list();
    const { filter } = this;
    const { vendor, operation, outcome } = filter;
    if (!this.feed.stretches.length && (vendor || operation || outcome))
      this.hub.unfit({ vendor, operation, outcome }).then((why) => {
        if (filter !== this.filter) return;
        this.unfit = why;
        this.showEmpty();
      });
    this.hub.pick({ vendor, operation, outcome }).then(
      (found) => {
        if (!found.length || filter !== this.filter) return;
        this.picked = found.filter((it) => fits(it, filter));
        this.feed.prepend(this.older());
        this.showCounts();
      },
      () => {},
    );
  }

  /** @param {Entry[]} entries */
  take(entries) {
    const fitting = entries.filter((it) => fits(it, this.filter));
    if (this.paused) {
      this.held.push(...fitting);
      this.showPaused();
    } else if (fitting.length) {
      this.feed.append(fitting);
    }
    this.showCounts();
    this.say(entries);
    const key = this.feed.selected;
    const opened = key && !this.opened && entries.find((it) => keyOf(it) === key);
    if (opened) this.open(opened);
  }

  /** @param {Entry[]} entries */
  say(entries) {
    this.said.news += entries.length;
    this.said.refused += entries.filter(wasRefused).length;
    if (this.saying) return;
    // The rest of a burst is said as well, if nothing more comes.
    const wait = Math.max(0, this.said.at + SAY_MS - Date.now());
    this.saying = window.setTimeout(() => {
      this.saying = 0;
      byId("said").textContent = `${many(this.said.news)} new, ${many(this.said.refused)} refused`;
      this.said = { news: 0, refused: 0, at: Date.now() };
    }, wait);
  }

  pause() {
    this.paused = !this.paused;
    setState("paused", this.paused);
    if (!this.paused) {
      this.feed.append(this.held);
      this.held = [];
    }
    this.showPaused();
  }

  showPaused() {
    const last = this.feed.all().at(-1)?.seq ?? 0;
    byId("paused-text").textContent =
      `Paused at entry ${last}. ${counted(this.held.length, "more entry has", "more entries have")} arrived; the list stands still until you go on.`;
  }

  /** @param {URLSearchParams} params */
  select(params) {
    const key = params.get("entry") ?? "";
    const before = this.feed.selected;
    this.feed.select(key);
    const turn = () => {
      this.split.classList.toggle("alone", !key);
      this.aside.classList.toggle("open", Boolean(key));
      this.aside.hidden = !key;
    };
    // While somebody reads an entry the list stands still.
    if (key) this.feed.setFollow(false);
    // Beside the pane the list is narrower, and its rows are higher: the one that was chosen stays where it is.
    if (!key === this.split.classList.contains("alone")) turn();
    else this.feed.hold(turn, this.feed.rowOf(key || before));
    if (key !== before) this.opened = undefined;
    if (!key) {
      fill(this.aside);
      if (before) this.feed.show(before, true);
      return;
    }
    this.feed.show(key, false);
    const entry = this.entry(key);
    // Somebody reads it, or copies out of it: it is not put anew.
    if (entry && entry === this.opened) return;
    if (entry) this.open(entry);
    else void this.fetch(key);
  }

  /** @param {string} key */
  entry(key) {
    const is = (/** @type {Entry} */ it) => keyOf(it) === key;
    return this.hub.entries.find(is) ?? this.picked.find(is);
  }

  /** @param {string} key */
  async fetch(key) {
    const isAsked = () => key === this.feed.selected && !this.opened;
    try {
      if (key.startsWith("s")) throw new Error("There is no such request that nobody took: not yet, or no longer.");
      const entry = await get(inWorld(this.hub.world, "journal", key));
      if (isAsked()) this.open(entry);
    } catch (error) {
      if (!isAsked()) return;
      fill(
        this.aside,
        empty(`Entry ${key}`, error instanceof Error ? error.message : ""),
        h("p.in", h("a.btn", { href: changed({ entry: null }) }, "Close ", h("kbd", "Esc"))),
      );
    }
  }

  /** @param {Entry} entry */
  open(entry) {
    this.opened = entry;
    if (!shower) {
      fill(this.aside, reading());
      bringShower().then(
        // Another may have been chosen meanwhile, or none.
        () => this.opened === entry && this.open(entry),
        () => this.opened === entry && fill(this.aside, notCome(`Entry ${keyOf(entry)}`)),
      );
      return;
    }
    fill(this.aside, shower.pane(entry, this.vendors ?? []));
    if (matchMedia(NARROW).matches) /** @type {HTMLElement | null} */ (this.aside.firstElementChild)?.focus();
  }

  makeForm() {
    this.query = h("input", {
      id: "q",
      type: "search",
      placeholder: "text, vendor:, op:, outcome:",
      input: pausing(() => go(changed({ q: this.query?.value ?? "" }), true)),
    });
    this.vendor = h("span");
    this.shown = h("div.btns", { role: "group", "aria-label": "Outcome" });
    fill(
      this.form,
      h("div.find", h("label.vh", { for: "q" }, "Filter by text, outcome:, vendor:, op:"), this.query, h("kbd", "/")),
      this.vendor,
      this.shown,
      h("span.push"),
      h("a.btn", { href: link("time", { since: NEWEST }) }, "What changed"),
      this.follow,
      button("HAR", () => void this.archive(), { class: "btn plain", "aria-label": "Save as HAR" }),
      sure("Forget all", "Really forget all?", () => this.forget(), { class: "btn plain" }),
    );
    this.showForm();
  }

  showForm() {
    const params = here().params;
    if (this.query && document.activeElement !== this.query) this.query.value = params.get("q") ?? "";
    const { vendor: chosen } = this.filter;
    const all = this.vendors ?? [];
    const vendors = all.map((it) => it.name);
    const ofChosen = all.filter((it) => !chosen || it.name === chosen);
    const operations = [...new Set(ofChosen.flatMap((it) => it.operations.map((op) => op.name)))].sort();
    /** @type {(names: string[], chosen: string, all: string) => [string, string][]} */
    const options = (names, chosen, all) => [
      ["", all],
      ...[...new Set([...names, chosen])].filter(Boolean).map((it) => /** @type {[string, string]} */ ([it, it])),
    ];
    // What the keys are at is not put anew before it is acted on.
    if (!this.vendor || this.choice.waits) return;
    const { vendor, operation } = this.filter;
    const byVendor = select(options(vendors, vendor, "all vendors"), vendor, { "aria-label": "Vendor" });
    const byOperation = select(options(operations, operation, "all operations"), operation, {
      "aria-label": "Operation",
    });
    this.choice.of(byVendor, (value) => go(changed({ vendor: value, operation: "" })));
    this.choice.of(byOperation, (value) => go(changed({ operation: value })));
    fill(this.vendor, byVendor, " ", byOperation);
    this.showCounts();
  }

  showCounts() {
    const { counts, entries } = this.hub;
    const all = entries.length - counts.quiet;
    /** @type {[string, string, string, number][]} */
    const shown = [
      ["", "", "all", all],
      ["refused", "no", "refused", counts.refused],
      ["odd", "warn", "odd", counts.odd],
      ["happened", "clock", "events and clock", counts.happened],
    ];
    const buttons = this.shown?.querySelectorAll("button") ?? [];
    if (buttons.length !== shown.length && this.shown) {
      fill(
        this.shown,
        shown.map(([show, sign, text]) =>
          button([sign && icon(sign), text, " ", h("span")], () => go(changed({ show })), { "data-show": show }),
        ),
      );
    }
    shown.forEach(([show, , , count], at) => {
      const it = this.shown?.querySelectorAll("button")[at];
      it?.setAttribute("aria-pressed", String(this.filter.show === show));
      const number = it?.querySelector("span");
      if (number) number.textContent = many(count);
    });
    const { evicted } = this.hub;
    this.evicted.hidden = !evicted;
    this.evicted.textContent = `Entries 1 to ${many(evicted)} went to make room.`;
    this.showEmpty();
  }

  showEmpty() {
    const shown = this.feed.stretches.length > 0;
    // Requests that nobody took are of no world: below them it still says how one comes to this one.
    const isUsed = this.hub.entries.some((it) => !it.stray);
    this.none.hidden = shown && isUsed;
    this.feed.box.hidden = !shown;
    if (this.none.hidden) return;
    if (!this.hub.run) return fill(this.none, reading());
    if (isUsed) {
      fill(this.none, empty("No entry fits the filter", this.advice()));
      add(
        this.none.firstElementChild ?? this.none,
        h("a.btn", { href: changed({ q: "", vendor: "", operation: "", show: "" }) }, "Show all"),
      );
    } else {
      const { world, facts } = this.hub;
      const line = firstLine(this.vendors ?? [], world, facts, this.filter.vendor || undefined);
      if (this.none.querySelector("code")?.textContent === line) return;
      fill(
        this.none,
        empty(
          "Nothing has been sent to this world",
          "Point your client here in place of the vendor's own host, or paste this line: it appears at once. Each vendor's address and paths stand in Vendors.",
          line,
        ),
      );
    }
  }

  /** What to do where nothing fits. */
  advice() {
    const { filter, unfit } = this;
    const known = this.known();
    const word = /(?:^|\s)([a-z]+):\S/.exec(filter.q)?.[1];
    if (!unfit && word) {
      const near = nearest(word, WORDS);
      const meant = near ? `Did you mean \`${near}:\`?` : "Words of the filter are `vendor:`, `op:`, `outcome:`.";
      return `\`${word}:\` is looked for as text. ${meant}`;
    }
    if (!unfit) return "Take a part of it away, or wait: what arrives is looked at.";
    for (const name of NAMED) {
      const many = begun(filter[name], known[name]);
      if (filter[name] && many.length > 1)
        return `\`${filter[name]}\` begins more than one ${name}: ${many.join(", ")}.`;
    }
    return sentence(unfit.replace(/; expected .*(?=; did you)/, "").replace(/\w$/, "$&."));
  }

  async archive() {
    try {
      const answer = await ask(inWorld(this.hub.world, "journal.har"));
      save(`${this.hub.world}.har`, "application/json", await answer.text());
    } catch (error) {
      complain(error);
    }
  }

  forget() {
    send("DELETE", inWorld(this.hub.world, "journal")).then(() => void this.hub.stream.tell({ anew: true }), complain);
  }

  /** The entry that a key is about: what has the focus, or what is open. */
  current() {
    const focused = document.activeElement?.closest("article")?.dataset["key"];
    // A row that the keys were at may have gone with a filter.
    const key = focused || here().params.get("entry") || (this.feed.has(this.feed.cursor) && this.feed.cursor);
    return key ? (this.entry(key) ?? this.opened) : undefined;
  }

  /** @param {(shower: typeof import("./pane.js"), entry: Entry) => void} action */
  withCurrent(action) {
    const entry = this.current();
    if (!entry) return toast("No line is chosen: j and k go through them.");
    if (entry.stray) return toast("Nobody took this request: no world has it to copy or to break.");
    if (!entry.request) return toast("This is no request: there is nothing to copy or to break.");
    bringShower().then((it) => action(it, entry), complain);
  }

  /** @type {Record<string, () => void>} */
  keys = {
    j: () => void this.feed.move(1),
    k: () => void this.feed.move(-1),
    J: () => void this.feed.move(1, wasRefused),
    K: () => void this.feed.move(-1, wasRefused),
    Enter: () => {
      const key = this.feed.cursor;
      if (key) go(changed({ entry: key }));
    },
    Escape: () => {
      if (document.activeElement === this.query) this.query?.blur();
      else if (here().params.get("entry")) go(changed({ entry: null }));
    },
    "/": () => this.query?.focus(),
    c: () => this.withCurrent((it, entry) => void it.copyCurl(entry)),
    s: () => this.withCurrent((it, entry) => void it.copyStep(entry)),
    n: () => this.withCurrent((it, entry) => void it.copyCondition(entry)),
    b: () => this.withCurrent((it, entry) => go(it.faultLink(entry))),
    x: () => this.pause(),
  };
}
