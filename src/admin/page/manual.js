// The manual: its chapters, laid out. Their texts come from the program, in Markdown.

import { ask, get } from "./api.js";
import { changed, go, link, placeBefore } from "./address.js";
import { field, fill, h, reading, table, unread } from "./dom.js";
import { pausing } from "./later.js";
import { counted } from "./when.js";

/** @typedef {import("./types").Child} Child */

/** What begins and ends a block of code. */
const FENCE = "\u0060".repeat(3);

/** Where the chapters stand above the text, as the sheet has it. */
const NARROW = "(max-width: 1180px)";
/** So many places are listed that have what is searched for, and so much of each is shown. */
const FOUND_MAX = 50;
const EXCERPT_CHARS = 120;

/** What a chapter looks like. No other part needs it, so it does not come with the first answer. */
const SHEET = [
  ".chapter{display:grid;gap:var(--s3);max-width:80ch}",
  ".chapter>*{min-width:0}",
  ".chapter :is(h2,h3){margin-top:var(--s3);scroll-margin-top:calc(var(--bar) + var(--s3))}",
  ".chapter ul{list-style:disc}",
  ".chapter ol{list-style:decimal}",
  ".chapter li{margin-left:1em}",
  ".chapters a{display:block;padding:.2rem}",
  ".chapters [aria-current]{font-weight:600}",
  // Beside the text the chapters stay in sight, however long it is; above it they fold.
  "details.panel>summary{padding:.625rem var(--s4)}details.panel h2{display:inline}",
  `@media not all and ${NARROW}{details.panel{position:sticky;top:calc(var(--bar) + var(--s4));max-height:calc(100vh - var(--bar) - var(--s6));overflow-y:auto}}`,
].join("");

/** What stands within a line: code, a picture, a link, strong and stressed words. */
const WITHIN =
  /(\x60+)(.+?)\1(?!\x60)|!\[([^\]]*)\]\([^)]*\)|\[((?:\x60[^\x60]*\x60|[^\]\x60])*)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*/g;

/** The name by which a heading is led to. @param {string} text */
function anchorOf(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * A line with what stands within it.
 * @param {string} text
 * @param {string} chapter The chapter that it is of.
 * @returns {Child[]}
 */
function inline(text, chapter) {
  /** @type {Child[]} */
  const made = [];
  let after = 0;
  for (const found of text.matchAll(WITHIN)) {
    const [all, , code, picture, name, target = "", strong, stressed] = found;
    made.push(text.slice(after, found.index));
    after = found.index + all.length;
    if (code !== undefined) made.push(h("code", code.replaceAll("\\|", "|").replace(/^ (.*) $/, "$1")));
    else if (picture !== undefined) made.push(h("em", picture));
    else if (name !== undefined) made.push(led(inline(name, chapter), target, chapter));
    else if (strong !== undefined) made.push(h("strong", inline(strong, chapter)));
    else made.push(h("em", inline(stressed ?? "", chapter)));
  }
  made.push(text.slice(after).replaceAll("\\|", "|"));
  return made;
}

/**
 * A link, where what it leads to is here or has an address of its own; else the words alone.
 * @param {Child[]} words
 * @param {string} target
 * @param {string} chapter
 * @returns {Child}
 */
function led(words, target, chapter) {
  if (/^https?:/.test(target)) return h("a", { href: target }, words);
  const [, file, at = ""] = /^(?:[^#]*?([a-z\d-]+)\.md)?(?:#(.*))?$/.exec(target) ?? [];
  if (!file && !at) return h("span", words);
  return h("a", { href: link("manual", { chapter: file ?? chapter, at }) }, words);
}

/** @param {string} line */
function cellsOf(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((it) => it.trim());
}

/** What begins a block, and so ends a paragraph. @param {string} line */
function isBegun(line) {
  return /^(#{1,4} |\x60{3}|\||- |\d+\. |\s*$)/.test(line);
}

/**
 * The blocks of a chapter.
 * @param {string} text
 * @param {string} chapter
 * @returns {HTMLElement[]}
 */
function laidOut(text, chapter) {
  const lines = text.split("\n");
  /** @type {HTMLElement[]} */
  const made = [];
  let at = 0;
  let last = "";
  /** Takes lines as long as they are so. @param {(line: string) => boolean} is */
  const take = (is) => {
    const from = at;
    while (at < lines.length && is(lines[at] ?? "")) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,4}) (.*)$/.exec(line);
    if (heading) {
      const [, marks = "", words = ""] = heading;
      last = words;
      const tag = /** @type {"h2" | "h3" | "h4"} */ (`h${marks.length}`);
      // The chapter's own title stands above.
      if (marks.length > 1) made.push(h(tag, { id: `at-${anchorOf(words)}`, tabindex: -1 }, inline(words, chapter)));
      at += 1;
    } else if (line.startsWith(FENCE)) {
      at += 1;
      const code = take((it) => !it.startsWith(FENCE));
      at += 1;
      made.push(h("pre.raw", code.join("\n")));
    } else if (line.startsWith("|")) {
      const [head = "", , ...rows] = take((it) => it.startsWith("|"));
      const body = rows.map((row) =>
        h(
          "tr",
          cellsOf(row).map((it) => h("td.wrap", inline(it, chapter))),
        ),
      );
      const heads = cellsOf(head).map((it) => it.replaceAll("\u0060", ""));
      made.push(table(last, heads, body));
    } else if (/^(- |\d+\. )/.test(line)) {
      const items = take((it) => /^(- |\d+\. |\s+\S)/.test(it)).join("\n");
      const parts = items.split(/^(?:- |\d+\. )/m).slice(1);
      const list = parts.map((it) => h("li", inline(it.replace(/\s*\n\s*/g, " "), chapter)));
      made.push(line.startsWith("- ") ? h("ul", list) : h("ol", list));
    } else if (line.trim()) {
      at += 1;
      const words = [line, ...take((it) => !isBegun(it))].join(" ");
      made.push(h("p", inline(words, chapter)));
    } else at += 1;
  }
  return made;
}

/**
 * A chapter in pieces, each with the heading that it stands under.
 * @param {string} text
 */
function piecesOf(text) {
  let last = { heading: "", text: "" };
  const made = [last];
  let isCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith(FENCE)) isCode = !isCode;
    const heading = isCode ? null : /^##+ (.*)$/.exec(line);
    if (heading) made.push((last = { heading: heading[1] ?? "", text: "" }));
    else last.text += `${line}\n`;
  }
  return made;
}

