// `globalTeardown: 'ringback/jest-teardown'`: ends what the setup has started.
//
// Not here: its start (jest-setup.ts).

import { end } from './run';

export = end;
