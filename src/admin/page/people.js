// The part People: a number typed in any form, and that person's way across all vendors.

import { Refused, Turns, get, inWorld } from "./api.js";
import { changed, go } from "./address.js";
import { empty, fill, h, messageOf, panel, reading, s, table, unread } from "./dom.js";
import { Later, pausing } from "./later.js";
import { clockTime, counted, dateOf, many, span, tickText, ticks } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Person} Person */
/** @typedef {import("./types").Step} Step */

const LISTED = 200;
/** How soon after something happened the way is asked for again. */
const LOOK_MS = 400;
const ROW_PX = 36;
const WIDTH = 1000;
const LEFT = 92;
/** Marks of steps keep so far apart. */
const SIDE_PX = 20;

export class People {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.turns = { people: new Turns(), way: new Turns() };
    this.phone = "";
    this.list = h("div");
    this.way = h("div");
    this.total = h("p", "The same person may be a contact, a call and a number, each written another way.");
    this.field = h("input.mono", {
      type: "search",
      id: "phone",
      placeholder: "030 2312 5449",
      input: pausing(() => this.typed()),
    });
    fill(
      root,
      h(
        "div.wide",
        h("div.head", h("h1", "People"), this.total),
        h(
          "div.cols.pgrid",
          h(
            "section.panel",
            { "aria-label": "Find" },
            h("div.in.field", h("label", { for: "phone" }, "A number in any form, or a name"), this.field),
            this.list,
          ),
          this.way,
        ),
      ),
    );
    /** @type {Person[] | null} Not known before they were read. */
    this.people = null;
    this.later = new Later(LOOK_MS, () => this.show());
    this.stops = [
      hub.on("newer", (entries) => {
        if (this.phone && entries.some((it) => it.effects.length || it.action)) this.later.plan();
      }),
      hub.on("anew", () => {
        this.begin();
        this.later.plan();
      }),
    ];
    this.begin();
    this.update(params);
  }

  begin() {
    this.load().catch((error) => unread(error, () => this.begin(), this.list));
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.later.drop();
  }

  async load() {
    const isNew = this.turns.people.begin();
    const page = await get(`${inWorld(this.hub.world, "people")}?limit=${LISTED}`);
    if (!isNew()) return;
    this.people = page.people;
    if (page.total)
      this.total.textContent = `${many(page.total)} people of this world. The same person may be a contact, a call and a number, each written another way.`;
    this.showList();
  }

  typed() {
    const text = this.field.value.trim();
    if (/\d{5}/.test(text)) go(changed({ phone: text }), true);
    else this.showList();
  }

  showList() {
    const text = this.field.value.trim().toLowerCase();
    const digits = text.replaceAll(/\D/g, "").replace(/^0+/, "");
    if (!this.people) return fill(this.list, reading());
    // Who was chosen in the list is marked in it, among the others.
    const isChosen = text === this.phone && this.people.some((it) => it.phone === this.phone);
    const found = this.people.filter((it) => {
      if (!text || isChosen) return true;
      const name = `${it.first_name} ${it.name} ${it.email}`.toLowerCase();
      return name.includes(text) || (digits.length > 2 && it.phone.includes(digits));
    });
    if (!this.people.length) {
      fill(
        this.list,
        empty(
          "No people are declared",
          "A number works all the same, whoever has it. A scenario has people by `people` or `crowd`.",
          "ringback generate people --count 100 --seed 1",
        ),
      );
      return;
    }
    const rows = found
      .slice(0, 60)
      .map((it) =>
        h(
          "tr",
          { class: it.phone === this.phone ? "sel" : "" },
          h(
            "td",
            h("a", { href: changed({ phone: it.phone }) }, h("b", `${it.first_name} ${it.name}`)),
            h("br"),
            h("span.mono.mid", it.phone),
          ),
        ),
      );
    fill(
      this.list,
      h(
        "div.tall",
        { tabindex: 0, role: "group", "aria-label": "Some of the people" },
        h("table", h("thead.vh", h("tr", h("th", "person"))), h("tbody", rows)),
      ),
      !rows.length && h("p.in.mid", `Nobody among the first ${LISTED}; type the number instead.`),
    );
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.phone = params.get("phone") ?? "";
    if (document.activeElement !== this.field) this.field.value = this.phone;
    this.showList();
    void this.show();
  }

  async show() {
    const { phone } = this;
    if (!phone) {
      fill(
        this.way,
        panel(
          "Nobody is chosen",
          null,
          h(
            "p.in.mid",
            "Type a number, or choose somebody. What all vendors know of that person stands here in order of time.",
          ),
        ),
      );
      return;
    }
    const isNew = this.turns.way.begin();
    try {
      const found = await get(inWorld(this.hub.world, "people", phone));
      if (phone === this.phone && isNew()) this.showWay(found.person, found.phone, found.steps);
    } catch (error) {
      if (phone !== this.phone || !isNew()) return;
      const isKnown = error instanceof Refused && error.status < 500;
      const head = isKnown ? "Nothing is known of this number" : "This number could not be looked up";
      fill(this.way, panel(phone, null, empty(head, messageOf(error))));
    }
  }

  /**
   * @param {Person | null} person
   * @param {string} phone
   * @param {Step[]} steps
   */
  showWay(person, phone, steps) {
    const name = person ? `${person.first_name} ${person.name}` : phone;
    const rows = steps.map((it, at) =>
      h(
        "tr",
        h("td.num.mono", at + 1),
        h("td.mono.nowrap", it.at ? `${dateOf(it.at)} ${clockTime(it.at)}` : "from the beginning"),
        h("td.mid", it.vendor),
        h("td", it.what),
        h("td.num.mono.dim.nowrap", since(it, steps[at - 1])),
      ),
    );
    fill(
      this.way,
      panel(
        name,
        person && [h("span.mono", person.phone), h("span.mono.mid", person.email)],
        steps.length
          ? [
              h("div.in", plot(steps)),
              table(
                `Steps of ${name}`,
                [
                  { text: "step", class: "num" },
                  "world time",
                  "vendor",
                  "what happened",
                  { text: "after", class: "num" },
                ],
                rows,
              ),
            ]
          : empty("No vendor has met this person yet", "Move the clock on, or send something with the number."),
      ),
    );
  }

  keys = { "/": () => this.field.focus() };
}

