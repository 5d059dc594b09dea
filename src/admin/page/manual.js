// The manual: its chapters, laid out. Their texts come from the program, in Markdown.

import { ask, get } from "./api.js";
import { link } from "./address.js";
import { fill, h, panel, reading, table, unread } from "./dom.js";

/** @typedef {import("./types").Child} Child */

/** What begins and ends a block of code. */
const FENCE = "\u0060".repeat(3);

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
    this.title = h("h1", "Manual");
    this.text = h("div.in.chapter");
    this.contents = h("div.in");
    this.shown = "";
    fill(
      root,
      h(
        "div.wide",
        h("div.head", this.title),
        h("div.cols.two.tgrid", h("section.panel", this.text), panel("Chapters", null, this.contents)),
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

  /** The contents, with the chapter that is shown. */
  list() {
    const title = this.chapters.find((it) => it.name === this.shown)?.title;
    if (title) this.title.textContent = title;
    const items = this.chapters.map(({ name, title }) =>
      h(
        "li",
        h("a", { href: link("manual", { chapter: name }), "aria-current": name === this.shown && "page" }, title),
      ),
    );
    fill(this.contents, h("nav.chapters", { "aria-label": "Chapters" }, h("ol", items)));
  }

  /** @param {URLSearchParams} params */
  update(params) {
    const chapter = params.get("chapter") || "page";
    const at = params.get("at") ?? "";
    if (chapter === this.shown) return this.leadTo(at);
    this.shown = chapter;
    fill(this.text, reading());
    if (this.chapters.length) this.list();
    this.read(chapter, at);
  }

  /**
   * @param {string} chapter
   * @param {string} at
   */
  read(chapter, at) {
    ask(`/v1/manual/${encodeURIComponent(chapter)}`)
      .then((answer) => answer.text())
      .then(
        (text) => {
          // Another may have been asked for meanwhile.
          if (chapter !== this.shown) return;
          fill(this.text, laidOut(text, chapter));
          this.leadTo(at);
        },
        (error) => chapter === this.shown && unread(error, () => this.read(chapter, at), this.text),
      );
  }

  /** @param {string} at The name of a heading; the beginning where empty. */
  leadTo(at) {
    const heading = document.getElementById(`at-${at}`);
    if (!heading) return scrollTo(0, 0);
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  }

  leave() {
    this.shown = "";
  }
}
