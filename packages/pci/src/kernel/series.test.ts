import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, KERNEL_SERIES, parseKernelRelease, rulesOf } from './series.ts';

const rules = (release: string, version = ''): ReturnType<typeof rulesOf> =>
  rulesOf(parseKernelRelease(release, version));

describe('parseKernelRelease', () => {
  it.each([
    ['6.1.0-56-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-10-18)', '6.1', 6, 1, 192],
    ['6.12.113+deb12-arm64', '#1 SMP Debian 6.12.113-1~deb12u1 (2026-10-18)', '6.12', 6, 12, 113],
    ['7.3.4+deb13-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 7.3.4-1~bpo13+1', '7.3', 7, 3, 4],
    ['6.12.15-arch1-1', '#1 SMP PREEMPT_DYNAMIC', '6.12', 6, 12, 15],
    ['6.8.0-45-generic', '#45-Ubuntu SMP', '6.1', 6, 8, undefined],
    ['6.8.0-45-generic', 'Ubuntu 6.8.0-45.45-generic 6.8.12', '6.1', 6, 8, 12],
    ['6.18', '', '6.18', 6, 18, undefined],
    ['v7.1', '', '7.1', 7, 1, undefined],
    ['6.13.0', '', '6.12', 6, 13, 0],
    ['7.0.0-rc3', '', '7.0', 7, 0, 0],
  ])('reads %s, %s', (release, version, series, major, minor, patch) => {
    const parsed = parseKernelRelease(release, version);
    expect(parsed.series).toBe(series);
    expect(parsed.exact).toEqual({ major, minor, patch });
  });

  it('does not take the patch level of another series', () => {
    expect(parseKernelRelease('6.12.9', 'built on Debian 6.1.192-2').exact.patch).toBe(9);
  });

  it('says what it had to assume', () => {
    expect(parseKernelRelease('6.12.15').note).toBeUndefined();
    expect(parseKernelRelease('6.12').note).toBeUndefined();
    expect(parseKernelRelease('6.8.0-45-generic').note).toMatch(/last point release/);
    expect(parseKernelRelease('8.0.1').note).toMatch(/newer .* 7\.3/);
    expect(parseKernelRelease('7.4.0').series).toBe('7.3');
    expect(parseKernelRelease('5.15.3').note).toMatch(/older .* 6\.1/);
    expect(parseKernelRelease(undefined).note).toMatch(/not known/);
    expect(parseKernelRelease('banana')).toMatchObject({ series: '7.3', note: expect.stringMatching(/banana/) });
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (release, version) => {
        expect(KERNEL_SERIES).toContain(rules(release, version).release.series);
      }),
    );
  });
});

describe('atLeast', () => {
  it('compares numbers, and takes an unknown patch level as the last', () => {
    const of = (text: string) => parseKernelRelease(text);
    expect(atLeast(of('6.9.1'), 6, 12)).toBe(false);
    expect(atLeast(of('6.12.34'), 6, 12, 35)).toBe(false);
    expect(atLeast(of('6.12.35'), 6, 12, 35)).toBe(true);
    expect(atLeast(of('6.12'), 6, 12, 999)).toBe(true);
    expect(atLeast(of('10.0.0'), 7, 3)).toBe(true);
  });
});

describe('rulesOf', () => {
  it.each([
    ['6.1.164', 'enumeration'],
    ['6.1.165', 'driver-bind'],
    ['6.1.168', 'driver-bind'],
    ['6.1.169', 'enumeration'],
    ['6.6.134', 'driver-bind'],
    ['6.6.135', 'enumeration'],
    ['6.12.74', 'enumeration'],
    ['6.12.75', 'driver-bind'],
    ['6.12.82', 'driver-bind'],
    ['6.12.83', 'enumeration'],
    ['6.12', 'enumeration'],
    ['6.18.15', 'enumeration'],
    ['6.18.16', 'iommu-probe'],
    ['7.0.0', 'iommu-probe'],
    ['7.3.4', 'iommu-probe'],
  ])('%s writes ACS at %s', (release, point) => {
    expect(rules(release).acsEnabledAt).toBe(point);
  });

  it.each([
    ['6.1.192', 'plain', 'absent'],
    ['6.10.14', 'plain', 'absent'],
    ['6.11.0', 'broken-6.11', 'broken-6.11'],
    ['6.12.15', 'broken-6.11', 'broken-6.11'],
    ['6.12.22', 'broken-6.11', 'broken-6.11'],
    ['6.12.23', 'firmware-only', 'fixed'],
    ['6.14.1', 'broken-6.11', 'broken-6.11'],
    ['6.15.0', 'firmware-only', 'fixed'],
    ['7.3.4', 'firmware-only', 'fixed'],
  ])('%s: disable_acs_redir is %s, config_acs %s', (release, redirect, config) => {
    expect(rules(release)).toMatchObject({ disableAcsRedir: redirect, configAcs: config });
  });

  it('has the tables of the releases whose sources were read', () => {
    const of = (release: string): readonly boolean[] => {
      const r = rules(release);
      return [r.loongsonAcsRows, r.qualcommHamoaAcsRows, r.switchtecPci100x, r.idtSourceValidationRemoved];
    };
    expect(of('6.1.166')).toEqual([true, true, true, false]);
    expect(of('6.12.15')).toEqual([false, false, false, false]);
    expect(of('6.12.113')).toEqual([true, true, true, false]);
    expect(of('6.18.15')).toEqual([true, false, true, false]);
    expect(of('7.1.5')).toEqual([true, true, true, true]);
  });

  it('differs where the series do', () => {
    expect(rules('6.1.166')).toMatchObject({ severalIommuDrivers: false, isolatedMsiPerDevice: false });
    expect(rules('6.12.15')).toMatchObject({ severalIommuDrivers: true, isolatedMsiPerDevice: true });
    expect(rules('6.12.15').smmuRejectsDuplicateIds).toBe(true);
    expect(rules('6.12.113').smmuRejectsDuplicateIds).toBe(false);
    expect(rules('6.14.9').iommuCoreConfiguresDma).toBe(false);
    expect(rules('6.18.1')).toMatchObject({ iommuCoreConfiguresDma: true, astBridgeNoAlias: false });
    expect(rules('7.0')).toMatchObject({ astBridgeNoAlias: true });
  });
});
