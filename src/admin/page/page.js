// The page begins here: which part is shown, of which world.

import { Refused, TOKEN_NEEDED, get, hasToken, isToken, keepToken, reasonOf } from "./api.js";
import { PARTS, command, go, here, isName, link, onMove, placeBefore } from "./address.js";
import { byId, complain, empty, fill, h, icon, notCome, scrollAgain, scrolledIn, setState, toast } from "./dom.js";
import { Hub } from "./hub.js";
import { listen } from "./keys.js";
import { painted } from "./later.js";
import { showClock, showConnection, showRibbon, showTabs, showWorlds, tick } from "./frame.js";
import { forgetVendors, vendorList } from "./served.js";

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
  manual: async () => (await import("./manual.js")).Manual,
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
  let wasGone = false;
  hub.on("state", () => {
    showConnection(hub);
    if (hub.state === "live" && wasGone) {
      forgetVendors();
      hub.tell("vendors", undefined);
      void foot();
    }
    wasGone = hub.state === "gone";
    if (hub.state === "missing") missing();
    else if (!shown && hub.facts) void show();
  });
  hub.on("other", () => {
    toast(icon("warn"), "The journal begins anew: the program was started again, or the world was made again.");
  });
  hub.on("trouble", (why) => toast(icon("warn"), `Not all that is shown is of now. ${why}`));
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
      : !isName(hub.world)
        ? empty(
            `No world can be called ${hub.world.slice(0, 80)}`,
            "A name has small letters, digits, - and _. Choose one that is there:",
          )
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
  const of = ["entry", "chapter", "vendor", "phone"].map((it) => address.params.get(it)).find(Boolean);
  document.title = [of, title, address.world, "Ringback"].filter(Boolean).join(" · ");
  showTabs(hub);
  if (shown === address.part) {
    part?.update(address.params);
    comeBack();
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
    comeBack();
    part.keys?.[wanted]?.();
    wanted = "";
  } catch (error) {
    complain(error);
    if (shown !== address.part) return;
    shown = "";
    fill(main, notCome(title));
  }
}

function help() {
  import("./help.js").then((it) => it.help(), complain);
}

/**
 * Turning the clock is not there from the beginning.
 * @param {(turn: typeof import("./turn.js")) => unknown} action
 */
function turn(action) {
  import("./turn.js").then(action, complain);
}

function askToken() {
  setState("token", true);
  byId("token-error").textContent = hasToken() ? "The last one was refused with 401." : "";
  byId("token").setAttribute("aria-invalid", String(hasToken()));
  byId("token").focus();
}

/** Puts the page to where somebody was who goes back, as soon as it is as long again. */
function comeBack() {
  const place = placeBefore();
  if (!place) return;
  if (part?.comeBack) part.comeBack(place);
  else scrollTo(0, place.y);
  scrollAgain(byId("main"), place.inner);
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
    const token = field.value.trim();
    const refuse = (/** @type {string} */ why) => {
      byId("token-error").textContent = why;
      field.setAttribute("aria-invalid", "true");
    };
    if (!isToken(token)) return refuse("It has signs that cannot be part of a token.");
    keepToken(token);
    field.value = "";
    get("/version").then(
      () => {
        setState("token", false);
        byId("main").focus();
        hub.stop();
        hub = new Hub(here().world);
        watch();
        shown = "";
        void hub.start();
        void show();
        void foot();
      },
      (error) => {
        // Of a token that is refused it is told where it is asked for.
        if (!(error instanceof Refused && error.status === 401)) refuse(reasonOf(error).text);
      },
    );
  });
  // A file that is let go would take the place of the page.
  for (const kind of /** @type {const} */ (["dragover", "drop"]))
    document.addEventListener(kind, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (kind === "drop" && shown !== "worlds")
        toast("A world is taken in from its file in ", h("a", { href: link("worlds") }, "Worlds"), ".");
    });
  const sized = new ResizeObserver(() => {
    measure();
    comeBack();
  });
  sized.observe(byId("main"));
  sized.observe(document.body);
  byId("turn-next").onclick = () => turn((it) => it.advance(hub, { to: "next" }));
  byId("turn-1m").onclick = () => turn((it) => it.advance(hub, { by: "1m" }));
  byId("turn-1h").onclick = () => turn((it) => it.advance(hub, { by: "1h" }));
  byId("advance-stop").onclick = () => turn((it) => it.stop());
  byId("help-open").onclick = help;
  listen(
    {
      "?": help,
      ".": () => turn((it) => it.advance(hub, { to: "next" })),
      ",": () => turn((it) => it.checkpoint(hub)),
      "/": () => {
        go(link("exchanges"));
        wanted = "/";
      },
    },
    () => part?.keys ?? {},
  );
  setInterval(() => {
    if (document.hidden) return;
    tick(hub);
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
onMove(
  () => void show(),
  () => ({ y: scrollY, inner: scrolledIn(byId("main")), ...part?.place?.() }),
);
void hub.start().then(foot);
void painted.then(show);
