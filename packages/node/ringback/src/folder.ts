// Files that the program or a client has to find on disk, in a folder that is made when the first is written.
//
// Not here: what is in them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own among the temporary ones. */
export class Folder {
  #path: string | undefined;

  /** The path of a file in it. */
  file(name: string): string {
    this.#path ??= mkdtempSync(join(tmpdir(), 'ringback-node-'));
    return join(this.#path, name);
  }
  /** Writes a file; answers its path. */
  write(name: string, content: string | Buffer): string {
    const path = this.file(name);
    writeFileSync(path, content);
    return path;
  }
  /** Removes all of it. */
  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }
}
