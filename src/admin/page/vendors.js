// The part Vendors: a board per vendor from its tables, what can happen there, its routes.

import { get, inWorld, send } from "./api.js";
import { changed, link } from "./address.js";
import { boardOf, lanes, plain } from "./boards.js";
import { keyOf, rowsOf } from "./compare.js";
import { button, complain, copy, empty, fill, h, icon, panel, select, table, toast } from "./dom.js";
import { ask, mark, shown } from "./schema.js";
import { many } from "./when.js";
import { badge } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Vendor} Vendor */
/** @typedef {import("./types").VendorEvent} VendorEvent */

/** So many rows of a table are read for its board. */
const ROWS_MAX = 1000;
const LOOK_MS = 400;
/** Where the vendors are served, unless an exchange says otherwise. */
const LISTEN = "127.0.0.1:8080";

export class Vendors {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.params = params;
    this.planned = 0;
    /** @type {Vendor[]} */
    this.vendors = [];
    /** @type {Record<string, Row[]>} */
    this.rows = {};
    /** @type {Map<string, string>} */
    this.lanes = new Map();
    this.head = h("div", { class: "head" });
    this.pick = h("nav", { class: "sub", "aria-label": "Vendor" });
    this.board = h("div", null);
    this.routes = h("div", null);
    this.events = h("div", null);
    this.tables = h("div", null);
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        this.head,
        this.pick,
        h(
          "div",
          { class: "cols vgrid" },
          h("div", null, this.board, this.routes),
          h("div", null, this.events, this.tables),
        ),
      ),
    );
    this.stops = [
      hub.on("newer", (entries) => {
        if (entries.some((it) => it.action || it.vendor === this.vendor?.name)) this.plan();
      }),
    ];
    void this.load().catch(complain);
  }

  leave() {
    this.stops.forEach((stop) => stop());
    clearTimeout(this.planned);
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.params = params;
    const { vendor } = this;
    this.choose();
    if (vendor === this.vendor) this.showBoard();
    else void this.showVendor().catch(complain);
  }

  async load() {
    this.vendors = (await get("/v1/vendors")).vendors;
    this.choose();
    await this.showVendor();
  }

  choose() {
    this.vendor = this.vendors.find((it) => it.name === this.params.get("vendor")) ?? this.vendors[0];
  }

  plan() {
    if (this.planned) return;
    this.planned = window.setTimeout(() => {
      this.planned = 0;
      void this.refresh().catch(() => {});
    }, LOOK_MS);
  }

  /** Reads the tables that are shown again. */
  async refresh() {
    const { vendor } = this;
    if (!vendor) return;
    const names = this.shownTables();
    const read = await Promise.all(names.map((name) => rowsOf(this.hub.world, vendor.name, name, ROWS_MAX)));
    if (vendor !== this.vendor) return;
    names.forEach((name, at) => (this.rows[name] = read[at] ?? []));
    this.showBoard();
    this.showTables();
  }

  async showVendor() {
    const { vendor } = this;
    if (!vendor) return;
    this.rows = {};
    this.lanes = new Map();
    fill(this.head, h("h1", null, vendor.name), h("p", null, vendor.title));
    fill(
      this.pick,
      this.vendors.map((it) =>
        h(
          "a",
          { class: "btn", href: link("vendors", { vendor: it.name }), "aria-current": it === vendor && "true" },
          it.name,
        ),
      ),
    );
    this.showRoutes(vendor);
    fill(this.board, h("p", { class: "mid", role: "status" }, "Reading the tables …"));
    const [{ events }] = await Promise.all([
      get(inWorld(this.hub.world, "events", vendor.name)),
      ...vendor.tables.map(async (name) => {
        this.rows[name] = await rowsOf(this.hub.world, vendor.name, name, ROWS_MAX);
      }),
    ]);
    if (vendor !== this.vendor) return;
    this.showEvents(vendor, events);
    this.showBoard();
    this.showTables();
  }

  /** The table that was asked for; else all that have a board. */
  shownTables() {
    const asked = this.params.get("table");
    const { vendor } = this;
    if (!vendor) return [];
    if (asked && vendor.tables.includes(asked)) return [asked];
    const declared = (vendor.boards ?? []).map((it) => it.table);
    if (declared.length) return declared;
    // Of a vendor that declares none: a board of lanes by a state says most; then what has rows.
    const filled = vendor.tables.filter((it) => this.rows[it]?.length);
    const byState = filled.find((it) => ["state", "status"].includes(boardOf(it, this.rows[it] ?? [], []).lane ?? ""));
    const first = byState ?? filled[0] ?? vendor.tables[0];
    return first ? [first] : [];
  }

  showBoard() {
    if (!this.vendor) return;
    const scrolled = [...this.board.querySelectorAll(".board")].map((it) => it.scrollLeft);
    const focused = this.board.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    fill(
      this.board,
      this.shownTables().map((name) => this.boardPanel(name)),
    );
    this.board.querySelectorAll(".board").forEach((it, at) => (it.scrollLeft = scrolled[at] ?? 0));
    if (focused)
      /** @type {HTMLElement | null} */ (this.board.querySelector(`a[href="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {string} name */
  boardPanel(name) {
    const rows = this.rows[name] ?? [];
    const board = boardOf(name, rows, this.vendor?.boards ?? []);
    const isAlone = this.params.get("table") === name;
    const view = (isAlone && this.params.get("view")) || (board.lane ? "lanes" : "table");
    const turn = (/** @type {string} */ it) =>
      h("a", { class: "btn", href: changed({ table: name, view: it }), "aria-current": view === it && "true" }, it);
    const note = rows.length >= ROWS_MAX ? `the first ${many(rows.length)} rows` : `${many(rows.length)} rows`;
    const shown = !rows.length
      ? empty(`${name} has no rows`, "They come when a client sends something, or when you let something happen.")
      : view === "lanes" && board.lane
        ? lanes(rows, board, this.hub.now(), this.lanes, this.rows)
        : plain(rows, board, this.rows);
    if (board.lane) {
      for (const row of rows) this.lanes.set(`${name} ${keyOf(row)}`, String(row[board.lane] ?? ""));
    }
    return panel(
      [board.title ?? name, " ", h("code", { class: "dim" }, name)],
      [
        h(
          "span",
          { class: "small mid" },
          note,
          board.lane && view === "lanes" && `, by ${board.lane}; what moved is marked`,
        ),
        h("span", { class: "push btns" }, board.lane && [turn("lanes"), turn("table")]),
      ],
      shown,
    );
  }

  showTables() {
    const { vendor } = this;
    if (!vendor) return;
    const chosen = this.shownTables();
    const rows = vendor.tables.map((name) => {
      const count = this.rows[name]?.length ?? 0;
      return h(
        "tr",
        { class: chosen.includes(name) ? "sel" : "" },
        h(
          "td",
          null,
          h(
            "a",
            {
              class: "mono",
              href: changed({ table: name, view: "" }),
              "aria-current": chosen.includes(name) && "true",
            },
            name,
          ),
        ),
        h("td", { class: "num" }, count >= ROWS_MAX ? `${many(count)} and more` : many(count)),
      );
    });
    fill(
      this.tables,
      panel(
        "Tables",
        null,
        h(
          "table",
          null,
          h("thead", { class: "vh" }, h("tr", null, h("th", null, "table"), h("th", null, "rows"))),
          h("tbody", null, rows),
        ),
      ),
    );
  }

  address() {
    const said = this.hub.entries
      .findLast((it) => it.request && it.vendor)
      ?.request?.headers.find((it) => it[0] === "host")?.[1];
    const prefix = this.hub.world === "default" ? "" : `/w/${this.hub.world}`;
    return `http://${said ?? LISTEN}${prefix}`;
  }

  /** @param {Vendor} vendor */
  showRoutes(vendor) {
    const called = (/** @type {string} */ name) =>
      this.hub.entries.filter((it) => it.vendor === vendor.name && it.operation === name).length;
    const rows = vendor.operations.map((it) => {
      const [path = "", body = ""] = it.path.split(" ");
      const line = () => `curl -X ${it.method} ${body ? `-d '${body}' ` : ""}'${this.address()}${path}'`;
      return h(
        "tr",
        null,
        h("td", { class: "mono" }, it.method),
        h("td", null, h("b", null, it.name), h("br"), h("span", { class: "small mid" }, it.text)),
        h("td", { class: "mono wrap" }, it.path),
        h("td", null, badge(it.evidence, it.source)),
        h(
          "td",
          { class: "num" },
          h("a", { href: link("exchanges", { vendor: vendor.name, operation: it.name }) }, many(called(it.name))),
        ),
        h(
          "td",
          null,
          button([icon("copy"), "curl"], () => void copy(line(), "Copied; fill in what stands in braces."), {
            class: "btn plain",
            "aria-label": `curl of ${it.name}`,
          }),
        ),
      );
    });
    fill(
      this.routes,
      panel(
        "Routes",
        [
          h("span", { class: "small mid" }, `${vendor.operations.length} under ${vendor.paths.join(", ")}`),
          h("a", { class: "push small", href: link("evidence", { vendor: vendor.name }) }, "what is known of each"),
        ],
        table(
          "Routes",
          ["method", "operation", "path", "evidence", { text: "called", class: "num" }, { text: "" }],
          rows,
        ),
      ),
    );
  }

  /**
   * @param {Vendor} vendor
   * @param {VendorEvent[]} events
   */
  showEvents(vendor, events) {
    if (!events.length) {
      fill(this.events);
      return;
    }
    const pick = select(
      events.map((it) => /** @type {[string, string]} */ ([it.name, `${it.name}: ${it.text}`])),
      events[0]?.name ?? "",
      { "aria-label": "Event" },
    );
    const form = h("div", { class: "in form" });
    const show = () => {
      const event = events.find((it) => it.name === pick.value);
      if (event) this.showEvent(form, pick, vendor, event);
    };
    pick.addEventListener("change", show);
    show();
    fill(this.events, panel("Let something happen", null, form));
  }

  /**
   * @param {HTMLElement} place
   * @param {HTMLSelectElement} pick
   * @param {Vendor} vendor
   * @param {VendorEvent} event
   */
  showEvent(place, pick, vendor, event) {
    const fields = event.fields.map((it) => ask(it.name, { description: it.text }));
    const error = h("p", { class: "err bad small", role: "alert" });
    const path = inWorld(this.hub.world, "events", vendor.name, event.name);
    const values = () =>
      Object.fromEntries(fields.filter((it) => it.input.value !== "").map((it) => [it.name, it.input.value]));
    const form = h(
      "form",
      { class: "form" },
      fields.map(shown),
      error,
      h(
        "div",
        { class: "btns" },
        h("button", { class: "btn main" }, "Let it happen"),
        button(
          [icon("copy"), "curl"],
          () =>
            void copy(
              `curl -H content-type:application/json ${location.origin}${path} -d '${JSON.stringify(values())}'`,
            ),
          { class: "btn plain" },
        ),
      ),
    );
    form.addEventListener("submit", (submitted) => {
      submitted.preventDefault();
      error.textContent = mark(fields, null);
      sendTyped(path, values()).then(
        () => toast(`${event.name} happened.`),
        (problem) => {
          error.textContent = mark(fields, problem);
        },
      );
    });
    fill(
      place,
      h(
        "p",
        { class: "small mid" },
        "What happens outside the vendor's API. It goes through the same rules as the clock's own events.",
      ),
      pick,
      form,
    );
  }
}

/**
 * Sends what was typed; a field of which the program says that it wants a number or a truth is sent as one.
 * @param {string} path
 * @param {Record<string, string>} values
 */
async function sendTyped(path, values) {
  /** @type {Record<string, unknown>} */
  const typed = { ...values };
  try {
    return await send("POST", path, typed);
  } catch (problem) {
    const { mistakes = [] } = /** @type {any} */ (problem).problem ?? {};
    let moved = false;
    for (const { pointer, expected } of mistakes) {
      const name = String(pointer).slice(1);
      const text = values[name];
      if (text === undefined) continue;
      if (/integer|number/.test(expected) && /^-?\d+(\.\d+)?$/.test(text)) typed[name] = Number(text);
      else if (/true|false|bool/.test(expected) && /^(true|false)$/.test(text)) typed[name] = text === "true";
      else continue;
      moved = true;
    }
    if (!moved) throw problem;
    return send("POST", path, typed);
  }
}
