/**
 * @module ACS of a device and of every port above it, up to the root.
 */
import {
  ACS_REQUIRED,
  type AcsFinding,
  acsBitNames,
  acsFinding,
  formatAddress,
  isUnknown,
  known,
  type PciFunction,
  portTypeName,
} from '@isogroups/pci';
import { factData, hexData } from '../../data/fact-data.ts';
import { table } from '../../render/table.ts';
import { findingSentence } from '../../sentences/acs.ts';
import { nameOf } from '../../sentences/party.ts';
import type { Report, ShowContext } from './report.ts';

export function acsSection({ analysis }: ShowContext, party: number): Report['sections'][number] {
  const { machine, topology, input } = analysis;
  const path: number[] = [];
  for (let i = party; i >= 0; i = (machine.functions[i] as PciFunction).parent) path.push(i);
  const steps = path.map((i) => ({
    i,
    f: machine.functions[i] as PciFunction,
    finding: acsFinding(topology, i, input.acsContext, ACS_REQUIRED),
  }));
  return {
    key: 'acs',
    title: 'ACS, UP TO THE ROOT',
    data: steps.map(({ i, f, finding }) => ({
      device: formatAddress(f),
      type: portTypeName(topology.portType[i] as number),
      isolated: finding.isolated ?? null,
      finding: finding.kind,
      says: findingSentence(formatAddress(f), finding),
      capability: factData(f.acs, (acs) =>
        acs === null
          ? null
          : {
              offset: hexData(acs.offset, 3),
              implemented: factData(acs.capability, acsBitNames),
              enabled: factData(acs.control, acsBitNames),
            },
      ),
      missing: finding.kind === 'control' ? finding.missing : [],
    })),
    text: (style) =>
      table(
        [{}, {}, { fit: 'wrap' }, { fit: 'wrap', least: 24 }],
        steps.map(({ i, f, finding }) => [
          style.name(nameOf(analysis, i)),
          finding.isolated === true
            ? style.good('isolated')
            : finding.isolated === false
              ? style.bad('open')
              : style.doubt('not known'),
          portTypeName(topology.portType[i] as number),
          verdict(f, finding),
        ]),
        { width: style.width, indent: 2 },
      ),
  };
}

function verdict(f: PciFunction, finding: AcsFinding): string {
  const acs = known(f.acs);
  if (acs === null || acs === undefined) return withoutName(findingSentence('it', finding));
  const implemented = isUnknown(acs.capability) ? 'not read' : acsBitNames(acs.capability).join(' ') || 'none';
  const enabled = isUnknown(acs.control) ? 'not read' : acsBitNames(acs.control).join(' ') || 'none';
  const words = `ACS at ${hexData(acs.offset, 3)}: has ${implemented}; on ${enabled}`;
  if (finding.kind === 'control')
    return finding.missing.length === 0 ? words : `${words}; lacks ${finding.missing.join(' ')}`;
  return `${words}; ${findingSentence('it', finding)}`;
}

const withoutName = (sentence: string): string =>
  sentence.replace(/^it (?:is|has) /, (m) => (m === 'it is ' ? '' : 'has '));
