// Elements from data. All text goes in as text: there is no way here to put markup in.

/** @typedef {import("./types").Child} Child */

const SVG = "http://www.w3.org/2000/svg";

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

/**
 * @param {Element | DocumentFragment} parent
 * @param {Child[]} children
 */
export function add(parent, ...children) {
  for (const child of children) {
    if (Array.isArray(child)) add(parent, ...child);
    else if (child instanceof Node) parent.append(child);
    else if (typeof child === "string" || typeof child === "number") parent.append(String(child));
  }
}

/**
 * An element of HTML. A function among the attributes is a listener of that event.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  if (attributes) dress(element, attributes);
  add(element, ...children);
  return element;
}

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  if (attributes) dress(element, attributes);
  add(element, ...children);
  return element;
}

/**
 * An icon of the sprite. With a label it says something; without, it is left out by screen readers.
 * @param {string} name
 * @param {string} [label]
 */
export function icon(name, label) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return s("svg", { class: "i", ...said }, s("use", { href: `#i-${name}` }));
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
 * Puts children in the place of what an element has.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, ...children);
}

/**
 * A panel with its heading.
 * @param {Child} title
 * @param {Child} beside What stands beside the heading.
 * @param {...Child} children
 */
export function panel(title, beside, ...children) {
  const id = `h-${++panel.count}`;
  const head = h("header", null, h("h2", { id }, title), beside);
  return h("section", { class: "panel", "aria-labelledby": id }, head, ...children);
}
panel.count = 0;

/**
 * A button that does something.
 * @param {Child} text
 * @param {() => void} click
 * @param {Record<string, unknown>} [attributes]
 */
export function button(text, click, attributes = {}) {
  return h("button", { type: "button", class: "btn", click, ...attributes }, text);
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
  return h("div", { class: "field" }, h("label", { for: id }, label), input, note);
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
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": label },
    h("table", null, h("thead", null, h("tr", null, head)), h("tbody", null, rows)),
  );
}

/**
 * What stands where there is nothing: what is so, what to do, a line to paste.
 * @param {string} title
 * @param {Child} text
 * @param {string} [line]
 */
export function empty(title, text, line) {
  return h(
    "div",
    { class: "empty" },
    h("h2", null, title),
    h("p", null, text),
    line && h("div", { class: "paste" }, h("code", { tabindex: 0 }, line), copier(line)),
  );
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
    const area = h("textarea", { class: "vh", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
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
    }
  };
  toasted = window.setTimeout(hide, 6000);
}

/**
 * Says why something did not go.
 * @param {unknown} error
 */
export function complain(error) {
  toast(icon("warn"), error instanceof Error ? error.message : String(error));
}
