// The name of a world from the title of a test: any text becomes 1 to 63 of `a-z`, `0-9`, `-` and `_`.
//
// Not here: what worlds are made of.

import { randomBytes } from 'node:crypto';

/** So much of a title is kept; what comes behind it tells tests of the same beginning apart. */
const TITLE_KEPT = 48;
/** Bytes of the ending: two runs at once, and two tests of one title, get two names. */
const ENDING_BYTES = 5;
/** What a title without any usable letter becomes. */
const NAMELESS = 'test';

/** A name that no other test has, by which a person knows this one. */
export function worldName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, TITLE_KEPT)
    .replace(/^-+|-+$/g, '');
  return `${plain === '' ? NAMELESS : plain}-${randomBytes(ENDING_BYTES).toString('hex')}`;
}
