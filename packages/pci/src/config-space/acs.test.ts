import { describe, expect, it } from 'vitest';
import { acsCapability, buildConfigSpace, expressCapability } from '../encode/config-space.ts';
import { ACS_REQUIRED, acsBitNames } from './acs.ts';
import { decodeConfigSpace } from './decode-config-space.ts';

describe('acsBitNames', () => {
  it('names all seven bits, lowest first', () => {
    expect(acsBitNames(0x7f)).toEqual(['SV', 'TB', 'RR', 'CR', 'UF', 'EC', 'DT']);
  });

  it('names what Linux requires, and nothing for bits that have no name', () => {
    expect(acsBitNames(ACS_REQUIRED)).toEqual(['SV', 'RR', 'CR', 'UF']);
    expect(acsBitNames(0xff80)).toEqual([]);
  });
});

it('reads words at +4 and +6, and dwords at +4 and +8', () => {
  const bytes = buildConfigSpace({
    capabilities: [expressCapability({ type: 4 })],
    extended: [acsCapability(0x005f, 0x001d, 0x0000_0015)],
  });
  expect(decodeConfigSpace({ bytes, file: 'config' }).facts.acs).toEqual({
    offset: 0x100,
    capability: 0x5f,
    control: 0x1d,
    capabilityDword: 0x001d_005f,
    controlDword: 0x15,
  });
});
