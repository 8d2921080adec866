import { expect, it } from 'vitest';
import { createInterruptController, type InterruptController } from './interrupts.ts';

const NIC = 0x100;
const NVME = 0x200;

it('without remapping delivers whatever vector anybody writes', () => {
  const controller = createInterruptController(false);
  expect(controller.grant(NIC, 0x41)).toEqual({ address: 0xfee0_0000, data: 0x41 });
  const forged = { address: controller.window.last - 3, data: 0x80 };
  expect(controller.write(NVME, forged)).toEqual({ kind: 'delivered', vector: 0x80, requester: NVME });
});

it('with remapping delivers what was granted to who was granted it', () => {
  const controller = createInterruptController(true);
  const [first, second] = [controller.grant(NIC, 0x41), controller.grant(NVME, 0x42)];
  expect(controller.write(NIC, first)).toEqual({ kind: 'delivered', vector: 0x41, requester: NIC });
  expect(controller.write(NVME, second)).toMatchObject({ vector: 0x42 });
  expect(controller.write(NVME, first)).toEqual({ kind: 'blocked', requester: NVME, reason: 'source-id' });
  expect(controller.write(NIC, { address: 0xfee0_0000, data: 0x41 })).toMatchObject({ reason: 'compatibility-format' });
  expect(controller.write(NIC, { address: 0xfeef_fff0, data: 0 })).toMatchObject({ reason: 'no-entry' });
});

it('takes back a grant, and gives its place to the next', () => {
  const controller = createInterruptController(true);
  const message = controller.grant(NIC, 0x41);
  controller.revoke(message);
  expect(controller.write(NIC, message)).toMatchObject({ kind: 'blocked', reason: 'no-entry' });
  expect(() => controller.revoke(message)).toThrow(/EINVAL/);
  expect(controller.grant(NVME, 0x50)).toEqual(message);
});

function fill(controller: InterruptController): void {
  for (let k = 0; k < 1 << 15; k++) controller.grant(NIC, 16 + (k % 240));
}

it('refuses what is no vector, and more than its table holds', () => {
  const controller = createInterruptController(true);
  for (const vector of [0, 15, 256, 40.5]) expect(() => controller.grant(NIC, vector)).toThrow(/EINVAL/);
  fill(controller);
  expect(() => controller.grant(NIC, 0x41)).toThrow(/ERANGE/);
  expect(controller.write(NIC, { address: 0xfeef_fff0, data: 0 })).toMatchObject({ kind: 'delivered' });
});
