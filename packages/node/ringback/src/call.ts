// Calls of a world that somebody should have waited for: a promise knows whether anybody took it up.
//
// Not here: what is asked (world.ts).

/** A promise that tells when it is first taken up: by `await`, `then` or `catch`. */
class Call<T> extends Promise<T> {
  taken: () => void = () => {};

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
  override then<A = T, B = never>(
    met?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.taken();
    return super.then(met, failed);
  }
  /** When it has ended, however; that is not to take it up. */
  ended(): Promise<void> {
    const over = () => {};
    return super.then(over, over);
  }
}

/** The calls of one world that have not ended, or that nobody took up. */
export class Calls {
  readonly #open = new Set<Promise<unknown>>();

  /** The same call, kept until it has ended and somebody took it up. */
  track<T>(promise: Promise<T>): Promise<T> {
    const call = new Call<T>((met, failed) => {
      promise.then(met, failed);
    });
    this.#open.add(call);
    // Nothing hangs on one that nobody takes up, so that the runtime tells of it as well.
    call.taken = () => {
      call.taken = () => {};
      call.ended().then(() => this.#open.delete(call));
    };
    return call;
  }
  /** Waits for those that are left, and answers why they failed that did. */
  async settled(): Promise<unknown[]> {
    const ended = await Promise.allSettled([...this.#open]);
    return ended.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []));
  }
}
