import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../facts/address.ts';
import { unknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { endpoint, machineOf } from '../../testing/build-machine.ts';
import { type KernelRules, parseKernelRelease, rulesOf } from '../series.ts';
import { acsParametersFor, applyAcsParameters, enabledAcsControl } from './acs-control.ts';
import { parseKernelCommandLine } from './parse-kernel-command-line.ts';

const rules = (release: string): KernelRules => rulesOf(parseKernelRelease(release));
const port = machineOf([endpoint('00:1c.0', { facts: { vendor: 0x1b36, device: 0x000c } })])
  .functions[0] as PciFunction;
const chain = [parseAddress('00:1c.0')!];
const parameters = (pci: string, release: string, f = port) =>
  acsParametersFor(parseKernelCommandLine(`pci=${pci}`), f, chain, rules(release));

/** What is left in a register that implements `capability` and that the firmware set to `firmware`. */
function control(pci: string, release: string, capability = 0x5f, firmware = 0, sunrisePoint = false): number {
  const words = {
    capability,
    firmwareControl: firmware,
    kernelControl: enabledAcsControl(capability, firmware, true, false),
  };
  return applyAcsParameters(words, parameters(pci, release), rules(release), sunrisePoint);
}

describe('enabledAcsControl', () => {
  it('adds what is implemented, and only if asked', () => {
    expect(enabledAcsControl(0x5f, 0x40, true, false)).toBe(0x5d);
    expect(enabledAcsControl(0x5f, 0x40, true, true)).toBe(0x5f);
    expect(enabledAcsControl(0x0c, 0, true, true)).toBe(0x0c);
    expect(enabledAcsControl(0x5f, 0x40, false, true)).toBe(0x40);
  });
});

describe('disable_acs_redir', () => {
  const redirect = 'disable_acs_redir=pci:1b36:000c';

  it('leaves what real kernels left', () => {
    expect(control(redirect, '6.1.192')).toBe(0x11);
    expect(control(redirect, '6.12.113')).toBe(0);
    expect(control(redirect, '7.3.4')).toBe(0);
    // Ports with fewer bits.
    expect(control(redirect, '6.1.192', 0x15)).toBe(0x11);
    expect(control(redirect, '6.1.192', 0x1c)).toBe(0x10);
  });

  it('keeps other bits of the firmware, and since the fix only those', () => {
    expect(control(redirect, '6.1.192', 0x7f, 0x62)).toBe(0x53);
    expect(control(redirect, '7.3.4', 0x7f, 0x7e)).toBe(0x52);
  });

  it('was broken in between: it cleared nothing that the firmware had set, and set all else', () => {
    expect(control(redirect, '6.12.15', 0x7f, 0x04)).toBe(0x57);
    expect(control(redirect, '6.12.15', 0x1d, 0)).toBe(0x11);
  });

  it('does nothing to other functions', () => {
    expect(control('disable_acs_redir=pci:8086:3420', '7.3.4')).toBe(0x1d);
    expect(control('disable_acs_redir=00:1c.1', '6.1.192')).toBe(0x1d);
  });
});

describe('config_acs', () => {
  it('leaves what real kernels left', () => {
    for (const release of ['6.12.113', '7.3.4']) {
      expect(control('config_acs=0011101@00:1c.0', release)).toBe(0x1d);
      expect(control('config_acs=1xxxxxx@00:1c.0', release)).toBe(0x40);
      expect(control('config_acs=0xxxx01@pci:0:0', release)).toBe(0x01);
      expect(control('config_acs=0011101@pci:0:0', release, 0x0d)).toBe(0x0d);
      expect(control('config_acs=xxxx0xx@pci:0:0', release)).toBe(0);
    }
  });

  it('keeps the firmware’s bits for x', () => {
    expect(control('config_acs=xx1x0xx@00:1c.0', '7.3.4', 0x7f, 0x2c)).toBe(0x38);
  });

  it('starts from the firmware’s word even after disable_acs_redir', () => {
    const both = 'disable_acs_redir=pci:0:0,config_acs=xxxxx1x@pci:0:0';
    expect(control(both, '7.3.4', 0x7f, 0x0c)).toBe(0x0e);
  });

  it('does not exist before 6.11', () => {
    expect(control('config_acs=0000000@00:1c.0', '6.1.192')).toBe(0x1d);
  });

  it('was broken at first: bits could not be forced off against the firmware', () => {
    expect(control('config_acs=xx0x0xx@00:1c.0', '6.12.15', 0x7f, 0x04)).toBe(0x0d);
    expect(control('config_acs=x1x@00:1c.0', '6.12.15', 0x7f, 0)).toBe(0x1f);
  });

  it('reads one entry only while it was broken', () => {
    const two = 'config_acs=0@00:1d.0;1@00:1c.0';
    expect(parameters(two, '6.12.15').config).toBeUndefined();
    expect(parameters(two, '6.12.23').config).toMatchObject({ bits: '1' });
    // An entry that forces nothing does not count.
    expect(parameters('config_acs=xx@00:1d.0;1@00:1c.0', '6.12.15').config).toMatchObject({ bits: '1' });
    expect(parameters(two, '6.1.192').config).toBeUndefined();
  });
});

describe('Sunrise Point ports', () => {
  it('have a handler of their own, which clears the redirect bits', () => {
    expect(control('disable_acs_redir=pci:0:0', '7.3.4', 0x5f, 0, true)).toBe(0x11);
    expect(control('config_acs=1111111@pci:0:0', '7.3.4', 0x5f, 0, true)).toBe(0x11);
    expect(control('config_acs=1111111@pci:0:0', '6.1.192', 0x5f, 0, true)).toBe(0x1d);
    expect(control('noats', '7.3.4', 0x5f, 0, true)).toBe(0x1d);
  });
});

it('a function whose ids are not known is not taken as named', () => {
  const facts = { vendor: 0x1b36, device: unknown('a name', 'lspci -nn') };
  const f = machineOf([endpoint('00:1c.0', { facts })]).functions[0] as PciFunction;
  expect(parameters('disable_acs_redir=pci:1b36:000c', '7.3.4', f).redirectDisabled).toBe(false);
  expect(parameters('disable_acs_redir=pci:1b36:0', '7.3.4', f).redirectDisabled).toBe(true);
});
