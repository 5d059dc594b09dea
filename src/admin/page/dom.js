// Elements from data. All text goes in as text: there is no way here to put markup in.

/** @typedef {import("./types").Child} Child */

const SVG = "http://www.w3.org/2000/svg";
/** So long a question of a button stands. */
const SURE_MS = 4000;
/** What can be scrolled by itself, and is known by its label. */
const SCROLLED = ".board, .pane, .scroll, .stay, .tall";

/**
 * @param {Element} element
 * @param {Record<string, unknown>} attributes
 */
function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") {
      element.addEventListener(name, /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/** What changes the order in which a line is read, or is not seen at all. */
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text as it is: with signs in the place of what would only do something to the line.
 * @param {string} text
 */
function visible(text) {
  return text.replace(UNSEEN, (it) => `\\u{${it.charCodeAt(0).toString(16)}}`);
}

/**
 * @param {Element | DocumentFragment} parent
 * @param {import("./types").Inside[]} children
 */
export function add(parent, ...children) {
  for (const child of children) {
    if (Array.isArray(child)) add(parent, ...child);
    else if (child instanceof Node) parent.append(child);
    else if (typeof child === "string" || typeof child === "number") parent.append(visible(String(child)));
  }
}

/**
 * @param {Element} element
 * @param {string[]} classes
 * @param {import("./types").Inside[]} inside
 */
function furnish(element, classes, inside) {
  if (classes.length) element.setAttribute("class", classes.join(" "));
  const [first, ...rest] = inside;
  const isDress = first !== null && typeof first === "object" && !Array.isArray(first) && !(first instanceof Node);
  if (isDress) dress(element, first);
  add(element, ...(isDress ? rest : inside));
}

/**
 * An element of HTML: a tag, with its classes behind dots; attributes, where there are any; children. A
 * function among the attributes is a listener of that event.
 * @template {string} T
 * @param {T} tag
 * @param {...import("./types").Inside} inside
 * @returns {import("./types").Made<T, HTMLElementTagNameMap>}
 */
export function h(tag, ...inside) {
  const [name = "", ...classes] = tag.split(".");
  const element = document.createElement(name);
  furnish(element, classes, inside);
  return /** @type {any} */ (element);
}

/**
 * An element of SVG, as one of HTML is made.
 * @template {string} T
 * @param {T} tag
 * @param {...import("./types").Inside} inside
 * @returns {import("./types").Made<T, SVGElementTagNameMap>}
 */
export function s(tag, ...inside) {
  const [name = "", ...classes] = tag.split(".");
  const element = document.createElementNS(SVG, name);
  furnish(element, classes, inside);
  return /** @type {any} */ (element);
}

/**
 * An icon of the sprite. With a label it says something; without, it is left out by screen readers.
 * @param {string} name
 * @param {string} [label]
 */
export function icon(name, label) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return s("svg.i", { ...said }, s("use", { href: `#i-${name}` }));
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/**
 * An element as it was made anew: by what it was known by, or by its text.
 * @param {Element} place
 * @param {Element} before
 * @returns {HTMLElement | undefined}
 */
function anew(place, before) {
  const known = knownBy(before);
  /** @type {NodeListOf<HTMLElement>} */
  const all = place.querySelectorAll(known || before.localName);
  return known ? all[0] : [...all].find((it) => it.textContent === before.textContent);
}

/**
 * What an element is known by.
 * @param {Element} element
 */
function knownBy(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const { localName } = element;
  const is = (/** @type {string} */ name) => {
    const value = element.getAttribute(name);
    return value === null ? "" : `[${name}="${CSS.escape(value)}"]`;
  };
  const marks = ["data-key", "data-at", "href", "name", "value", "aria-label"].map(is).join("");
  return marks ? localName + marks : "";
}

/** @typedef {Map<string | null, { left: number, top: number }>} Scrolled How far what is in an element is scrolled. */

/**
 * @param {Element} element
 * @returns {Scrolled}
 */
export function scrolledIn(element) {
  const all = [...element.querySelectorAll(SCROLLED)].filter((it) => it.scrollLeft || it.scrollTop);
  return new Map(all.map((it) => [it.ariaLabel, { left: it.scrollLeft, top: it.scrollTop }]));
}

/**
 * @param {Element} element
 * @param {Scrolled} kept
 */
export function scrollAgain(element, kept) {
  if (kept.size) for (const it of element.querySelectorAll(SCROLLED)) it.scrollTo(kept.get(it.ariaLabel) ?? {});
}

/**
 * Puts children in the place of what an element has. What has the focus keeps it, made anew, and what was
 * scrolled stays so.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  const focused = document.activeElement;
  const isInside = focused !== null && focused !== element && element.contains(focused);
  const kept = scrolledIn(element);
  element.replaceChildren();
  add(element, ...children);
  scrollAgain(element, kept);
  if (!isInside) return;
  const again = anew(element, focused);
  // What is gone leaves the focus where it was, as far as there is a place.
  const near = /** @type {HTMLElement | null} */ (again ?? element.closest("section, main"));
  if (near && !again) near.tabIndex = -1;
  near?.focus({ preventScroll: true });
}

