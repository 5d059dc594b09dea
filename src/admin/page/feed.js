// A long list with a window of rows in the document: stretches of it that are out of sight are empty
// boxes of the right height. New rows come at the end, so that nothing moves under the eyes.

import { h } from "./dom.js";
import { Folder } from "./fold.js";
import { keyOf, refold, row } from "./rows.js";
import { isOdd } from "./hub.js";
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
  /**
   * @param {(key: string) => void} open
   * @param {() => void} again Lists all anew, after a row of many was opened.
   * @param {Element[]} above What stands above the list and may change its height.
   */
  constructor(open, again, above) {
    this.again = again;
    /** @type {Set<string>} Rows of many that are opened. */
    this.unfolded = new Set();
    this.folder = new Folder(this.unfolded);
    this.box = h("div.xs", { role: "feed", "aria-label": "Exchanges, oldest first" });
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
      if (article?.classList.contains("fold")) this.unfold(article.dataset["key"] ?? "");
      else if (!article || target?.closest("a") || String(getSelection())) return;
      // As on a link, which the row's number is.
      else if (event.ctrlKey || event.metaKey) window.open(article.querySelector("a")?.href);
      else open(article.dataset["key"] ?? "");
    });
    this.box.addEventListener("focusin", (event) => {
      const article = event.target instanceof Element ? event.target.closest("article") : null;
      const key = article?.dataset["key"] ?? "";
      if (!key || key === this.cursor) return;
      this.cursor = key;
      this.mind();
    });
    this.onScroll = () => {
      const end = document.documentElement.scrollHeight - innerHeight - scrollY;
      if (scrollY < this.lastY - 2) this.setFollow(end < END_PX && this.follow);
      else if (end < END_PX && !this.follow) this.setFollow(true);
      this.lastY = scrollY;
    };
    this.lastY = 0;
    /** Where the list begins on the page; not known while it is hidden. */
    this.begins = NaN;
    this.sized = new ResizeObserver(() => this.sink());
    for (const it of [...above, this.box]) this.sized.observe(it);
    /** @param {boolean} _follows */
    this.followed = (_follows) => {};
    addEventListener("scroll", this.onScroll, { passive: true });
  }

  leave() {
    this.seer.disconnect();
    this.sized.disconnect();
    removeEventListener("scroll", this.onScroll);
  }

  /** Where something above has come or gone, such as a note, what is read stays where it is. */
  sink() {
    const begins = this.box.hidden ? NaN : this.box.getBoundingClientRect().top + scrollY;
    const moved = begins - this.begins;
    this.begins = begins;
    if (!moved) return;
    if (scrollY !== this.lastY) this.onScroll();
    if (scrollY) scrollBy(0, moved);
    this.lastY = scrollY;
    this.toEnd();
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

  /**
   * Changes rows in a way that moves nothing under the eyes: where the end is not followed, what is seen
   * first stays where it is. The browser's own anchoring lets go where a stretch changes its height.
   * @param {() => void} change
   * @param {HTMLElement | null} [row] What is held instead.
   */
  hold(change, row) {
    // Somebody may have scrolled whose event comes only after this.
    if (scrollY !== this.lastY) this.onScroll();
    const seen = this.follow ? undefined : (row ?? this.firstSeen());
    const top = seen?.getBoundingClientRect().top ?? 0;
    change();
    if (seen) {
      const key = seen.dataset["key"] ?? "";
      const now = seen.isConnected ? seen : this.reveal(key) && this.rowOf(key);
      if (now) scrollBy(0, now.getBoundingClientRect().top - top);
      this.lastY = scrollY;
    }
    this.toEnd();
  }

  /**
   * Puts a row into the document, where it is not.
   * @param {string} key
   */
  reveal(key) {
    const stretch = this.stretches.find((it) => it.entries.some((entry) => keyOf(entry) === key));
    if (stretch) this.fill(stretch);
    return stretch;
  }

  /**
   * @param {string} key
   * @returns {HTMLElement | null}
   */
  rowOf(key) {
    return this.box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  /**
   * Puts a row where it stood.
   * @param {string} key
   * @param {number} top
   */
  putAt(key, top) {
    if (!this.reveal(key)) return;
    this.setFollow(false);
    scrollBy(0, (this.rowOf(key)?.getBoundingClientRect().top ?? top) - top);
    this.lastY = scrollY;
  }

  /** The first row in sight, or its stretch where that is empty. */
  firstSeen() {
    const isSeen = (/** @type {Element} */ it) => it.getBoundingClientRect().bottom > 0;
    const stretch = this.stretches.find((it) => isSeen(it.box))?.box;
    return /** @type {HTMLElement | undefined} */ ([...(stretch?.children ?? [])].find(isSeen) ?? stretch);
  }

  /** @param {Entry[]} entries */
  set(entries) {
    this.seer.disconnect();
    this.of.clear();
    this.stretches = [];
    this.folder = new Folder(this.unfolded);
    this.box.replaceChildren();
    this.append(entries);
    // What is in sight is there at once, with what a short way up shows; the rest is filled as it comes near.
    const near = Math.ceil(innerHeight / (STRETCH_ROWS * ROW_PX)) + 1;
    for (const stretch of this.stretches.slice(-near)) this.fill(stretch);
    this.toEnd();
  }

  /** @param {Entry[]} entries */
  append(entries) {
    const counting = this.folder.row;
    let rest = this.folder.rows(entries);
    const last = this.stretches.at(-1);
    const grown = counting && last?.filled && last.box.querySelector(`[data-key="${counting.seq}"]`);
    if (grown) refold(grown, counting);
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
    const rows = new Folder(this.unfolded).rows(entries);
    this.hold(() => {
      for (let end = rows.length; end > 0; end -= STRETCH_ROWS) {
        const start = Math.max(0, end - STRETCH_ROWS);
        this.make(rows.slice(start, end), rows[start - 1], 0);
      }
    });
  }

  /**
   * @param {Entry[]} entries
   * @param {Entry | undefined} before
   * @param {number} at
   */
  make(entries, before, at) {
    /** @type {Stretch} */
    const stretch = { entries, before, box: h("div"), filled: false, seen: false };
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
    this.hold(() => {
      for (const { target, isIntersecting } of seen) {
        const stretch = this.of.get(target);
        if (!stretch) continue;
        if (isIntersecting) this.fill(stretch);
        else this.clear(stretch);
      }
    });
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

  /** Puts rows anew that are not what they were: a finding is about them now, or no longer. */
  renew() {
    const isOther = (/** @type {Entry} */ it, /** @type {Element | null} */ shown) =>
      shown && !it.folded && shown.classList.contains("odd") !== (isOdd(it) && !wasRefused(it));
    this.hold(() => {
      for (const stretch of this.stretches.filter((it) => it.filled)) {
        let before = stretch.before;
        for (const entry of stretch.entries) {
          const shown = this.rowOf(keyOf(entry));
          if (isOther(entry, shown)) shown?.replaceWith(row(entry, before, this.selected));
          before = entry;
        }
      }
    });
    this.mind();
  }

  /**
   * Takes the oldest rows away, whose entries are held no longer.
   * @param {Set<Entry>} gone
   */
  letGo(gone) {
    for (const row of this.all()) if (row.folded) row.folded = row.folded.filter((it) => !gone.has(it));
    const isGone = (/** @type {Entry} */ it) => (it.folded ? !it.folded.length : gone.has(it));
    this.hold(() => {
      for (let first = this.stretches[0]; first?.entries.every(isGone); first = this.stretches[0]) {
        this.seer.unobserve(first.box);
        this.of.delete(first.box);
        first.box.remove();
        this.stretches.shift();
      }
    });
  }

  /**
   * Shows each of a row of many.
   * @param {string} key
   */
  unfold(key) {
    this.unfolded.add(key);
    this.setFollow(false);
    const { top } = this.rowOf(key)?.getBoundingClientRect() ?? { top: 0 };
    this.again();
    this.show(key, true);
    const now = this.rowOf(key)?.getBoundingClientRect().top ?? top;
    if (top) scrollBy(0, now - top);
  }

  /** One row, with what is in it, is in the order of the tab key: where the keys are, what is open, or the last. */
  mind() {
    const rows = [...this.box.querySelectorAll("article")];
    const wanted = [this.cursor, this.selected];
    const one = rows.find((it) => wanted.includes(it.dataset["key"] ?? "")) ?? rows.at(-1);
    for (const it of rows) {
      it.tabIndex = it === one ? 0 : -1;
      for (const inner of it.querySelectorAll("a, button")) {
        if (!inner.closest(".seq")) /** @type {HTMLElement} */ (inner).tabIndex = it.tabIndex;
      }
    }
  }

  /** @param {string} key */
  select(key) {
    this.selected = key;
    for (const it of this.box.querySelectorAll("article")) {
      it.classList.toggle("sel", it.dataset["key"] === key);
    }
    this.mind();
  }

  /** @param {string} key */
  has(key) {
    return this.all().some((it) => keyOf(it) === key);
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
    const is = (/** @type {Entry} */ entry) => keyOf(entry) === key;
    const many = this.all().find((it) => it.folded?.some(is));
    if (many && (!is(many) || key === this.selected)) {
      this.unfolded.add(keyOf(many));
      this.again();
    }
    const stretch = this.reveal(key);
    if (!stretch) return false;
    const found = this.rowOf(key);
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
