/** @module The language of machines, all the way to the registers of a machine, and back to text. */
import { parseDescription } from '../../packages/simulator/src/language/parse-description.ts';
import { printDescription } from '../../packages/simulator/src/language/print-description.ts';
import { simulate } from '../../packages/simulator/src/machine/simulate.ts';
import { assert } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const WORDS =
  'vtd amdvi none [off] [intremap=off] linux[6.1] conventional @0000:40 @0001:00 ; , -> ( ) { } 2* 31* 999999* rp switch dsp bridge reverse host vmd nvme nic gpu foobus a: [acs] [acs=on-UF] [acs=0x7f/all] [ats=off] [vfs=4/8@8/1~SV] [bar=16K+4K:32] [unit=1] [unit=none] [rmrr] [at=1c.0] [type=conventional] [id=1b4b:9230] [spare=4] [reset=pm] [mf] #';

/** Machines above this size take long to decode and show nothing new. */
const LARGEST = 400;

export const language: FuzzTarget = {
  name: 'language',
  seeds: () =>
    [
      'vtd; rp[acs] -> switch(dsp[acs] -> nvme, dsp -> nic); rp -> bridge -> (sound, foobus -> (foo1, foo2))',
      'amdvi[intremap=off]; @0000:00; {rp[acs=on-UF], rp}; vmd(2*rp -> nvme); @0001:40; nic[vfs=2]; gpu[rmrr unit=1]',
      'conventional; host; bridge -> (3*scsi[reset=af], reverse -> {gpu, audio})',
    ].map((text) => new TextEncoder().encode(text)),
  dictionary: WORDS.split(' ').map((word) => new TextEncoder().encode(word)),
  longest: 1000,
  run(bytes) {
    const text = new TextDecoder().decode(bytes);
    const description = tried(() => parseDescription(text));
    if (description === undefined) return;
    const printed = printDescription(description);
    assert(
      printDescription(parseDescription(printed)) === printed,
      () => `printed otherwise the second time: ${printed}`,
    );
    const machine = tried(() => simulate(description));
    if (machine === undefined || machine.functions.length > LARGEST) return;
    for (const f of machine.functions) {
      const { vendor } = machine.factsOf(f);
      assert(typeof vendor === 'number', () => `${f.name} cannot be decoded`);
    }
  },
};

/** The only thing that may be thrown says where the text is wrong. */
function tried<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && error.name === 'DescriptionError') return undefined;
    throw error;
  }
}
