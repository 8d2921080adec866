/**
 * @module Where the memory of a proof is: a page of the host, a page of each domain, and the one address at which every
 * domain maps its own. Above the memory of any machine and below what functions claim (lay-out.ts).
 */
const BASE = 0x1000_0000_0000;
const PAGE = 0x1000;

/** A page of the host's own memory, mapped in no domain. */
export const HOST_PAGE: number = BASE;
/** Every domain maps this address, to its own page. */
export const SHARED_ADDRESS: number = BASE + 0x1000_0000;
const DOMAIN_PAGES = BASE + 0x1_0000_0000;

export const pageOfDomain = (domain: number): number => DOMAIN_PAGES + domain * PAGE;

/** The domain whose page the physical address is in; undefined for all other memory. */
export function domainOfPage(address: number): number | undefined {
  return address >= DOMAIN_PAGES ? Math.floor((address - DOMAIN_PAGES) / PAGE) : undefined;
}
