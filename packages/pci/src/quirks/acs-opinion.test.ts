import { describe, expect, it } from 'vitest';
import { ACS_CR, ACS_DT, ACS_EC, ACS_REQUIRED, ACS_RR, ACS_SV, ACS_TB } from '../config-space/acs.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { isUnknown, unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import { endpoint, machineOf } from '../testing/build-machine.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../topology/port-type.ts';
import { type AcsQuirkContext, type AcsQuirkSubject, acsQuirkOpinion } from './acs-opinion.ts';

interface Question {
  readonly type?: number;
  readonly multifunction?: AcsQuirkSubject['multifunction'];
  readonly onRootBus?: boolean;
  readonly want?: number;
  readonly facts?: Partial<LooseFunction>;
  readonly context?: Partial<AcsQuirkContext>;
}

const context: AcsQuirkContext = {
  rules: rulesOf(parseKernelRelease('7.1.5')),
  ivrsPresent: false,
  acsRequested: true,
  pchIsolationEnabled: true,
  override: undefined,
};

function ask(vendor: number, device: number, q: Question = {}): ReturnType<typeof acsQuirkOpinion> {
  const machine = machineOf([endpoint('00:1c.0', { facts: { vendor, device, ...q.facts } })]);
  const subject: AcsQuirkSubject = {
    function: machine.functions[0] as PciFunction,
    portType: q.type ?? PORT.root,
    multifunction: q.multifunction ?? false,
    onRootBus: q.onRootBus ?? true,
  };
  return acsQuirkOpinion(subject, q.want ?? ACS_REQUIRED, { ...context, ...q.context });
}

const isolated = (...args: Parameters<typeof ask>): unknown => ask(...args)?.isolated;
const INTEL = 0x8086;

