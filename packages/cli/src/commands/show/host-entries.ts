/**
 * @module What `show` says of a device and its host: driver, resets, NUMA node, virtual functions.
 */
import { formatAddress, isUnknown, known, type PciFunction, resetOf } from '@isogroups/pci';
import { factData } from '../../data/fact-data.ts';
import { listNames } from '../../sentences/party.ts';
import { type Entry, entry, factText, type ShowContext } from './report.ts';

export function hostEntries(context: ShowContext, party: number, f: PciFunction): readonly Entry[] {
  return [driver(context, party, f), reset(context, party, f), numa(f), sriov(context, party, f)];
}

function driver({ analysis }: ShowContext, party: number, { host }: PciFunction): Entry {
  const children = analysis.machine.others.filter((o) => o.parent === party);
  const override = known(host.driverOverride) ?? null;
  const data = {
    name: factData(host.driver),
    override: factData(host.driverOverride),
    children: children.map((o) => ({ device: o.name, driver: factData(o.driver) })),
  };
  return entry(
    'driver',
    'Driver',
    data,
    `${factText(host.driver, (d) => d ?? 'none')}${override === null ? '' : `, bound to ${override} by driver_override`}`,
    ...(isUnknown(host.driverOverride) && host.path !== undefined
      ? [`driver_override ${factText(host.driverOverride, () => '')}`]
      : []),
    ...children.map((o) => `${o.name}: ${factText(o.driver, (d) => d ?? 'none')}`),
  );
}

const SCOPES = Object.freeze({
  own: 'can be reset on its own',
  shared: 'only a reset of the whole bus resets it',
  none: 'the kernel knows no way to reset it',
  unknown: 'whether it can be reset on its own was not read',
} as const);

function reset({ analysis }: ShowContext, party: number, f: PciFunction): Entry {
  const { topology, machine } = analysis;
  const scope = resetOf(f);
  const also: number[] = [];
  if (scope === 'shared' || scope === 'unknown') {
    const { parent } = f;
    if (parent >= 0) {
      for (let i = topology.belowFrom[parent] as number; i < (topology.belowTo[parent] as number); i++)
        if (i !== party) also.push(i);
    }
  }
  const data = {
    methods: factData(f.host.resetMethods),
    scope,
    also: also.map((i) => formatAddress(machine.functions[i] as PciFunction)),
  };
  const methods = factText(f.host.resetMethods, (m) =>
    m === null ? 'methods not listed by this kernel' : m.length === 0 ? 'no method' : m.join(', '),
  );
  const together = also.length === 0 ? '' : `, together with ${listNames(analysis, also, 8)}`;
  return entry('reset', 'Reset', data, methods, `${SCOPES[scope]}${together}`);
}

function numa({ host }: PciFunction): Entry {
  return entry(
    'numaNode',
    'NUMA node',
    factData(host.numaNode),
    factText(host.numaNode, (n) => (n === null ? 'none given' : `${n}`)),
  );
}

function sriov({ analysis }: ShowContext, party: number, f: PciFunction): Entry {
  const { machine } = analysis;
  const name = (i: number): string => formatAddress(machine.functions[i] as PciFunction);
  if (f.physicalFunction >= 0) {
    const data = { physicalFunction: name(f.physicalFunction), virtualFunctions: [], capability: null };
    return entry('sriov', 'SR-IOV', data, `a virtual function of ${listNames(analysis, [f.physicalFunction])}`);
  }
  const virtual = machine.functions.flatMap((v, i) => (v.physicalFunction === party ? [i] : []));
  const capability = factData(f.sriov, (s) =>
    s === null
      ? null
      : {
          enabled: factData(s.enabled),
          total: factData(s.totalVfs),
          active: factData(s.numVfs),
          firstOffset: factData(s.firstVfOffset),
          stride: factData(s.vfStride),
        },
  );
  const text = factText(f.sriov, (s) => {
    if (s === null) return 'none';
    const total = isUnknown(s.totalVfs) ? '?' : s.totalVfs;
    return virtual.length === 0
      ? `no virtual functions of ${total} possible`
      : `${virtual.length} of ${total} virtual functions: ${listNames(analysis, virtual, 8)}`;
  });
  return entry('sriov', 'SR-IOV', { physicalFunction: null, virtualFunctions: virtual.map(name), capability }, text);
}
