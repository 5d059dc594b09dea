// `Symbol.asyncDispose` where there is none: Node 18 before 18.18, and the sandboxes that test runners make.
//
// Loaded before any class that has such a method: its name is worked out when the class is.

if ((Symbol as { asyncDispose?: symbol }).asyncDispose === undefined) {
  Object.defineProperty(Symbol, 'asyncDispose', { value: Symbol.for('Symbol.asyncDispose') });
}
