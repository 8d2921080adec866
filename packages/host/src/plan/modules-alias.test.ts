import { expect, it } from 'vitest';
import { bestVfioModule, parseVfioAliases } from './modules-alias.ts';

const ALIASES = parseVfioAliases(`# Aliases extracted from modules themselves.
alias pci:v00008086d00001521sv*sd*bc*sc*i* igb
alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci
alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci
alias vfio_pci:v000015B3d0000101Esv000015B3sd*bc*sc*i* special_vfio_pci
`);
const modalias = (vendor: string, device: string, sub = '00000000'): string =>
  `pci:v0000${vendor}d0000${device}sv${sub}sd00000001bc02sc00i00`;

it('takes the variant with the fewest wildcards', () => {
  expect(bestVfioModule(ALIASES, modalias('15B3', '101E'))).toBe('mlx5_vfio_pci');
  expect(bestVfioModule(ALIASES, modalias('15B3', '101E', '000015B3'))).toBe('special_vfio_pci');
  expect(bestVfioModule(ALIASES, modalias('8086', '1521'))).toBe('vfio_pci');
});

it('takes none where the list has none', () => {
  expect(bestVfioModule([], modalias('8086', '1521'))).toBeUndefined();
  expect(bestVfioModule(parseVfioAliases('alias vfio_pci:v1*d2 x'), 'pci:v1d3')).toBeUndefined();
});

it('matches piece by piece, nothing twice', () => {
  const one = (pattern: string, text: string): boolean =>
    bestVfioModule([{ pattern, module: 'm' }], `pci:${text}`) === 'm';
  expect(one('ab*ba', 'aba')).toBe(false);
  expect(one('ab*ba', 'abba')).toBe(true);
  expect(one('a*b*c', 'a-b-b-c')).toBe(true);
  expect(one('a*b*c', 'a-c-b')).toBe(false);
});
