/**
 * @module `isogroups why-not`: can it be handed over now, who is in the way, and what would have to happen first.
 */
import type { Partition } from '@isogroups/core';
import { createLiveTree } from '@isogroups/inventory';
import { type Analysis, formatAddress } from '@isogroups/pci';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { policyData } from '../data/policy-data.ts';
import { deviceName, type Names } from '../names.ts';
import { nameOf } from '../sentences/party.ts';
import { shortNames } from '../sentences/short-names.ts';
import type { CommandSession } from '../session.ts';
import { ownerOf, resolveTarget, type Target, withoutBridges } from '../targets.ts';
import { subjectOf } from './why-not/answer-error.ts';
import { bearingOf } from './why-not/cause-and-facts.ts';
import { ERROR_CAUSES } from './why-not/error-patterns.ts';
import { type Handover, handover } from './why-not/handover.ts';
import { capturedLosses, guardedLosses, type HostLosses } from './why-not/losses.ts';
import { machineBearing } from './why-not/machine-bearing.ts';
import { type RecognisedError, recogniseError } from './why-not/recognise-error.ts';
import type { ErrorData, WhyNotData } from './why-not/why-not-data.ts';
import { type DeviceNames, whyNotText } from './why-not/why-not-text.ts';

export async function run(session: CommandSession, { positional }: CommandArguments): Promise<Answer> {
  const [word] = positional;
  const text = word ?? (await session.stdinText());
  if (text === undefined || text.trim() === '') {
    throw new UsageError('name a device or a group, or give an error text on standard input');
  }
  const isText = word === undefined || /\s/.test(word.trim().replace(/^group\s+\d+$/i, ''));
  const error = isText ? recogniseError(text) : undefined;
  if (error !== undefined && error.pattern === undefined && namesNothing(error)) {
    throw new UsageError(
      'the text names no device and no group, and its cause is not recognised; texts of QEMU, libvirt, DPDK and the ' +
        'kernel about VFIO are, for instance "vfio 0000:01:00.0: group 8 is not viable"',
    );
  }
  const analysis = await session.analysis();
  const partition = await session.groups();
  const data =
    error === undefined
      ? answerTarget(analysis, partition, resolveTarget(analysis, partition, text))
      : answerText(analysis, partition, error);
  const names = deviceNames(analysis, await session.names());
  return {
    exitCode: data.verdict === 'yes' ? 0 : 1,
    data: { ...data, machine: machineData(analysis), policy: policyData(session.policy) },
    text: (style) => whyNotText(data, names, style),
  };
}

function answerTarget(analysis: Analysis, partition: Partition, target: Target): WhyNotData {
  if (target.kind !== 'device') {
    return answer(
      partition,
      handover(analysis, partition, withoutBridges(analysis, target.parties), hostLosses(analysis)),
      null,
    );
  }
  const owner = ownerOf(analysis, target.party);
  const found = handover(analysis, partition, [owner], hostLosses(analysis));
  if (owner === target.party) return answer(partition, found, null);
  const note = `${nameOf(analysis, target.party)} is made by the driver of ${nameOf(analysis, owner)}: the two cannot be handed over apart`;
  return answer(partition, { ...found, notes: [note, ...found.notes] }, null);
}

function answerText(analysis: Analysis, partition: Partition, error: RecognisedError): WhyNotData {
  const { asked, remarks } = subjectOf(analysis, error);
  const cause = error.pattern?.cause ?? null;
  const ofMachine = cause !== null && namesNothing(error) ? machineBearing(analysis, cause) : undefined;
  const found = {
    ...handover(analysis, partition, asked, hostLosses(analysis)),
    ...(ofMachine === undefined ? {} : { steps: ofMachine.steps }),
  };
  const { confirmed, facts } =
    ofMachine ??
    (cause === null || asked.length === 0
      ? ({ confirmed: 'unknown', facts: [] } as const)
      : bearingOf(analysis, asked, found, cause));
  const data: ErrorData = {
    program: error.pattern?.program ?? null,
    cause,
    means: cause === null ? null : ERROR_CAUSES[cause].means,
    devices: error.devices,
    groups: error.groups,
    confirmed,
    facts,
    remarks: ofMachine?.confirmed === 'no' ? [...remarks, NAME_IT] : remarks,
    // Where the facts show the cause, the steps below say what to do about it.
    advice: cause === null || confirmed !== 'unknown' ? [] : ERROR_CAUSES[cause].advice,
  };
  return answer(partition, { ...found, verdict: verdictOn(found, asked, confirmed) }, data);
}

/** Only of the running machine there is more to see than its devices. */
function hostLosses(analysis: Analysis): HostLosses {
  return analysis.machine.source.kind === 'live' ? guardedLosses(createLiveTree()) : capturedLosses(analysis);
}

/** The text says that it failed: a "yes" needs facts that contradict it. */
function verdictOn(
  { verdict }: Handover,
  asked: readonly number[],
  confirmed: ErrorData['confirmed'],
): Handover['verdict'] {
  if (asked.length === 0) return confirmed === 'yes' ? 'no' : 'undecided';
  return verdict === 'yes' && confirmed !== 'no' ? 'undecided' : verdict;
}

const NAME_IT = 'name the device to be told what stands in its way: isogroups why-not 01:00.0';

const namesNothing = ({ devices, groups }: RecognisedError): boolean => devices.length + groups.length === 0;

function answer({ policy }: Partition, found: Handover, error: ErrorData | null): WhyNotData {
  return {
    kind: 'why-not',
    policy: policy.name,
    error,
    ...found,
    hindrances: found.hindrances.map(({ steps: _, acceptedBy, ...h }) => ({ ...h, acceptedBy: acceptedBy ?? null })),
  };
}

function deviceNames(analysis: Analysis, names: Names): DeviceNames {
  const functions = new Map(analysis.machine.functions.map((f) => [formatAddress(f), f]));
  return {
    short: shortNames(analysis),
    long: (device) => {
      const f = functions.get(device);
      return f === undefined ? '' : deviceName(names, f);
    },
  };
}
