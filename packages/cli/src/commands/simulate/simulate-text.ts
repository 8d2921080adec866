/**
 * @module The answer of `simulate` as text: the tree of devices.
 */
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import type { SimulateData, SimulatedFunctionData } from './simulate-data.ts';

export function simulateText(data: SimulateData, style: Style): string {
  const { functions, softwareDevices, problems, file } = data;
  const depths = depthsOf(functions);
  const rows = functions.flatMap((f) => {
    const indent = '  '.repeat(depths.get(f.device) ?? 0);
    const software = softwareDevices.filter((s) => s.parent === f.device);
    return [
      [
        `${indent}${f.device}`,
        f.label,
        f.kernelGroup === null ? '-' : String(f.kernelGroup),
        f.driver ?? '-',
        acsWords(f.acs),
      ],
      ...software.map((s) => [`${indent}  ${s.name}`, s.bus, '', '', '']),
    ];
  });
  const columns = ['DEVICE', 'NAME', 'GROUP', 'DRIVER', 'ACS'].map((header) => ({ header }));
  const blocks = [table(columns, rows, { width: style.width, head: (text) => style.strong(text) })];
  for (const problem of problems) blocks.push(paragraph(problem, style.width));
  blocks.push(file === null ? paragraph(ELSEWHERE, style.width) : `${style.strong(file)}: its snapshot, for --machine`);
  return blocks.join('\n\n');
}

const ELSEWHERE =
  "-o writes its snapshot; every command takes the machine itself: isogroups why <a> <b> --machine 'sim: …'";

/** A function stands below the bridge that leads to it. */
function depthsOf(functions: readonly SimulatedFunctionData[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { device, parent } of functions) depths.set(device, parent === null ? 0 : (depths.get(parent) ?? 0) + 1);
  return depths;
}

function acsWords(acs: SimulatedFunctionData['acs']): string {
  if (acs === null) return '-';
  const off = acs.implemented.filter((bit) => !acs.on.includes(bit));
  return [...acs.on.map((bit) => `${bit}+`), ...off.map((bit) => `${bit}-`)].join(' ') || 'nothing implemented';
}