/**
 * Says of the whole page that something is so: its looks stand in the sheet.
 * @param {"gone" | "paused" | "token" | "advancing"} state
 * @param {boolean} is
 */
export function setState(state, is) {
  document.body.classList.toggle(`is-${state}`, is);
}

/**
 * Whether somebody is at a control in here, so that what is here must not be put anew just now: it asks whether
 * that is meant, or it is pressed and not yet let go.
 * @param {Element} place
 */
export function isAtWork(place) {
  return place.querySelector("[data-sure], :active") !== null;
}

/**
 * A button that asks once, in its place, before it does what cannot be undone.
 * @param {Child} text
 * @param {string} question
 * @param {() => unknown} action
 * @param {Record<string, unknown>} [attributes]
 */
export function sure(text, question, action, attributes = {}) {
  let asked = 0;
  const name = attributes["aria-label"];
  const calm = () => {
    clearTimeout(asked);
    asked = 0;
    delete made.dataset["sure"];
    if (name) made.ariaLabel = String(name);
    fill(made, text);
  };
  const made = button(
    text,
    (event) => {
      if (asked) {
        // A double click has asked, and answers nothing.
        if (event.detail > 1) return;
        calm();
        action();
        return;
      }
      made.dataset["sure"] = "";
      if (name) made.ariaLabel = `${question} ${name}`;
      byId("said").textContent = question;
      fill(made, question);
      asked = window.setTimeout(calm, SURE_MS);
    },
    attributes,
  );
  return made;
}

/**
 * A panel with its heading.
 * @param {Child} title
 * @param {Child} beside What stands beside the heading.
 * @param {...Child} children
 */
export function panel(title, beside, ...children) {
  const id = `h-${++panel.count}`;
  const head = h("header", h("h2", { id }, title), beside);
  return h("section.panel", { "aria-labelledby": id }, head, ...children);
}
panel.count = 0;

/**
 * A button that does something.
 * @param {Child} text
 * @param {(event: MouseEvent) => void} click
 * @param {Record<string, unknown>} [attributes]
 */
export function button(text, click, attributes = {}) {
  return h("button", { type: "button", class: "btn", click, ...attributes }, text);
}

/**
 * Does something once where a button is clicked twice.
 * @param {() => void} action
 * @returns {(event: MouseEvent) => void}
 */
export function once(action) {
  return (event) => event.detail > 1 || action();
}

/** The button that sends a form, once where it is clicked twice. @param {string} text */
export function sender(text) {
  return h(
    "button.btn.main",
    { click: (/** @type {MouseEvent} */ event) => event.detail > 1 && event.preventDefault() },
    text,
  );
}

/**
 * A field with its label.
 * @param {string} label
 * @param {HTMLElement} input
 * @param {Child} [note]
 */
export function field(label, input, note) {
  const id = input.id || `f-${++panel.count}`;
  input.id = id;
  return h("div.field", h("label", { for: id }, label), input, note);
}

