/**
 * @module What may stand in square brackets behind the word of a function, and how each is written.
 */
import { parseAcs, printAcs } from './acs-words.ts';
import type {
  BarDescription,
  FunctionOptions,
  PortWord,
  ResetWord,
  VirtualFunctionsDescription,
} from './description.ts';

export interface OptionWord {
  readonly word: string;
  /** For the manual: what it does. */
  readonly says: string;
  /** What may follow the equals sign, for the manual and for errors: `on or off`. */
  readonly value: string;
  /** What the option sets; `undefined` where the value is none of those. Without an equals sign the value is `undefined`. */
  parse(value: string | undefined): FunctionOptions | undefined;
  /** The value as it is written, `''` for a bare word; `undefined` where the options say nothing of it. */
  print(options: FunctionOptions): string | undefined;
}

type Key = keyof FunctionOptions;

function option<K extends Key>(
  word: string,
  key: K,
  says: string,
  value: string,
  parse: (value: string | undefined) => FunctionOptions[K] | undefined,
  print: (value: Exclude<FunctionOptions[K], undefined>) => string,
): OptionWord {
  return Object.freeze({
    word,
    says,
    value,
    parse: (text: string | undefined) => {
      const parsed = parse(text);
      return parsed === undefined ? undefined : ({ [key]: parsed } as FunctionOptions);
    },
    print: (options: FunctionOptions) => {
      const set = options[key];
      return set === undefined ? undefined : print(set as Exclude<FunctionOptions[K], undefined>);
    },
  });
}

/** Bare or `=on`: true; `=off`: false. */
const onOff = (text: string | undefined): boolean | undefined =>
  text === undefined || text === 'on' ? true : text === 'off' ? false : undefined;
const printOnOff = (on: boolean): string => (on ? '' : 'off');
const ON_OFF = 'on (also without a value) or off';

const hex = (digits: string): number => Number.parseInt(digits, 16);
const printHex = (value: number, width: number): string => value.toString(16).padStart(width, '0');

function parseIds(text: string | undefined): { vendor: number; device: number } | undefined {
  const m = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(text ?? '');
  return m === null ? undefined : Object.freeze({ vendor: hex(m[1] as string), device: hex(m[2] as string) });
}
const printIds = (ids: { vendor: number; device: number }): string =>
  `${printHex(ids.vendor, 4)}:${printHex(ids.device, 4)}`;

const count =
  (least: number, most: number) =>
  (text: string | undefined): number | undefined => {
    const value = /^\d{1,5}$/.test(text ?? '') ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };

const hexOf =
  (width: number) =>
  (text: string | undefined): number | undefined =>
    new RegExp(`^[0-9a-f]{${width}}$`, 'i').test(text ?? '') ? hex(text as string) : undefined;

function parseDevfn(text: string | undefined): number | undefined {
  const m = /^([0-9a-f]{1,2})\.([0-7])$/i.exec(text ?? '');
  const device = m === null ? 32 : hex(m[1] as string);
  return device > 31 ? undefined : (device << 3) | Number((m as RegExpExecArray)[2]);
}

const PORT_WORDS: readonly PortWord[] = [
  'endpoint',
  'legacy',
  'rciep',
  'collector',
  'root',
  'upstream',
  'downstream',
  'pcie-to-pci',
  'pci-to-pcie',
  'conventional',
];
const RESET_WORDS: readonly ResetWord[] = ['flr', 'af', 'pm', 'bus'];
const oneOf =
  <W extends string>(words: readonly W[]) =>
  (text: string | undefined): W | undefined =>
    words.find((word) => word === text);
const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const UNITS = ['', 'K', 'M', 'G'] as const;

function parseBars(text: string | undefined): readonly BarDescription[] | undefined {
  if (text === 'none') return Object.freeze([]);
  const bars: BarDescription[] = [];
  let registers = 0;
  for (const word of (text ?? '').split('+')) {
    const m = /^(\d{1,4})([KMG]?)(?::(32|64))?$/.exec(word);
    if (m === null) return undefined;
    const size = Number(m[1]) * 1024 ** UNITS.indexOf(m[2] as (typeof UNITS)[number]);
    const bits = m[3] === '32' ? 32 : 64;
    const largest = bits === 32 ? 2 ** 30 : 2 ** 40;
    if (size < 16 || size > largest || !Number.isInteger(Math.log2(size))) return undefined;
    bars.push(Object.freeze({ size, bits }));
    registers += bits / 32;
  }
  return registers > 6 ? undefined : Object.freeze(bars);
}

function printBars(bars: readonly BarDescription[]): string {
  if (bars.length === 0) return 'none';
  return bars.map(({ size, bits }) => `${printSize(size)}${bits === 32 ? ':32' : ''}`).join('+');
}

function printSize(size: number): string {
  const unit = UNITS.findLastIndex((_, power) => size >= 1024 ** power);
  return `${size / 1024 ** unit}${UNITS[unit]}`;
}

/** `4`, `4/8` enabled of all, `@128/2` offset and stride, `~SV+RR` their ACS. */
const VFS = /^(\d{1,3})(?:\/(\d{1,3}))?(?:@(\d{1,4})\/(\d{1,3}))?(?:~(\S+))?$/;
const DEFAULT_OFFSET = 128;
const DEFAULT_STRIDE = 1;
const MOST_VFS = 256;

