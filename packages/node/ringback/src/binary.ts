// Where the program is: `RINGBACK_BIN`, else in the package that npm chose for this platform.
//
// Not here: starting it.

import { accessSync, constants, statSync } from 'node:fs';
import { RingbackError } from './errors';

/** The version of this package, which is that of the program. */
export const VERSION: string = require('../package.json').version;

/** The platforms that there is a package for, as `process.platform` and `process.arch` name them. */
export const PLATFORMS: readonly string[] = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'];

/** There is no program to start; the message says what to install. */
export class MissingBinaryError extends RingbackError {
  static {
    MissingBinaryError.prototype.name = 'MissingBinaryError';
  }
}

/** What `binaryPath` goes by; the defaults are this process's. */
export interface Platform {
  platform?: string;
  arch?: string;
  env?: Record<string, string | undefined>;
  /** Answers the path of a file in a package, or throws. */
  resolve?: (file: string) => string;
}

/**
 * The path of the program.
 *
 * @throws MissingBinaryError where it is not there.
 */
export function binaryPath(on: Platform = {}): string {
  const env = on.env ?? process.env;
  const named = env.RINGBACK_BIN;
  if (named !== undefined && named !== '') return checked(named);

  const platform = `${on.platform ?? process.platform}-${on.arch ?? process.arch}`;
  if (!PLATFORMS.includes(platform)) {
    throw new MissingBinaryError(
      `there is no package for ${platform}; expected one of ${PLATFORMS.join(', ')}. ` +
        'Build the program from its source and set RINGBACK_BIN to its path' +
        (platform.startsWith('win32') ? ', or work in WSL' : ''),
    );
  }
  const wanted = `@ringback/${platform}`;
  try {
    return (on.resolve ?? require.resolve)(`${wanted}/bin/ringback`);
  } catch {
    throw new MissingBinaryError(
      `the package ${wanted} is not installed, which holds the program for this platform. ` +
        `Install it: npm install --save-optional ${wanted}@${VERSION}, ` +
        `or the file that came beside that of ringback: npm install --save-dev ./ringback-${platform}-${VERSION}.tgz\n` +
        'It is left out by `npm install --omit=optional` (or --no-optional), and by a package-lock.json ' +
        'that was written on another platform; for the latter, remove node_modules and package-lock.json ' +
        'and run npm install again. RINGBACK_BIN may name a program to use in its place',
    );
  }
}

function checked(named: string): string {
  let what: string;
  try {
    accessSync(named, constants.X_OK);
    if (statSync(named).isFile()) return named;
    what = statSync(named).isDirectory() ? 'is a folder' : 'is no file';
  } catch (error) {
    what = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'is not executable' : 'is not there';
  }
  throw new MissingBinaryError(`RINGBACK_BIN names ${named}, which ${what}; expected the path of the program ringback`);
}