/**
 * A choice among texts.
 * @param {(string | [string, string])[]} options Values, or values with what is shown.
 * @param {string} chosen
 * @param {Record<string, unknown>} [attributes]
 */
export function select(options, chosen, attributes = {}) {
  const made = options.map((option) => {
    const [value, shown] = typeof option === "string" ? [option, option] : option;
    return h("option", { value, selected: value === chosen }, shown);
  });
  return h("select", attributes, made);
}

/**
 * A table that can be scrolled sideways.
 * @param {string} label
 * @param {(string | { text: string, class?: string })[]} heads
 * @param {HTMLTableRowElement[]} rows
 */
export function table(label, heads, rows) {
  const head = heads.map((it) => {
    const { text, ...rest } = typeof it === "string" ? { text: it } : it;
    return text ? h("th", { scope: "col", ...rest }, text) : h("td", rest);
  });
  return h(
    "div.scroll",
    { tabindex: 0, role: "group", "aria-label": label },
    h("table", h("thead", h("tr", head)), h("tbody", rows)),
  );
}

/** What stands where nothing is known yet: of nothing it is not said that there is none. */
export function reading() {
  return h("p.in.mid.reading", { role: "status" }, "Reading …");
}

/**
 * Says why something could not be read: where it would stand, with a way to try again; else, where something
 * stands already, in passing.
 * @param {unknown} error
 * @param {() => void} again
 * @param {...Element} places
 */
export function unread(error, again, ...places) {
  const waiting = places.filter((it) => it.querySelector(".reading"));
  if (!waiting.length) return complain(error);
  for (const [at, place] of waiting.entries()) {
    const isFirst = at === 0;
    const made = h("p.in.bad.reading", { role: isFirst && "alert" }, icon("warn"), " ", messageOf(error), " ");
    if (isFirst) made.append(button("Try again", again, { class: "btn plain" }));
    fill(place, made);
  }
}

/**
 * What stands where there is nothing: what is so, what to do, a line to paste.
 * @param {string} title
 * @param {Child} text
 * @param {string} [line]
 */
export function empty(title, text, line) {
  return h(
    "div.empty",
    h("h2", title),
    h("p", typeof text === "string" ? prose(text) : text),
    line && h("div.paste", h("code", { tabindex: 0 }, line), copier(line)),
  );
}

/** What is shown in the place of what did not come. @param {string} title */
export function notCome(title) {
  const told = empty(`${title} could not be shown`, "Where the program has gone it may be back by now.");
  told.append(button("Load the page again", () => location.reload()));
  return told;
}

/**
 * A text whose `code` stands between backticks.
 * @param {string} text
 * @returns {Child[]}
 */
export function prose(text) {
  return text.split("\u0060").map((part, at) => (at % 2 ? h("code", part) : part));
}

/** @param {string} line */
export function copier(line) {
  const copied = () => {
    void copy(line);
  };
  return button([icon("copy"), "copy"], copied, { class: "btn plain" });
}

/**
 * Puts text on the clipboard and says so.
 * @param {string} text
 * @param {string} [what]
 */
export async function copy(text, what = "Copied.") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard but the old one.
    const focused = document.activeElement;
    const area = h("textarea.vh", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    if (!isCopied) return complain("The browser lets nothing be copied.");
  }
  toast(what);
}

let toasted = 0;

/**
 * Says shortly what was done.
 * @param {...Child} children
 */
export function toast(...children) {
  const place = byId("toast");
  fill(place, ...children);
  place.dataset.on = "";
  clearTimeout(toasted);
  const hide = () => {
    if (place.matches(":hover, :focus-within")) {
      toasted = window.setTimeout(hide, 2000);
    } else {
      delete place.dataset.on;
      fill(place);
    }
  };
  toasted = window.setTimeout(hide, 6000);
}

/**
 * Says why something did not go.
 * @param {unknown} error
 */
export function complain(error) {
  toast(icon("warn"), messageOf(error));
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