function parseVfs(text: string | undefined): VirtualFunctionsDescription | undefined {
  const m = VFS.exec(text ?? '');
  if (m === null) return undefined;
  const enabled = Number(m[1]);
  const total = m[2] === undefined ? enabled : Number(m[2]);
  const offset = m[3] === undefined ? DEFAULT_OFFSET : Number(m[3]);
  const stride = m[4] === undefined ? DEFAULT_STRIDE : Number(m[4]);
  if (enabled > total || total === 0 || total > MOST_VFS || offset === 0 || (stride === 0 && total > 1))
    return undefined;
  const acs = m[5] === undefined ? undefined : parseAcs(m[5]);
  if (m[5] !== undefined && acs === undefined) return undefined;
  return Object.freeze({ enabled, total, offset, stride, ...(acs === undefined ? {} : { acs }) });
}

function printVfs({ enabled, total, offset, stride, acs }: VirtualFunctionsDescription): string {
  const of = total === enabled ? '' : `/${total}`;
  const at = offset === DEFAULT_OFFSET && stride === DEFAULT_STRIDE ? '' : `@${offset}/${stride}`;
  return `${enabled}${of}${at}${acs === undefined ? '' : `~${printAcs(acs)}`}`;
}

const SERIAL = /^[0-9a-f]{2}(?:-[0-9a-f]{2}){7}$/;

// biome-ignore format: a table
export const OPTION_WORDS: readonly OptionWord[] = Object.freeze([
  option('acs', 'acs', 'Access Control Services: the bits that are on and, behind a slash, those that are implemented (otherwise SV TB RR CR UF and those that are on)',
    'on (also without a value), off, all, bits such as SV+RR or on-UF, or a number such as 0x1d', (text) => parseAcs(text ?? 'on'), (acs) => printAcs(acs)),
  option('ats', 'ats', 'Address Translation Services', ON_OFF, onOff, printOnOff),
  option('pri', 'pri', 'Page Request Interface', ON_OFF, onOff, printOnOff),
  option('pasid', 'pasid', 'Process Address Space Ids', ON_OFF, onOff, printOnOff),
  option('msi', 'msi', 'message-signalled interrupts', ON_OFF, onOff, printOnOff),
  option('msix', 'msix', 'MSI-X', ON_OFF, onOff, printOnOff),
  option('reset', 'reset', 'the reset that leaves its neighbours alone; bus: it has none', listed(RESET_WORDS), oneOf(RESET_WORDS), String),
  option('id', 'id', 'vendor and device', 'two times four hexadecimal digits: 1b4b:9230', parseIds, printIds),
  option('sub', 'subsystem', 'subsystem vendor and device', 'two times four hexadecimal digits', parseIds, printIds),
  option('class', 'classCode', 'class code', 'six hexadecimal digits: 010802', hexOf(6), (code) => printHex(code, 6)),
  option('rev', 'revision', 'revision', 'two hexadecimal digits', hexOf(2), (revision) => printHex(revision, 2)),
  option('serial', 'serial', 'serial number', 'eight bytes: 00-11-22-ff-ff-33-44-55', (text) => (SERIAL.test(text ?? '') ? text : undefined), String),
  option('driver', 'driver', 'the driver that is bound from the start', 'a name, or none',
    (text) => (text === 'none' ? null : /^[\w-]{1,64}$/.test(text ?? '') ? text : undefined), (driver) => driver ?? 'none'),
  option('at', 'at', 'device and function number', 'as in an address: 1c.0', parseDevfn, (devfn) => `${printHex(devfn >> 3, 2)}.${devfn & 7}`),
  option('type', 'type', 'the type that its PCI Express capability states; conventional: it has none', listed(PORT_WORDS), oneOf(PORT_WORDS), String),
  option('mf', 'multifunction', "the header's multifunction bit, where it is wrong", ON_OFF, onOff, printOnOff),
  option('ari', 'ari', 'ARI forwarding of a port', ON_OFF, onOff, printOnOff),
  option('vfs', 'vfs', 'virtual functions: enabled/all@offset/stride~ACS', 'a number, such as 4, 2/8, 4@128/2 or 4~SV+RR', parseVfs, printVfs),
  option('bar', 'bars', 'address ranges, 64 bits wide or, with :32, 32 bits', 'none, or powers of two such as 16K+256M or 4K:32', parseBars, printBars),
  option('spare', 'spare', 'bus numbers that are kept free below a port', 'a number up to 200', count(1, 200), String),
  option('rmrr', 'rmrr', 'memory that the firmware shares with it', ON_OFF, onOff, printOnOff),
  option('unit', 'unit', 'on a root bus: the IOMMU unit for it and what is below it', 'a number from 1 to 63, or none',
    (text) => (text === 'none' ? null : count(1, 63)(text)), (unit) => (unit === null ? 'none' : String(unit))),
]);

export const optionWord = (word: string): OptionWord | undefined => OPTION_WORDS.find((o) => o.word === word);
