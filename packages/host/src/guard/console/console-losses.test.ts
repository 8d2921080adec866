import { describe, expect, it } from 'vitest';
import { findLosses } from '../find-losses.ts';
import { type FileRecipes, hostOf, pciFunction, placeOf } from '../testing/host-files.ts';

const CARD = '0000:05:00.0';
const OTHER = '0000:06:00.0';
const lossesWith = (...parts: FileRecipes[]) => findLosses(hostOf(...parts), [CARD]);
const shown = (...parts: FileRecipes[]) => lossesWith(...parts).map(({ item, effect }) => `${item} ${effect}`);
const bound = (driver: string): FileRecipes => ({ driver: { link: `../../../../bus/pci/drivers/${driver}` } });

describe('displays', () => {
  const gpu = (more: FileRecipes = {}) => pciFunction(CARD, more, '0x030000');

  it('boot-display, with what the firmware set up on it', () => {
    const firmware = { 'sys/class/graphics/fb0': { link: '../../devices/platform/efi-framebuffer.0/graphics/fb0' } };
    const [display, ...more] = lossesWith(gpu({ boot_vga: '1', ...bound('i915') }), firmware);
    expect(more).toEqual([]);
    expect(display).toMatchObject({ kind: 'boot-display', item: `boot-display:${CARD}`, effect: 'lost' });
    expect(display?.evidence.map(({ file }) => file)).toContain('sys/class/graphics/fb0');
  });

  it('the boot display without a driver shows the text console', () => {
    expect(shown(gpu({ boot_vga: '1' }))).toEqual([`boot-display:${CARD} lost`]);
  });

  it('a boot display that VFIO has already is nobody’s console', () => {
    expect(shown(gpu({ boot_vga: '1', ...bound('vfio-pci') }))).toEqual([]);
  });

  it('a second card counts if a screen is plugged in', () => {
    const connector = (status: string): FileRecipes => ({
      'sys/class/drm/card1-HDMI-A-1': { link: `../../devices/${placeOf(CARD)}/drm/card1/card1-HDMI-A-1` },
      [`sys/devices/${placeOf(CARD)}/drm/card1/card1-HDMI-A-1/status`]: status,
    });
    expect(shown(gpu({ boot_vga: '0', ...bound('amdgpu') }), connector('connected'))).toEqual([`display:${CARD} lost`]);
    expect(shown(gpu({ boot_vga: '0', ...bound('amdgpu') }), connector('disconnected'))).toEqual([]);
  });
});

describe('keyboards', () => {
  const FULL = '402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe';
  const input = (n: number, path: string, key = FULL): FileRecipes => ({
    [`sys/class/input/input${n}`]: { link: `../../devices/${path}/input/input${n}` },
    [`sys/devices/${path}/input/input${n}/capabilities/key`]: key,
    [`sys/devices/${path}/input/input${n}/name`]: `Keyboard ${n}`,
  });
  const usb = pciFunction(CARD, {}, '0x0c0330');
  const here = input(3, `${placeOf(CARD)}/usb1/1-2/1-2:1.0/0003:046D:C31C.0001`);

  it('last-keyboard-behind-a-usb-controller', () => {
    expect(lossesWith(usb, here)).toEqual([
      expect.objectContaining({
        kind: 'keyboard',
        effect: 'lost',
        says: `the last keyboard (Keyboard 3) is behind ${CARD}`,
      }),
    ]);
  });

  it('another one on PS/2 or on another controller will do', () => {
    expect(shown(usb, here, input(1, 'platform/i8042/serio0'))).toEqual([]);
    expect(shown(usb, here, pciFunction(OTHER), input(4, `${placeOf(OTHER)}/usb2/2-1`))).toEqual([]);
  });

  it('a power button is no keyboard', () => {
    expect(shown(usb, here, input(1, 'LNXSYSTM:00/LNXPWRBN:00', '10000000000000 0'))).toEqual(['keyboard lost']);
  });

  it('one of Bluetooth may hang on anything', () => {
    expect(shown(usb, here, input(9, 'virtual/misc/uhid/0005:046D:B342.0002'))).toEqual(['keyboard undecided']);
  });
});

describe('consoles', () => {
  const serial = {
    ...pciFunction(CARD, {}, '0x070002'),
    'sys/class/tty/ttyS4': { link: `../../devices/${placeOf(CARD)}/tty/ttyS4` },
    'sys/class/tty/tty0': { link: '../../devices/virtual/tty/tty0' },
  };

  it('serial-console-on-a-card', () => {
    expect(shown(serial, { 'proc/consoles': 'ttyS4                -W- (EC p a)    4:68' })).toEqual([
      'console:ttyS4 lost',
    ]);
  });

  it('beside another one, and one that stays', () => {
    const both = 'tty0                 -WU (EC  p  )    4:1\nttyS4                -W- (E  p a)    4:68';
    expect(shown(serial, { 'proc/consoles': both })).toEqual(['console:ttyS4 degraded']);
    expect(shown(serial, { 'proc/consoles': 'tty0                 -WU (EC  p  )    4:1' })).toEqual([]);
  });
});

describe('functions that go along', () => {
  const VF = '0000:05:10.0';
  const pf = {
    ...pciFunction(CARD, { virtfn0: { link: `../${VF}` } }),
    ...pciFunction(VF),
  };

  it('virtual functions that nobody named', () => {
    expect(shown(pf)).toEqual([`virtual-functions:${CARD} lost`]);
    expect(findLosses(hostOf(pf), [CARD, VF])).toEqual([]);
  });

  it('functions behind Intel VMD', () => {
    const child = '10000:e1:00.0';
    const tree = hostOf(pciFunction(CARD), {
      [`sys/bus/pci/devices/${child}`]: {
        link: `../../../devices/${placeOf(CARD)}/pci10000:e0/10000:e0:06.0/${child}`,
      },
    });
    expect(findLosses(tree, [CARD]).map(({ item }) => item)).toEqual([`functions-behind:${CARD}`]);
  });
});
