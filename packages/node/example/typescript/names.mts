// Names of which there are so many and no more: a misspelt one is found by the compiler.
import type { Clock, ClockMode, FaultKind, VendorName, World } from 'ringback';

// Of a build of one's own.
declare module 'ringback' {
  interface Vendors {
    acme: true;
  }
}
export const vendors: VendorName[] = ['infocu5', 'jtel', 'maestro', 'maxcontact', 'mor', 'acme'];
export const clocks: Clock[] = [
  'real',
  'frozen',
  'frozen@2026-05-04T08:00:00Z',
  'scaled:60',
  'scaled:0.5@2026-05-04T08:00:00Z',
  { mode: 'scaled', rate: 60 },
];
export const kinds: FaultKind[] = ['lose_reply', 'hang'];
export const modes: ClockMode[] = ['frozen', 'real', 'scaled'];

export async function misspelt(world: World): Promise<void> {
  // @ts-expect-error: it is jtel.
  world.url('jtl');
  // @ts-expect-error
  await world.event('jtl', 'start_campaign');
  // @ts-expect-error
  await world.state('jtl', 'contacts');
  // @ts-expect-error
  await world.journal({ vendor: 'jtl' });
  // @ts-expect-error: it is lose_reply.
  await world.fault({ then: 'loose_reply' });
  // @ts-expect-error: it is frozen.
  await world.setClock('frozn');
  // @ts-expect-error: a rate is missing.
  await world.setClock('scaled');
  // @ts-expect-error
  if ((await world.clock()).mode === 'frozn') await world.delete();
}
