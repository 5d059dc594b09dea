// A long list with a window of rows in the document: stretches of it that are out of sight are empty
// boxes of the right height. New rows come at the end, so that nothing moves under the eyes.

import { h } from "./dom.js";
import { keyOf, row } from "./rows.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {{ entries: Entry[], before: Entry | undefined, box: HTMLElement, filled: boolean, seen: boolean }} Stretch */

const STRETCH_ROWS = 40;
/** Heights that are guessed until a stretch was seen, in pixels. */
const ROW_PX = 31;
const REFUSED_PX = 140;
/** So close to the end counts as the end. */
const END_PX = 60;

export class Feed {
  /** @param {(key: string) => void} open */
  constructor(open) {
    this.box = h("div", { class: "xs", role: "feed", "aria-label": "Exchanges, oldest first", "aria-busy": "false" });
    /** @type {Stretch[]} */
    this.stretches = [];
    /** @type {Map<Element, Stretch>} */
    this.of = new Map();
    this.selected = "";
    /** The row that the keys are at. */
    this.cursor = "";
    this.follow = true;
    this.seer = new IntersectionObserver((seen) => this.see(seen), { rootMargin: "900px 0px" });
    this.box.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const article = target?.closest("article");
      if (!article || target?.closest("a") || String(getSelection())) return;
      open(article.dataset["key"] ?? "");
    });
    this.onScroll = () => {
      const end = document.documentElement.scrollHeight - innerHeight - scrollY;
      if (scrollY < this.lastY - 2) this.setFollow(end < END_PX && this.follow);
      else if (end < END_PX && !this.follow) this.setFollow(true);
      this.lastY = scrollY;
    };
    this.lastY = 0;
    /** @param {boolean} _follows */
    this.followed = (_follows) => {};
    addEventListener("scroll", this.onScroll, { passive: true });
  }

  leave() {
    this.seer.disconnect();
    removeEventListener("scroll", this.onScroll);
  }

  /** @param {boolean} follow */
  setFollow(follow) {
    if (this.follow === follow) return;
    this.follow = follow;
    this.followed(follow);
    if (follow) this.toEnd();
  }

  toEnd() {
    if (!this.follow) return;
    scrollTo(0, document.documentElement.scrollHeight);
    this.lastY = scrollY;
  }

  /** @param {Entry[]} entries */
  set(entries) {
    this.seer.disconnect();
    this.of.clear();
    this.stretches = [];
    this.box.replaceChildren();
    this.append(entries);
    for (const stretch of this.stretches.slice(-3)) this.fill(stretch);
    this.toEnd();
  }

  /** @param {Entry[]} entries */
  append(entries) {
    let rest = entries;
    const last = this.stretches.at(-1);
    if (last && last.entries.length < STRETCH_ROWS) {
      const more = rest.slice(0, STRETCH_ROWS - last.entries.length);
      rest = rest.slice(more.length);
      if (last.filled) {
        let before = last.entries.at(-1);
        for (const entry of more) {
          const made = row(entry, before, this.selected);
          made.classList.add("new");
          last.box.append(made);
          before = entry;
        }
      }
      last.entries.push(...more);
      if (!last.filled) this.guess(last);
    }
    for (; rest.length; rest = rest.slice(STRETCH_ROWS)) {
      this.make(rest.slice(0, STRETCH_ROWS), this.stretches.at(-1)?.entries.at(-1), this.stretches.length);
    }
    this.toEnd();
  }

  /** @param {Entry[]} entries Older than all that are there. */
  prepend(entries) {
    for (let end = entries.length; end > 0; end -= STRETCH_ROWS) {
      const start = Math.max(0, end - STRETCH_ROWS);
      this.make(entries.slice(start, end), entries[start - 1], 0);
    }
    this.toEnd();
  }

  /**
   * @param {Entry[]} entries
   * @param {Entry | undefined} before
   * @param {number} at
   */
  make(entries, before, at) {
    /** @type {Stretch} */
    const stretch = { entries, before, box: h("div", null), filled: false, seen: false };
    this.guess(stretch);
    this.box.insertBefore(stretch.box, this.stretches[at]?.box ?? null);
    this.stretches.splice(at, 0, stretch);
    this.of.set(stretch.box, stretch);
    this.seer.observe(stretch.box);
  }

  /** @param {Stretch} stretch */
  guess(stretch) {
    const px = stretch.entries.reduce((sum, it) => sum + (wasRefused(it) ? REFUSED_PX : ROW_PX), 0);
    stretch.box.style.height = `${px}px`;
  }

  /** @param {IntersectionObserverEntry[]} seen */
  see(seen) {
    for (const { target, isIntersecting } of seen) {
      const stretch = this.of.get(target);
      if (!stretch) continue;
      if (isIntersecting) this.fill(stretch);
      else this.clear(stretch);
    }
    this.toEnd();
  }

  /** @param {Stretch} stretch */
  fill(stretch) {
    if (stretch.filled) return;
    let before = stretch.before;
    const rows = stretch.entries.map((entry) => {
      const made = row(entry, before, this.selected);
      before = entry;
      return made;
    });
    stretch.box.replaceChildren(...rows);
    stretch.box.style.height = "";
    stretch.filled = true;
    this.mind();
  }

  /** @param {Stretch} stretch */
  clear(stretch) {
    if (!stretch.filled || stretch.box.contains(document.activeElement)) return;
    stretch.box.style.height = `${stretch.box.offsetHeight}px`;
    stretch.box.replaceChildren();
    stretch.filled = false;
  }

  /** One row is in the order of the tab key: where the keys are, what is open, or the last. */
  mind() {
    const rows = [...this.box.querySelectorAll("article")];
    const wanted = [this.cursor, this.selected];
    const one = rows.find((it) => wanted.includes(it.dataset["key"] ?? "")) ?? rows.at(-1);
    for (const it of rows) it.tabIndex = it === one ? 0 : -1;
  }

  /** @param {string} key */
  select(key) {
    this.selected = key;
    for (const it of this.box.querySelectorAll("article")) {
      it.classList.toggle("sel", it.dataset["key"] === key);
    }
    this.mind();
  }

  all() {
    return this.stretches.flatMap((it) => it.entries);
  }

  /**
   * Brings a row into view.
   * @param {string} key
   * @param {boolean} focus
   */
  show(key, focus) {
    const stretch = this.stretches.find((it) => it.entries.some((entry) => keyOf(entry) === key));
    if (!stretch) return false;
    this.fill(stretch);
    /** @type {HTMLElement | null} */
    const found = stretch.box.querySelector(`[data-key="${CSS.escape(key)}"]`);
    this.cursor = key;
    this.mind();
    if (this.all().at(-1) !== stretch.entries.at(-1)) this.setFollow(false);
    if (focus) found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "nearest" });
    return true;
  }

  /**
   * To the next or previous row.
   * @param {1 | -1} step
   * @param {(entry: Entry) => boolean} [wanted]
   */
  move(step, wanted = () => true) {
    const all = this.all();
    const focused = document.activeElement?.closest("article")?.dataset["key"];
    const from = focused || this.cursor || this.selected;
    const now = all.findIndex((entry) => keyOf(entry) === from);
    let at = now < 0 && step < 0 ? all.length - 1 : now + step;
    while (all[at] && !wanted(/** @type {Entry} */ (all[at]))) at += step;
    const next = all[at];
    if (next) this.show(keyOf(next), true);
    return next;
  }
}
