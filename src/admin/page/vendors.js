// The part Vendors: a board per vendor from its tables, and its routes.

import { Turns, get, inWorld } from "./api.js";
import { changed, link } from "./address.js";
import { boardOf, lanes, plain } from "./boards.js";
import { keyOf, rowsOf } from "./compare.js";
import { button, complain, copier, copy, empty, fill, h, icon, panel, reading, table, unread } from "./dom.js";
import { eventForm } from "./events.js";
import { Later } from "./later.js";
import { quoted } from "./schema.js";
import { addressOf, firstLine, vendorList } from "./served.js";
import { counted, many } from "./when.js";
import { badge } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Vendor} Vendor */
/** @typedef {import("./types").Operation} Operation */

/** So many rows of a table are read for its board. */
const ROWS_MAX = 1000;
const LOOK_MS = 400;

export class Vendors {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.params = params;
    this.later = new Later(LOOK_MS, () => this.refresh());
    this.turns = new Turns();
    /** @type {Vendor[]} */
    this.vendors = [];
    /** @type {Record<string, Row[]>} */
    this.rows = {};
    /** @type {Map<string, string>} The lane in which each row was. */
    this.lanes = new Map();
    /** @type {Record<string, Set<string>>} The rows of each table that moved last. */
    this.moved = {};
    this.head = h("div.head");
    this.pick = h("nav.sub", { "aria-label": "Vendor" });
    this.board = h("div");
    this.routes = h("div");
    this.events = h("div");
    this.tables = h("div");
    const columns = [h("div", this.board, this.routes), h("div", this.events, this.tables)];
    fill(root, h("div.wide", this.head, this.pick, h("div.cols.vgrid", columns)));
    this.stops = [
      hub.on("newer", (entries) => {
        if (entries.some((it) => it.action || it.vendor === this.vendor?.name)) this.later.plan();
      }),
      hub.on("facts", () => hub.facts?.clock.mode !== "frozen" && this.later.plan()),
      hub.on("anew", () => this.later.plan()),
      hub.on("vendors", () => void this.relist().catch(() => {})),
    ];
    fill(this.board, reading());
    this.begin();
  }

  begin() {
    this.load().catch((error) => unread(error, () => this.begin(), this.board));
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.later.drop();
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.params = params;
    const { vendor } = this;
    if (!vendor) {
      this.begin();
      return;
    }
    this.choose();
    // Rows of a table that was not shown are as old as its vendor is shown.
    const read = vendor === this.vendor ? this.refresh() : this.showVendor();
    void read.catch(complain);
  }

  async load() {
    // Where this world is served and what time it is there is among what is known of it.
    [this.vendors] = await Promise.all([vendorList(), this.hub.known]);
    this.choose();
    await this.showVendor();
  }

  /** They may be served elsewhere, by a program that was started again. */
  async relist() {
    const before = JSON.stringify(this.vendors);
    if (JSON.stringify(await vendorList()) !== before) await this.load();
  }

  choose() {
    this.vendor = this.vendors.find((it) => it.name === this.params.get("vendor")) ?? this.vendors[0];
  }

  /** Reads the tables that are shown again. */
  async refresh() {
    const { vendor, rows } = this;
    if (!vendor) return;
    const isNew = this.turns.begin();
    const names = this.shownTables();
    const read = await Promise.all(names.map((name) => rowsOf(this.hub.world, vendor.name, name, ROWS_MAX)));
    if (rows !== this.rows || !isNew()) return;
    names.forEach((name, at) => (rows[name] = read[at] ?? []));
    this.showBoard();
    this.showTables();
    this.showCalled(vendor);
  }

  async showVendor() {
    const { vendor } = this;
    if (!vendor) return;
    this.rows = {};
    this.lanes = new Map();
    this.moved = {};
    const address = addressOf(vendor, this.hub.world, this.hub.facts);
    fill(
      this.head,
      h("h1", vendor.name),
      h("p", vendor.title),
      h("p.push.mid", "served at ", h("code", address), " ", copier(address)),
    );
    const links = this.vendors.map((it) =>
      h("a.btn", { href: link("vendors", { vendor: it.name }), "aria-current": it === vendor && "true" }, it.name),
    );
    fill(this.pick, links);
    this.showRoutes(vendor);
    fill(this.board, reading());
    const { rows } = this;
    const [{ events }] = await Promise.all([
      get(inWorld(this.hub.world, "events", vendor.name)),
      ...vendor.tables.map(async (name) => {
        const read = await rowsOf(this.hub.world, vendor.name, name, ROWS_MAX);
        // What is there by now was asked for later.
        rows[name] ??= read;
      }),
    ]);
    if (rows !== this.rows) return;
    this.showBoard();
    this.showTables();
    fill(this.events, events.length > 0 && eventForm(this.hub, vendor, events, this.rows));
    this.board.querySelector(".sel")?.scrollIntoView({ block: "nearest" });
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
    const panels = this.shownTables().map((name) => this.boardPanel(name));
    fill(this.board, panels);
  }

  /** How often each route was called, which grows while it is shown. @param {Vendor} vendor */
  showCalled(vendor) {
    /** @type {Record<string, number>} */
    const calls = {};
    for (const { vendor: of, operation } of this.hub.entries)
      if (of === vendor.name && operation) calls[operation] = (calls[operation] ?? 0) + 1;
    const places = this.routes.querySelectorAll("td.num a");
    vendor.operations.forEach(({ name }, at) => places[at]?.replaceChildren(many(calls[name] ?? 0)));
  }

  /**
   * Which rows of a table are in another lane than before; the last that moved stay marked.
   * @param {string} name
   * @param {string} lane
   */
  movedIn(name, lane) {
    /** @type {Set<string>} */
    const moved = new Set();
    for (const row of this.rows[name] ?? []) {
      const key = `${name} ${keyOf(row)}`;
      const now = String(row[lane] ?? "");
      const before = this.lanes.get(key);
      if (before !== undefined && before !== now) moved.add(keyOf(row));
      this.lanes.set(key, now);
    }
    if (moved.size) this.moved[name] = moved;
    return this.moved[name] ?? moved;
  }

  /** @param {string} name */
  boardPanel(name) {
    const rows = this.rows[name] ?? [];
    const board = boardOf(name, rows, this.vendor?.boards ?? []);
    const isAlone = this.params.get("table") === name;
    const chosen = isAlone ? (this.params.get("row") ?? "") : "";
    const view = (isAlone && this.params.get("view")) || (board.lane ? "lanes" : "table");
    const turn = (/** @type {string} */ it) =>
      h("a.btn", { href: changed({ table: name, view: it }), "aria-current": view === it && "true" }, it);
    const note = rows.length >= ROWS_MAX ? `the first ${many(rows.length)} rows` : counted(rows.length, "row");
    const isLanes = view === "lanes" && board.lane;
    const moved = board.lane ? this.movedIn(name, board.lane) : new Set();
    const { world, facts } = this.hub;
    const shown = !rows.length
      ? empty(
          `${name.replaceAll("_", " ")} has no rows`,
          "They come when a client sends something, when you let something happen, or as the clock moves on.",
          firstLine(this.vendors, world, facts, this.vendor?.name),
        )
      : isLanes
        ? lanes(rows, board, this.hub.now(), moved, this.rows, chosen)
        : plain(rows, board, this.rows, chosen);
    const title = board.title ?? name;
    const isNamed = title.toLowerCase() === name.replaceAll("_", " ");
    return panel(
      [title, " ", !isNamed && h("code.dim", name)],
      [
        h(
          "span.small.mid",
          note,
          isLanes && `, by ${board.lane}`,
          isLanes && moved.size > 0 && "; what moved is marked",
        ),
        h("span.push.btns", board.lane && [turn("lanes"), turn("table")]),
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
      const isChosen = chosen.includes(name);
      const href = changed({ table: name, view: "", row: "" });
      return h(
        "tr",
        { class: isChosen ? "sel" : "" },
        h("td", h("a.mono", { href, "aria-current": isChosen && "true" }, name)),
        h("td.num", count >= ROWS_MAX ? `${many(count)} and more` : many(count)),
      );
    });
    const isOne = Boolean(this.params.get("table"));
    const head = h("thead.vh", h("tr", h("th", "table"), h("th", "rows")));
    fill(
      this.tables,
      panel(
        "Tables",
        isOne && h("a.push.small", { href: changed({ table: "", view: "", row: "" }) }, "the boards again"),
        h("table", head, h("tbody", rows)),
      ),
    );
  }

  /** @param {Vendor} vendor */
  showRoutes(vendor) {
    const prefix = (vendor.paths[0] ?? "").replace(/\/$/, "");
    const rows = vendor.operations.map((it) => {
      const path =
        it.path.startsWith(`${prefix}/`) && it.path !== `${prefix}/` ? it.path.slice(prefix.length) : it.path;
      const line = () => void this.copyCurl(vendor, it).catch(complain);
      const copies = { class: "btn plain", "aria-label": `curl of ${it.name}` };
      return h(
        "tr",
        h("td.mono", it.method),
        h("td", h("b", it.name), h("br"), h("span.small.mid", it.text)),
        h("td.mono.wrap", path),
        h("td", badge(it.evidence, it.source, vendor.name)),
        h("td.num", h("a", { href: link("exchanges", { vendor: vendor.name, operation: it.name }) })),
        h("td", button([icon("copy"), "curl"], line, copies)),
      );
    });
    const heads = ["method", "operation", "path", "evidence", { text: "called", class: "num" }, { text: "" }];
    fill(
      this.routes,
      panel(
        "Routes",
        [
          h("span.small.mid", `${vendor.operations.length}, under `, h("code", prefix || "/")),
          h("a.push.small", { href: link("evidence", { vendor: vendor.name }) }, "what is known of each"),
        ],
        table("Routes", heads, rows),
      ),
    );
    this.showCalled(vendor);
  }

  /**
   * A line to paste: the newest that was answered, as it was sent; else one to fill in.
   * @param {Vendor} vendor
   * @param {Operation} operation
   */
  async copyCurl(vendor, operation) {
    const { world, entries, facts } = this.hub;
    const sent = entries.findLast(
      (it) => it.vendor === vendor.name && it.operation === operation.name && it.outcome === "ok",
    );
    if (sent) {
      const { curl } = await get(`${inWorld(world, "journal", sent.seq)}?as=curl`);
      await copy(curl, `Copied as entry ${sent.seq} sent it; credentials are masked in it.`);
      return;
    }
    const document = await get(`/openapi/${vendor.name}.json`);
    const [path = "", picks = ""] = operation.path.split(" ");
    const isJson = JSON.stringify(document.paths).includes('"application/json"');
    const [name, value] = picks.split("=");
    const body = picks && (isJson && name && value ? JSON.stringify({ [name]: value }) : picks);
    const base = new URL(addressOf(vendor, world, facts));
    const prefix = base.pathname.slice(0, base.pathname.length - new URL(vendor.url ?? base.href).pathname.length);
    const parts = [
      `curl -X ${operation.method}`,
      ...Object.values(document.components?.securitySchemes ?? {})
        .slice(0, 1)
        .map(credential),
      body && `-d ${quoted(body)}`,
      quoted(`${base.origin}${prefix}${path}`),
    ];
    await copy(parts.filter(Boolean).join(" "), "Copied; fill in what stands in braces.");
  }
}

/**
 * How a credential is sent, as an option of curl.
 * @param {{ type?: string, scheme?: string, in?: string, name?: string }} scheme
 */
function credential(scheme) {
  if (scheme.scheme === "bearer") return "-H 'Authorization: Bearer {token}'";
  if (scheme.in === "cookie") return `-H 'Cookie: ${scheme.name}={token}'`;
  return scheme.in === "header" ? `-H '${scheme.name}: {token}'` : "";
}
