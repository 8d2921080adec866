/**
 * @module PCI Express device/port types (PCIe 6.0, 7.5.3.2, bits 7:4 of the PCI Express Capabilities register).
 */

export const PORT: Readonly<
  Record<
    | 'endpoint'
    | 'legacyEndpoint'
    | 'root'
    | 'upstream'
    | 'downstream'
    | 'expressToPci'
    | 'pciToExpress'
    | 'rcIntegratedEndpoint'
    | 'eventCollector',
    number
  >
> = Object.freeze({
  endpoint: 0,
  legacyEndpoint: 1,
  root: 4,
  upstream: 5,
  downstream: 6,
  expressToPci: 7,
  pciToExpress: 8,
  rcIntegratedEndpoint: 9,
  eventCollector: 10,
});

/** A function without a PCI Express capability. */
export const NOT_EXPRESS = -1;
/** The capability could not be read. */
export const UNKNOWN_TYPE = -2;

const NAMES: Readonly<Record<number, string>> = Object.freeze({
  [PORT.endpoint]: 'endpoint',
  [PORT.legacyEndpoint]: 'legacy endpoint',
  [PORT.root]: 'root port',
  [PORT.upstream]: 'switch upstream port',
  [PORT.downstream]: 'switch downstream port',
  [PORT.expressToPci]: 'PCIe-to-PCI bridge',
  [PORT.pciToExpress]: 'PCI-to-PCIe bridge',
  [PORT.rcIntegratedEndpoint]: 'root complex integrated endpoint',
  [PORT.eventCollector]: 'root complex event collector',
  [NOT_EXPRESS]: 'conventional PCI function',
  [UNKNOWN_TYPE]: 'function of unknown type',
});

/** `root port`, `switch downstream port`, …; `PCI Express function of type 12` for a reserved type. */
export function portTypeName(type: number): string {
  return NAMES[type] ?? `PCI Express function of type ${type}`;
}
