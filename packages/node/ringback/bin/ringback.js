#!/usr/bin/env node
// The command `ringback`: hands over to the program in the package of this platform.
//
// Not here: where that program is (src/binary.ts), and anything that it does itself.
'use strict';

const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { constants } = require('node:os');
const { binaryPath } = require('../lib/binary.js');

/** What a shell answers for a command that is not there. */
const NOT_FOUND = 127;
/** What a shell adds to the number of the signal that ended a command. */
const SIGNAL_BASE = 128;
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** How often npm is looked for. */
const LOOKED_FOR_EVERY_MS = 250;
/** A terminal sends these to all of its foreground processes, so the program has them already. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'];

function fail(message) {
  process.stderr.write(`ringback: ${message}\n`);
  process.exitCode = NOT_FOUND;
}

/** A process by its number and the time of its start, its parent and its words; Linux alone tells them. */
function processOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, state: fields[0], parent: Number(fields[1]), began: fields[19], words };
  } catch {
    return undefined;
  }
}

/**
 * The npm that has called this, with the shell between them. It ends at once by a signal and leaves both behind, the
 * program with its ports; whoever else has started this may well end before it.
 */
function npmAbove() {
  const above = processOf(process.ppid);
  const isShell = above?.words[1] === '-c';
  const npm = isShell ? processOf(above.parent) : above;
  if (!/^np[mx]( |$)/.test(npm?.words[0] ?? '')) return [];
  return isShell ? [above, npm] : [npm];
}

function isThere(it) {
  const now = processOf(it.pid);
  return now !== undefined && now.began === it.began && now.state !== 'Z';
}

/** Becomes the program, where Node can: then there is nothing between it and whoever started it. */
function become(program, args) {
  if (typeof process.execve !== 'function') return;
  // The only warning is that execve is experimental; the line is not the user's business.
  process.emitWarning = () => {};
  try {
    process.execve(program, [program, ...args], process.env);
  } catch {
    // Where it cannot be, as in a worker, the program is a child.
  }
}

function stand(program, args, npm) {
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const child = spawn(program, args, { stdio: 'inherit' });
  let isTold = false;
  const watch = setInterval(() => {
    if (npm.every(isThere)) return;
    clearInterval(watch);
    // A second signal would cut short what the first has begun.
    if (!isTold) child.kill('SIGTERM');
  }, LOOKED_FOR_EVERY_MS).unref();
  if (npm.length === 0) clearInterval(watch);
  for (const signal of PASSED_ON) {
    process.on(signal, () => {
      isTold = true;
      if (hasTerminal && FROM_TERMINAL.includes(signal)) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    const cure = error.code === 'EACCES' ? '; make it executable: chmod +x' : '';
    fail(`${program} cannot be started: ${error.message}${cure}`);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const name of PASSED_ON) process.removeAllListeners(name);
    // Ends as the program did, so that whoever waits sees the signal.
    process.kill(process.pid, signal);
    process.exitCode = SIGNAL_BASE + constants.signals[signal];
  });
}

let program;
try {
  program = binaryPath();
} catch (error) {
  fail(error.message);
}
if (program !== undefined) {
  const npm = npmAbove();
  // Under npm somebody has to stay and look for it.
  if (npm.length === 0) become(program, process.argv.slice(2));
  stand(program, process.argv.slice(2), npm);
}