/** A line without the signs of Markdown. @param {string} line */
function bare(line) {
  return line
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[\x60*|]|^#+ /g, "")
    .trim();
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(SHEET);
document.adoptedStyleSheets.push(sheet);

export class Manual {
  /**
   * @param {HTMLElement} root
   * @param {unknown} _hub
   * @param {URLSearchParams} params
   */
  constructor(root, _hub, params) {
    /** @type {{ name: string, title: string }[]} */
    this.chapters = [];
    /** @type {Map<string, Promise<string>>} The chapters that were read. */
    this.texts = new Map();
    this.title = h("h1", "Manual");
    this.text = h("div.in.chapter");
    this.contents = h("div.in");
    this.shown = "";
    this.query = params.get("q") ?? "";
    this.find = h("input", { type: "search", value: this.query });
    this.find.addEventListener(
      "input",
      pausing(() => go(changed({ q: this.find.value.trim() }), true)),
    );
    const first = async (/** @type {Event} */ event) => {
      event.preventDefault();
      go(changed({ q: this.find.value.trim() }), true);
      if (!this.query) return;
      await this.search(this.query);
      this.contents.querySelector("a")?.click();
    };
    this.box = h(
      "details.panel",
      { open: !matchMedia(NARROW).matches || this.query !== "" },
      h("summary", h("h2", "Chapters")),
      h("form.in", { role: "search", submit: first }, field("Search all of them", this.find)),
      this.contents,
    );
    fill(
      root,
      h(
        "div.wide",
        h("div.head", this.title),
        h("div.cols.pgrid", this.box, h("section.panel", { "aria-label": "The chapter" }, this.text)),
      ),
    );
    fill(this.contents, reading());
    this.begin();
    this.update(params);
  }

  begin() {
    get("/v1/manual").then(
      (told) => {
        this.chapters = told.chapters;
        this.list();
      },
      (error) => unread(error, () => this.begin(), this.contents),
    );
  }

  /** The contents, with the chapter that is shown, or what the search finds. */
  list() {
    const title = this.chapters.find((it) => it.name === this.shown)?.title;
    if (title) {
      this.title.textContent = title;
      document.title = `${title} · Manual · Ringback`;
    }
    if (this.query) return void this.search(this.query);
    const items = this.chapters.map(({ name, title }) => h("li", this.leading(title, name)));
    fill(this.contents, h("nav.chapters", { "aria-label": "Chapters" }, h("ol", items)));
  }

  /**
   * A link to a place in a chapter.
   * @param {Child} text
   * @param {string} chapter
   * @param {string} [at]
   */
  leading(text, chapter, at = "") {
    const isShown = chapter === this.shown && at === this.at;
    return h("a", { href: link("manual", { chapter, at, q: this.query }), "aria-current": isShown && "page" }, text);
  }

  /** @param {string} query */
  async search(query) {
    const words = query.toLowerCase().split(/\s+/);
    const has = (/** @type {string} */ text) => words.every((it) => text.toLowerCase().includes(it));
    const all = await Promise.all(this.chapters.map(({ name }) => this.textOf(name).catch(() => "")));
    if (query !== this.query) return;
    const found = this.chapters.flatMap(({ name, title }, at) =>
      piecesOf(all[at] ?? "").flatMap(({ heading, text }) => {
        const called = heading || title;
        if (!has(`${title} ${heading} ${text}`)) return [];
        const line = text.split("\n").find((it) => words.some((word) => it.toLowerCase().includes(word))) ?? "";
        return [{ name, title, heading, line: bare(line), rank: has(called) ? 0 : has(text) ? 1 : 2 }];
      }),
    );
    // What is called so comes first.
    found.sort((a, b) => a.rank - b.rank);
    const items = found.slice(0, FOUND_MAX).map(({ name, title, heading, line }) => {
      const called = heading ? [`${title}: `, bare(heading)] : title;
      return h(
        "li",
        this.leading(called, name, anchorOf(heading)),
        h("p.small.mid.wrap", line.slice(0, EXCERPT_CHARS)),
      );
    });
    const more = found.length > FOUND_MAX && `, of which these are the first ${FOUND_MAX}`;
    const told = found.length
      ? [counted(found.length, "place has", "places have"), ` “${query}”`, more]
      : [`Nothing in the manual has “${query}”`];
    fill(
      this.contents,
      h("p.small", { role: "status" }, told, "."),
      h("nav.chapters", { "aria-label": "Found" }, h("ol", items)),
    );
  }

  /** @param {URLSearchParams} params */
  update(params) {
    const chapter = params.get("chapter") || "page";
    this.at = params.get("at") ?? "";
    const query = params.get("q") ?? "";
    const isTyped = query !== this.query;
    const isOther = chapter !== this.shown;
    this.query = query;
    if (document.activeElement !== this.find) this.find.value = query;
    // Above the text they have led to it.
    if (!isTyped && this.shown && matchMedia(NARROW).matches) this.box.open = false;
    this.shown = chapter;
    if (this.chapters.length) this.list();
    if (isOther) {
      fill(this.text, reading());
      this.read(chapter);
    } else if (!isTyped) this.lead();
  }

  /** @param {string} chapter */
  textOf(chapter) {
    const known = this.texts.get(chapter);
    if (known) return known;
    const asked = ask(`/v1/manual/${encodeURIComponent(chapter)}`).then((answer) => answer.text());
    asked.catch(() => this.texts.delete(chapter));
    this.texts.set(chapter, asked);
    return asked;
  }

  /** @param {string} chapter */
  read(chapter) {
    this.textOf(chapter).then(
      (text) => {
        // Another may have been asked for meanwhile.
        if (chapter !== this.shown) return;
        fill(this.text, laidOut(text, chapter));
        this.lead();
      },
      (error) => chapter === this.shown && unread(error, () => this.read(chapter), this.text),
    );
  }

  /** To the heading that the address names, or the beginning; who goes back is led elsewhere. */
  lead() {
    if (placeBefore() !== null) return;
    const heading = document.getElementById(`at-${this.at}`);
    if (!heading) return scrollTo(0, 0);
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  }

  leave() {
    this.shown = "";
  }

  keys = {
    "/": () => {
      this.box.open = true;
      this.find.focus();
    },
    Escape: () => this.find.blur(),
  };
}
