/**
 * @module Disks that the kernel itself serves to others: NVMe targets, and SCSI targets of LIO.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { FileSystems } from './file-systems.ts';

interface Export {
  readonly name: string;
  readonly file: string;
}

/** They hold a disk without an open file of any process; configfs says which. */
export function exportLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  return [...nvmeTargets(tree), ...scsiTargets(tree)].flatMap(({ name, file }): readonly Loss[] => {
    const disk = textAt(tree, file) ?? '';
    const fate = disk.startsWith('/dev/') ? systems.fateOfSource(disk) : systems.fateOfFile(disk);
    const subject = `${name} is served from`;
    const shown = [evidence(file, disk)];
    return lossesOf(fate, { kind: 'exported', item: `exported:${name}`, subject, shown });
  });
}

const NVME = 'sys/kernel/config/nvmet/subsystems';

function nvmeTargets(tree: MachineTree): readonly Export[] {
  return namesAt(tree, NVME).flatMap((subsystem) =>
    namesAt(tree, `${NVME}/${subsystem}/namespaces`)
      .filter((id) => textAt(tree, `${NVME}/${subsystem}/namespaces/${id}/enable`) === '1')
      .map((id) => ({ name: `${subsystem}/${id}`, file: `${NVME}/${subsystem}/namespaces/${id}/device_path` })),
  );
}

const LIO = 'sys/kernel/config/target/core';

/** `iblock_0/disk1`: a disk; `fileio_0/image`: a file. */
function scsiTargets(tree: MachineTree): readonly Export[] {
  return namesAt(tree, LIO)
    .filter((adapter) => /^(?:iblock|fileio)_\d+$/.test(adapter))
    .flatMap((adapter) =>
      namesAt(tree, `${LIO}/${adapter}`)
        .filter((name) => textAt(tree, `${LIO}/${adapter}/${name}/enable`) === '1')
        .map((name) => ({ name, file: `${LIO}/${adapter}/${name}/udev_path` })),
    );
}
