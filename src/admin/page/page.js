// The page begins here: which part is shown, of which world.

import { TOKEN_NEEDED, get, hasToken, keepToken } from "./api.js";
import { PARTS, command, go, here, link, onMove } from "./address.js";
import { button, byId, complain, empty, fill, h, setState } from "./dom.js";
import { Hub } from "./hub.js";
import { help, listen } from "./keys.js";
import { advance, checkpoint, stop } from "./turn.js";
import { showClock, showConnection, showRibbon, showTabs, showWorlds } from "./frame.js";
import { vendorList } from "./served.js";

/** @typedef {import("./types").Part} Part */
/** @typedef {new (root: HTMLElement, hub: Hub, params: URLSearchParams) => Part} PartClass */

/** @type {Record<string, () => Promise<PartClass>>} */
const LOADED = {
  exchanges: async () => (await import("./exchanges.js")).Exchanges,
  vendors: async () => (await import("./vendors.js")).Vendors,
  time: async () => (await import("./time.js")).Time,
  faults: async () => (await import("./faults.js")).Faults,
  worlds: async () => (await import("./worlds.js")).Worlds,
  verdict: async () => (await import("./verdict.js")).Verdict,
  evidence: async () => (await import("./evidence.js")).Evidence,
  people: async () => (await import("./people.js")).People,
  day: async () => (await import("./day.js")).Day,
};

let hub = new Hub(here().world);
/** @type {Part | null} */
let part = null;
let shown = "";
/** A key of Exchanges that is pressed for the reader once that part is there. */
let wanted = "";

function watch() {
  hub.on("facts", () => {
    showWorlds(hub);
    showTabs(hub);
    showClock(hub);
    showRibbon(hub);
  });
  hub.on("state", () => {
    showConnection(hub);
    if (hub.state === "missing") missing();
    else if (!shown && hub.facts) void show();
  });
  for (const news of /** @type {const} */ (["anew", "older", "newer", "found"])) {
    hub.on(news, () => {
      showTabs(hub);
      showRibbon(hub);
    });
  }
}

function missing() {
  part?.leave();
  part = null;
  shown = "";
  showWorlds(hub);
  const closed = hub.closed.find((it) => it.name === hub.world);
  fill(
    byId("main"),
    closed
      ? empty(`World ${hub.world} is ${closed.state}`, `${closed.why}. Choose another:`)
      : empty(
          `There is no world ${hub.world}`,
          "It was deleted, or the program was started again. Choose one that is there:",
          command(`world make ${hub.world}`, "default"),
        ),
    h(
      "ul.empty",
      hub.worlds.map((it) => h("li", h("a", { href: link("exchanges", {}, it.name) }, it.name))),
    ),
  );
}

async function show() {
  const address = here();
  if (address.world !== hub.world) {
    part?.leave();
    part = null;
    shown = "";
    hub.stop();
    hub = new Hub(address.world);
    watch();
    void hub.start();
  }
  if (hub.state === "missing") return;
  const title = PARTS.find((it) => it.name === address.part)?.title ?? "";
  document.title = `${title} · ${address.world} · Ringback`;
  showTabs(hub);
  if (shown === address.part) {
    part?.update(address.params);
    return;
  }
  shown = address.part;
  part?.leave();
  part = null;
  const main = byId("main");
  main.className = address.part === "exchanges" ? "flush" : "";
  try {
    const Class = await (LOADED[address.part] ?? LOADED["exchanges"])?.();
    if (shown !== address.part || !Class) return;
    fill(main);
    scrollTo(0, 0);
    part = new Class(main, hub, here().params);
    measure();
    part.keys?.[wanted]?.();
    wanted = "";
  } catch (error) {
    complain(error);
    if (shown !== address.part) return;
    shown = "";
    const told = empty(`${title} could not be shown`, "Where the program has gone it may be back by now.");
    told.append(button("Load the page again", () => location.reload()));
    fill(main, told);
  }
}

function askToken() {
  setState("token", true);
  byId("token-error").textContent = hasToken() ? "The last one was refused with 401." : "";
  byId("token").setAttribute("aria-invalid", String(hasToken()));
  byId("token").focus();
}

/** What sticks below the frame has to know how high that is. */
function measure() {
  const height = (/** @type {string} */ name) => document.querySelector(name)?.getBoundingClientRect().height ?? 0;
  const bar = height(".top");
  document.documentElement.style.setProperty("--bar", `${bar}px`);
  document.documentElement.style.setProperty("--top", `${bar + height(".filters")}px`);
}

function wire() {
  window.addEventListener(TOKEN_NEEDED, askToken);
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (byId("token"));
    keepToken(field.value);
    field.value = "";
    get("/version").then(
      () => {
        setState("token", false);
        hub.stop();
        hub = new Hub(here().world);
        watch();
        shown = "";
        void hub.start();
        void show();
        void foot();
      },
      () => {},
    );
  });
  const sized = new ResizeObserver(measure);
  sized.observe(byId("main"));
  sized.observe(document.body);
  byId("turn-next").onclick = () => void advance(hub, { to: "next" });
  byId("turn-1m").onclick = () => void advance(hub, { by: "1m" });
  byId("turn-1h").onclick = () => void advance(hub, { by: "1h" });
  byId("advance-stop").onclick = stop;
  byId("help-open").onclick = help;
  listen(
    {
      "?": help,
      ".": () => void advance(hub, { to: "next" }),
      ",": () => void checkpoint(hub),
      "/": () => {
        go(link("exchanges"));
        wanted = "/";
      },
    },
    () => part?.keys ?? {},
  );
  setInterval(() => {
    if (document.hidden) return;
    showClock(hub);
    if (hub.state === "gone") showConnection(hub);
  }, 1000);
}

async function foot() {
  try {
    const [{ version }, vendors] = await Promise.all([get("/version"), vendorList()]);
    const hosts = [...new Set(vendors.flatMap((it) => (it.url ? [new URL(it.url).host] : [])))];
    const seed = hub.facts ? ` · seed ${hub.facts.seed}` : "";
    byId("foot").textContent = `${version}${seed} · vendors at ${hosts.join(", ")}`;
  } catch {
    // The connection is told elsewhere.
  }
}

wire();
watch();
onMove(() => void show());
void hub.start().then(foot);
void show();