/**
 * How long after the step before.
 * @param {Step} step
 * @param {Step | undefined} before
 */
function since(step, before) {
  const ms = before?.at && step.at ? Date.parse(step.at) - Date.parse(before.at) : 0;
  return ms > 0 ? `+${span(ms)}` : "";
}

/**
 * The way on one line of time, a row for each vendor.
 * @param {Step[]} steps
 */
function plot(steps) {
  const times = steps.flatMap((it) => (it.at ? [Date.parse(it.at)] : []));
  if (!times.length) return null;
  const from = Math.min(...times);
  // What was there from the beginning stands at the left.
  const momentOf = (/** @type {Step} */ it) => (it.at ? Date.parse(it.at) : from);
  const to = Math.max(...times, from + 60_000);
  const vendors = [...new Set(steps.map((it) => it.vendor))];
  const x = (/** @type {number} */ at) => LEFT + 24 + ((at - from) / (to - from)) * (WIDTH - LEFT - 48);
  const y = (/** @type {string} */ vendor) => 34 + vendors.indexOf(vendor) * ROW_PX;
  const height = 34 + vendors.length * ROW_PX + 12;
  const axis = ticks(from, to, 8);
  // Steps of one moment stand beside each other.
  /** @type {Record<string, number>} */
  const last = {};
  const places = steps.map((it) => {
    const place = Math.max(x(momentOf(it)), (last[it.vendor] ?? -SIDE_PX) + SIDE_PX);
    last[it.vendor] = place;
    return Math.min(place, WIDTH - 10);
  });
  const points = steps.map((it, at) => `${places[at]?.toFixed(1)} ${y(it.vendor)}`);
  return s(
    "svg.way",
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: "img",
      "aria-label": `${counted(steps.length, "step")} on one line of time across ${counted(vendors.length, "vendor")}; the table below has them all.`,
    },
    vendors.map((it) => [
      s("text", { x: 0, y: y(it) + 4 }, it),
      s("line.ax", { x1: LEFT, x2: WIDTH, y1: y(it), y2: y(it) }),
    ]),
    axis.made.map((at) => [
      s("line.ax", { x1: x(at), x2: x(at), y1: 14, y2: height - 18 }),
      s("text.ax-t", { x: x(at), y: height - 2, "text-anchor": "middle" }, tickText(at, axis.step)),
    ]),
    s("path.path", { d: `M${points.join("L")}` }),
    steps.map((it, at) => [
      s("circle.st", { cx: places[at], cy: y(it.vendor), r: 9 }),
      s("text.stn", { x: places[at], y: y(it.vendor) + 3.5 }, at + 1),
    ]),
  );
}
