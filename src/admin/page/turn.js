// Turning the clock, and going back: by a checkpoint, never by the clock itself.

import { inWorld, send } from "./api.js";
import { NAME_CHARS_MAX, go, link } from "./address.js";
import { byId, complain, h, setState, toast } from "./dom.js";
import { counted, dateOf, iso, shortTime, span } from "./when.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** A long way is gone in steps, so that it can be seen and stopped. */
const STEPS = 60;
/** Shorter ways are gone at once. */
const STEP_MS_MIN = 15 * 60_000;

const LAST_MS = Date.UTC(10_000, 0);

let stopped = false;
let going = false;

/** Stops a running advance where it is. */
export function stop() {
  stopped = true;
}

/**
 * Whether an advance is running; buttons that turn the clock are off meanwhile.
 * @param {boolean} is
 */
function setGoing(is) {
  going = is;
  setState("advancing", is);
  for (const id of ["turn-next", "turn-1m", "turn-1h"]) byId(id).toggleAttribute("disabled", is);
}

/**
 * @param {Hub} hub
 * @param {{ by?: string, to?: string }} how
 */
async function once(hub, how) {
  const done = await send("POST", inWorld(hub.world, "clock", "advance"), how);
  return /** @type {import("./types").Advanced} */ (done);
}

/**
 * Moves the clock on: by a span, to a moment, or to the next timer.
 * @param {Hub} hub
 * @param {{ by?: string, to?: string }} how
 * @param {(error: unknown) => void} [refused] Told why it was not.
 */
export async function advance(hub, how, refused = complain) {
  if (going) {
    toast("The clock is on its way already; “Stop here” ends that.");
    return null;
  }
  try {
    const target = targetOf(hub, how);
    const from = hub.now();
    // Beyond the last year that there is, not even the first step is gone.
    const isShort = !target || target - from < STEP_MS_MIN || !(target < LAST_MS);
    if (isShort || hub.facts?.clock.mode !== "frozen") {
      const done = await once(hub, how);
      tell(done);
      return done;
    }
    return await inSteps(hub, from, target);
  } catch (error) {
    refused(error);
    return null;
  } finally {
    void hub.lookAtFacts().catch(() => {});
  }
}

/**
 * @param {Hub} hub
 * @param {{ by?: string, to?: string }} how
 */
function targetOf(hub, how) {
  if (how.to && how.to !== "next") return Date.parse(how.to);
  const ms = spanMs(how.by ?? "");
  return ms ? hub.now() + ms : 0;
}

/**
 * A span such as 1h30m in milliseconds; 0 where it is none.
 * @param {string} text
 */
export function spanMs(text) {
  /** @type {Record<string, number>} */
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  return [...parts].reduce((sum, it) => sum + Number(it[1]) * (units[it[2] ?? ""] ?? 0), 0);
}

/**
 * @param {Hub} hub
 * @param {number} from
 * @param {number} target
 */
async function inSteps(hub, from, target) {
  const step = Math.max(60_000, Math.ceil((target - from) / STEPS));
  const isOneDay = dateOf(from) === dateOf(target);
  const momentOf = (/** @type {number} */ at) => (isOneDay ? shortTime(at) : `${dateOf(at)} ${shortTime(at)}`);
  const bar = /** @type {HTMLProgressElement} */ (byId("advance-bar"));
  stopped = false;
  setGoing(true);
  let fired = 0;
  let now = from;
  /** @type {import("./types").Advanced | null} */
  let done = null;
  try {
    while (now < target && !stopped) {
      const next = Math.min(now + step, target);
      try {
        done = await once(hub, { to: new Date(next).toISOString() });
      } catch (error) {
        // Where somebody else has turned the clock further meanwhile, it goes on from there.
        await hub.lookAtFacts();
        if (hub.now() < next) throw error;
        now = hub.now();
        continue;
      }
      fired += done.fired;
      now = Date.parse(done.now);
      bar.value = ((now - from) / (target - from)) * 100;
      byId("advance-text").textContent =
        `Advancing to ${momentOf(target)}: ${momentOf(now)} · ${counted(fired, "timer")} fired`;
    }
  } finally {
    setGoing(false);
  }
  toast(`${stopped ? "Stopped" : "Moved on"} at ${momentOf(now)}; ${counted(fired, "timer")} fired.`);
  return done;
}

/** @param {import("./types").Advanced} done */
function tell(done) {
  const moved = Date.parse(done.now) - Date.parse(done.from);
  toast(
    moved
      ? `Moved on by ${span(moved)} to ${shortTime(done.now)}; ${counted(done.fired, "timer")} fired.`
      : "No timer is due; the clock stands.",
  );
}

/**
 * Keeps the state under a name.
 * @param {Hub} hub
 * @param {string} [name]
 */
export async function checkpoint(
  hub,
  name = `at-${iso(hub.now()).slice(11, 19).replaceAll(":", "")}-${hub.newest()?.seq ?? 0}`,
) {
  try {
    await send("POST", inWorld(hub.world, "checkpoint"), { name });
    await hub.lookAtFacts();
    toast(`Checkpoint ${name} is set. `, h("a", { href: link("time") }, "Go back to it"), " when you like.");
  } catch (error) {
    complain(error);
  }
}

/**
 * Puts the state back that a checkpoint kept.
 * @param {Hub} hub
 * @param {string} name
 */
export async function goBack(hub, name) {
  try {
    await send("POST", inWorld(hub.world, "rollback"), { name });
    await hub.lookAtFacts();
    toast(`The state is as it was at ${name}. The journal goes on.`);
  } catch (error) {
    complain(error);
  }
}

/**
 * Puts the state back to what the world was made of.
 * @param {Hub} hub
 * @param {string} [world]
 */
export async function reset(hub, world = hub.world) {
  try {
    await send("POST", inWorld(world, "reset"), {});
    await hub.lookAtFacts();
    toast(`${world} is as it was when it was made. The journal goes on.`);
  } catch (error) {
    complain(error);
  }
}

/**
 * A new world that begins as a world or a checkpoint is.
 * @param {Hub} hub
 * @param {string} name
 */
export async function fork(hub, name) {
  try {
    await send("POST", inWorld(hub.world, "fork"), { name });
    go(link("exchanges", {}, name));
    toast(`You are in ${name}, a fork of ${hub.world}.`);
  } catch (error) {
    complain(error);
  }
}

/**
 * A name that no world has: the one that is wanted, or one with a number behind a stem.
 * @param {Hub} hub
 * @param {string} stem
 * @param {string} [wanted]
 */
export function freeName(hub, stem, wanted = `${stem}-1`) {
  const names = [...hub.worlds, ...hub.closed].map((it) => it.name);
  // With its number it is no longer than a name may be.
  const short = stem.slice(0, NAME_CHARS_MAX - 5);
  let name = wanted.length > NAME_CHARS_MAX ? `${short}-1` : wanted;
  for (let at = 1; names.includes(name); at += 1) name = `${short}-${at}`;
  return name;
}
