// What is asked for often, and done a little later: once for all that ask for it until then.

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
