// Packs `ringback` and a platform's package for each program that is given.
//
// Not here: building (build.mjs), publishing.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT'];
const HEAD_BYTES = 20;
const EXECUTABLE = 0o755;
/** What stands in the head of a program: ELF's machine, Mach-O's processor. */
const ELF = { 62: 'linux-x64', 183: 'linux-arm64' };
const MACH_O = { 16777223: 'darwin-x64', 16777228: 'darwin-arm64' };

const manifest = JSON.parse(readFileSync(here('../ringback/package.json'), 'utf8'));

/** Which platform a program was built for. */
function platformOf(program) {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(program, 'r');
  readSync(file, head, 0, HEAD_BYTES, 0);
  closeSync(file);
  let platform;
  if (head.readUInt32BE(0) === 0x7f454c46) platform = ELF[head.readUInt16LE(18)];
  else if (head.readUInt32LE(0) === 0xfeedfacf) platform = MACH_O[head.readUInt32LE(4)];
  if (platform === undefined || manifest.optionalDependencies[`@ringback/${platform}`] === undefined) {
    throw new Error(`${program} is no program for one of ${Object.keys(manifest.optionalDependencies).join(', ')}`);
  }
  return platform;
}

/** A program that runs here is to be of the package's own version. */
function checkVersion(program, platform) {
  if (platform !== `${process.platform}-${process.arch}`) return;
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  if (said !== `ringback ${manifest.version}`) {
    throw new Error(`${program} says it is "${said}"; expected "ringback ${manifest.version}", as package.json has it`);
  }
}

function npmPack(folder, out) {
  for (const licence of LICENCES) copyFileSync(here(`../../../${licence}`), join(folder, licence));
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
    cwd: folder,
    encoding: 'utf8',
  });
  const packed = Object.values(JSON.parse(told))[0];
  console.log(`${join(out, packed.filename)}  ${packed.size} bytes, ${packed.entryCount} files`);
}

function platformPackage(program, staging, out) {
  const platform = platformOf(program);
  checkVersion(program, platform);
  const [os, cpu] = platform.split('-');
  const folder = join(staging, platform);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const fill = (text) => text.replaceAll('PLATFORM', platform).replace('"OS"', `"${os}"`).replace('"CPU"', `"${cpu}"`);
  const filled = fill(readFileSync(here('../platform/package.json'), 'utf8')).replace('0.0.0', manifest.version);
  writeFileSync(join(folder, 'package.json'), filled);
  copyFileSync(here('../platform/README.md'), join(folder, 'README.md'));
  copyFileSync(program, join(folder, 'bin/ringback'));
  chmodSync(join(folder, 'bin/ringback'), EXECUTABLE);
  npmPack(folder, out);
}

const programs = process.argv.slice(2).map((it) => resolve(it));
const out = programs.pop();
const staging = mkdtempSync(join(tmpdir(), 'ringback-pack-'));
try {
  mkdirSync(out, { recursive: true });
  // The platforms' packages come first, as they do when they are published: the main one needs them.
  for (const program of programs) platformPackage(program, staging, out);
  const main = join(staging, 'ringback');
  mkdirSync(main);
  for (const part of ['package.json', 'README.md', ...manifest.files.filter((it) => !LICENCES.includes(it))]) {
    cpSync(here(`../ringback/${part}`), join(main, part), { recursive: true });
  }
  npmPack(main, out);
} catch (error) {
  console.error(`packages/node/pack: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(staging, { recursive: true, force: true });
}