describe('the opinion of the ACS quirks', () => {
  it('is none for most functions', () => {
    expect(ask(0x10de, 0x2204)).toBeUndefined();
    expect(ask(INTEL, 0x9dc8, { type: PORT.endpoint })).toBeUndefined();
    expect(ask(INTEL, 0x1234)).toBeUndefined();
  });

  it('does not need the id of an Intel function whose class no row is for', () => {
    const device = unknown('its name is not in pci.ids', 'lspci -nn');
    const question = (classCode: number): Question => ({ type: NOT_EXPRESS, facts: { device, classCode } });
    expect(ask(INTEL, 0, question(0x0c8000))).toBeUndefined();
    expect(isUnknown(isolated(INTEL, 0, question(0x020000)))).toBe(true);
  });

  it('names the row', () => {
    expect(ask(0x1924, 0x0903, { type: PORT.endpoint })?.row).toMatchObject({
      order: 8,
      source: 'drivers/pci/quirks.c:pci_quirk_mf_endpoint_acs',
    });
  });

  it('goes by the ids alone for multifunction endpoints: even for bridges and conventional functions', () => {
    for (const type of [PORT.endpoint, PORT.root, PORT.expressToPci, NOT_EXPRESS, UNKNOWN_TYPE]) {
      expect(isolated(INTEL, 0x10c6, { type })).toBe(true);
    }
    expect(isolated(INTEL, 0x10c6, { want: ACS_REQUIRED | ACS_TB | ACS_DT })).toBe(true);
    expect(isolated(INTEL, 0x10c6, { want: ACS_EC })).toBe(false);
  });

  it('isolates every Intel integrated endpoint, and nothing else of Intel by that row', () => {
    expect(isolated(INTEL, 0x4321, { type: PORT.rcIntegratedEndpoint, multifunction: true })).toBe(true);
    expect(isolated(INTEL, 0x4321, { type: PORT.endpoint, multifunction: true })).toBeUndefined();
    expect(isolated(INTEL, 0x4321, { type: PORT.rcIntegratedEndpoint, want: ACS_TB })).toBe(false);
  });

  it('believes in the chipset ports as far as the workaround worked', () => {
    expect(isolated(INTEL, 0x8c10)).toBe(true);
    expect(isolated(INTEL, 0x8c10, { context: { pchIsolationEnabled: false } })).toBe(false);
    expect(isolated(INTEL, 0x8c10, { want: 0, context: { pchIsolationEnabled: false } })).toBe(true);
    expect(isolated(INTEL, 0x8c10, { type: PORT.downstream })).toBeUndefined();
    const doubt = unknown('tables were not read', 'run as root');
    expect(isolated(INTEL, 0x8c10, { context: { pchIsolationEnabled: doubt } })).toBe(doubt);
  });

  it('reads dwords for Sunrise Point ports', () => {
    const acs = { offset: 0x140, capability: 0x1d, control: 0, capabilityDword: 0x1d, controlDword: 0x1d };
    expect(isolated(INTEL, 0xa110, { facts: { acs } })).toBe(true);
    expect(isolated(INTEL, 0xa110, { facts: { acs: { ...acs, control: 0x1d, controlDword: 0x0d } } })).toBe(false);
    expect(isolated(INTEL, 0xa110, { facts: { acs: { ...acs, capabilityDword: 0x0d, controlDword: 0x0d } } })).toBe(
      true,
    );
    expect(isolated(INTEL, 0xa110, { want: ACS_EC, facts: { acs } })).toBe(false);
    expect(isolated(INTEL, 0xa110, { facts: { acs: null } })).toBeUndefined();
    const unread = unknown('configuration space ends at byte 256', 'run as root');
    expect(isolated(INTEL, 0xa110, { facts: { acs: unread } })).toBe(unread);
    expect(isolated(INTEL, 0xa110, { facts: { acs: { ...acs, controlDword: unread } } })).toBe(unread);
  });

  it('vouches for AMD southbridges only with an IVRS, on the root bus, in a multifunction slot', () => {
    const sb: Question = { type: NOT_EXPRESS, multifunction: true, context: { ivrsPresent: true } };
    expect(isolated(0x1002, 0x4385, sb)).toBe(true);
    expect(isolated(0x1002, 0x4385, { ...sb, want: ACS_SV })).toBe(true);
    expect(isolated(0x1002, 0x4385, { ...sb, want: ACS_RR | ACS_EC })).toBe(false);
    expect(isolated(0x1002, 0x4385, { ...sb, context: { ivrsPresent: false } })).toBeUndefined();
    expect(isolated(0x1002, 0x4385, { ...sb, multifunction: false })).toBeUndefined();
    expect(isolated(0x1002, 0x4385, { ...sb, onRootBus: false })).toBeUndefined();
    const unread = unknown('IVRS was not read', 'run as root');
    expect(isolated(0x1002, 0x4385, { ...sb, context: { ivrsPresent: unread } })).toBe(unread);
    expect(isolated(0x1002, 0x4385, { ...sb, multifunction: unread })).toBe(unread);
  });

  it('denies isolation to Zhaoxin ports and Wangxun functions outside their ranges', () => {
    expect(isolated(0x1d17, 0x0710)).toBe(true);
    expect(isolated(0x1d17, 0x071e, { type: PORT.downstream })).toBe(true);
    for (const id of [0x070f, 0x071f, 0x0720, 0x0722, 0x0753]) expect(isolated(0x1d17, id), `${id}`).toBe(false);
    expect(isolated(0x1d17, 0x071f, { type: PORT.endpoint })).toBeUndefined();
    expect(isolated(0x1d17, 0x9083)).toBe(true);
    expect(isolated(0x8088, 0x0107, { type: PORT.endpoint })).toBe(true);
    expect(isolated(0x8088, 0x0110, { type: PORT.endpoint })).toBe(false);
    expect(isolated(0x8088, 0x5010, { type: PORT.endpoint })).toBe(true);
  });

  it('takes ThunderX ports by range, its network functions by id', () => {
    expect(isolated(0x177d, 0xa7ff)).toBe(true);
    expect(isolated(0x177d, 0xa800)).toBeUndefined();
    expect(isolated(0x177d, 0xaf84)).toBe(true);
    expect(isolated(0x177d, 0xaf84, { type: PORT.endpoint })).toBeUndefined();
    expect(ask(0x177d, 0xa026)?.row.handler).toBe('cavium-root-port');
    expect(ask(0x177d, 0xa026, { type: PORT.endpoint })?.row.handler).toBe('multifunction-endpoint');
  });

  it('knows Annapurna by type, Loongson and Qualcomm by id', () => {
    expect(isolated(0x1c36, 0x0031)).toBe(true);
    expect(isolated(0x1c36, 0x0031, { type: PORT.endpoint })).toBeUndefined();
    expect(isolated(0x17cb, 0x0400, { type: PORT.endpoint })).toBe(true);
  });

  it('has a row only in the releases that have it', () => {
    const of = (release: string): Partial<AcsQuirkContext> => ({ rules: rulesOf(parseKernelRelease(release)) });
    expect(isolated(0x0014, 0x7a09, { context: of('6.12.15') })).toBeUndefined();
    expect(isolated(0x0014, 0x7a09, { context: of('6.12.113') })).toBe(true);
    expect(isolated(0x17cb, 0x0111, { context: of('6.18.15') })).toBeUndefined();
    expect(isolated(0x17cb, 0x0111, { context: of('6.18.16') })).toBe(true);
    expect(isolated(0x17cb, 0x0400, { context: of('6.18.15') })).toBe(true);
  });
});

