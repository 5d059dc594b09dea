/// <reference lib="esnext.disposable" preserve="true" />
// What the package offers; helpers for test runners are in `ringback/node-test`, `ringback/vitest` and
// `ringback/jest`.

export { binaryPath, MissingBinaryError, PLATFORMS, type Platform, VERSION } from './binary';
export type { Ended, RunOptions } from './environ';
export {
  ArgumentError,
  ConnectionError,
  ProblemError,
  RingbackError,
  ScenarioError,
  StartError,
  StrictError,
  VerifyError,
} from './errors';
export { worldName } from './name';
export {
  type ConnectOptions,
  connect,
  Ringback,
  type ScenarioGiven,
  type StartOptions,
  start,
  type WorldOptions,
} from './server';
export { shared } from './shared';
export { STARTS_AT } from './times';
export type * from './types';
export { World } from './world';
