// A process between a test run and a program that does not end by itself with its stdin: it ends the
// program when stdin closes, and ends as the program does.
//
// Not here: anything else. `node guard.js PROGRAM [ARGUMENT …]`.

import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
const child = spawn(program as string, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const end = () => child.kill('SIGTERM');
process.stdin.on('end', end).on('error', end).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
