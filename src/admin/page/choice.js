// Choices that act at once, where the arrow keys go through all that lies between.

/** So long it is waited whether another choice follows. */
const CHOSEN_MS = 500;

/** Does what is chosen a little later, and of several in one group only the last. */
export class Choice {
  constructor() {
    this.timer = 0;
    this.group = "";
    /** @type {(() => unknown) | null} */
    this.waits = null;
  }

  /**
   * @param {string} group
   * @param {() => unknown} action
   */
  plan(group, action) {
    if (group !== this.group) this.act();
    this.group = group;
    this.waits = action;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.act(), CHOSEN_MS);
  }

  /** Does at once what waits. */
  act() {
    const { waits } = this;
    this.drop();
    waits?.();
  }

  /** Leaves undone what waits. */
  drop() {
    clearTimeout(this.timer);
    this.waits = null;
  }

  /**
   * Acts on what is chosen in a select: at once by the pointer, and where the arrow keys come to rest.
   * @param {HTMLSelectElement} select
   * @param {(value: string) => unknown} action
   */
  of(select, action) {
    const group = select.getAttribute("aria-label") ?? select.id;
    let isByKeys = false;
    select.onpointerdown = () => (isByKeys = false);
    select.onkeydown = ({ key }) => {
      isByKeys = true;
      if (key === "Enter") this.act();
    };
    select.onblur = () => this.act();
    select.onchange = () => {
      const { value } = select;
      if (isByKeys) this.plan(group, () => action(value));
      else action(value);
    };
    return select;
  }
}