describe('pcie_acs_override', () => {
  const with_ = (override: Partial<NonNullable<AcsQuirkContext['override']>>): Question => ({
    context: { override: { downstream: false, multifunction: false, ids: [], ...override } },
  });

  it('isolates what it names', () => {
    expect(isolated(0x10de, 1, with_({ downstream: true }))).toBe(true);
    expect(isolated(0x10de, 1, { ...with_({ downstream: true }), type: PORT.endpoint })).toBeUndefined();
    const both: Question = { ...with_({ multifunction: true }), type: PORT.endpoint };
    expect(isolated(0x10de, 1, { ...both, multifunction: true })).toBe(true);
    expect(isolated(0x10de, 1, both)).toBeUndefined();
    expect(isolated(0x10de, 1, { ...with_({ ids: [{ vendor: 0x10de, device: 1 }] }), type: PORT.endpoint })).toBe(true);
    expect(ask(0x10de, 1, with_({ downstream: true }))?.row.source).toMatch(/out-of-tree/);
  });

  it('leaves alone what has an ACS capability, is conventional, or is decided by a row of the kernel', () => {
    const down = with_({ downstream: true });
    const acs = { offset: 0x100, capability: 0, control: 0, capabilityDword: 0, controlDword: 0 };
    expect(isolated(0x10de, 1, { ...down, facts: { acs } })).toBeUndefined();
    expect(
      isolated(0x10de, 1, { ...with_({ ids: [{ vendor: 0x10de, device: 1 }] }), type: NOT_EXPRESS }),
    ).toBeUndefined();
    expect(isolated(0x1d17, 0x071f, down)).toBe(false);
    const unread = { ...down, facts: { acs: unknown('not read', 'run as root') } };
    expect(isUnknown(isolated(0x10de, 1, unread))).toBe(true);
  });
});

describe('ids that are not known for certain', () => {
  const named = (candidates?: readonly number[]) => unknown('only its name is given', 'lspci -nn', candidates);

  it('decide nothing where no candidate has a row', () => {
    expect(ask(0x10de, 0, { facts: { device: named() } })).toBeUndefined();
    expect(ask(INTEL, 0, { type: PORT.endpoint, facts: { device: named([0x1111, 0x2222]) } })).toBeUndefined();
  });

  it('decide all the same where all candidates agree', () => {
    expect(isolated(INTEL, 0, { facts: { device: named([0x10c6, 0x10db]) } })).toBe(true);
    const integrated: Question = { type: PORT.rcIntegratedEndpoint, facts: { device: named() } };
    expect(isolated(INTEL, 0, integrated)).toBe(true);
  });

  it('leave open what depends on them, with the first row in question', () => {
    const some = ask(INTEL, 0, { type: PORT.endpoint, facts: { device: named([0x1111, 0x10c6]) } });
    expect(some?.isolated).toMatchObject({ kind: 'unknown', decidedBy: 'lspci -nn' });
    expect(some?.agreed).toBe(true);
    expect(some?.row.order).toBe(11);
    const split = ask(0x1d17, 0, { facts: { device: named([0x0710, 0x071f]) } });
    expect(isUnknown(split?.isolated)).toBe(true);
    expect(split?.agreed).toBeUndefined();
    expect(isUnknown(isolated(0x1d17, 0, { facts: { device: named() } }))).toBe(true);
  });

  it('try several vendors, and give up without any', () => {
    const vendor = named([0x10de, 0x1924]);
    expect(isUnknown(isolated(0, 0x0903, { facts: { vendor } }))).toBe(true);
    expect(ask(0, 0x0904, { facts: { vendor } })).toBeUndefined();
    expect(isUnknown(isolated(0, 0x0903, { facts: { vendor: named() } }))).toBe(true);
  });

  it('may be those that pcie_acs_override names', () => {
    const override = { downstream: false, multifunction: false, ids: [{ vendor: 0x10de, device: 7 }] };
    const question: Question = { type: PORT.endpoint, facts: { device: named() }, context: { override } };
    expect(isUnknown(isolated(0x10de, 0, question))).toBe(true);
    expect(ask(0x10df, 0, { ...question, facts: { device: named([1]) } })).toBeUndefined();
  });
});

describe('bits', () => {
  it('are asked for as given', () => {
    expect(isolated(0x17cb, 0x0400, { want: ACS_RR | ACS_CR })).toBe(true);
    expect(isolated(0x17cb, 0x0400, { want: ACS_DT })).toBe(false);
  });
});
