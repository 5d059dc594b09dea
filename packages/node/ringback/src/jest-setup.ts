// `globalSetup: 'ringback/jest-setup'`: one Ringback for all workers of a jest run.
//
// Not here: its end (jest-teardown.ts).

import { begin } from './run';

export = begin;
