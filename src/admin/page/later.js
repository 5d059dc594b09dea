// What is done a little later.

/** The first frame is not waited for longer: a tab that nobody sees paints none. */
const FRAME_MS = 100;

/**
 * Kept once the frame is painted that came with the document: what scripts draw would keep it waiting.
 * @type {Promise<unknown>}
 */
export const painted = new Promise((soon) => {
  // What is asked for within a frame is done before it is painted; a timer comes behind that.
  requestAnimationFrame(() => setTimeout(soon));
  setTimeout(soon, FRAME_MS);
});

/** So long a pause in typing is waited for. */
const TYPED_MS = 200;

/** Does something with each pause in typing. @param {() => unknown} action */
export function pausing(action) {
  const later = new Later(TYPED_MS, action);
  return () => {
    later.drop();
    later.plan();
  };
}

/** What is asked for often, and done once for all that ask for it until then. */
export class Later {
  /**
   * @param {number | (() => number)} ms How long it is waited.
   * @param {() => unknown} action What it cannot do now is asked for again with the next.
   */
  constructor(ms, action) {
    this.ms = ms;
    this.action = action;
    this.timer = 0;
  }

  plan() {
    this.timer ||= window.setTimeout(
      () => {
        this.timer = 0;
        Promise.resolve(this.action()).catch(() => {});
      },
      typeof this.ms === "number" ? this.ms : this.ms(),
    );
  }

  drop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
