import { describe, expect, it } from 'vitest';
import { formatIpAddress, parseIpAddress } from './address.ts';

describe('IP addresses', () => {
  it.each(['192.168.1.5', '0.0.0.0', '2001:db8::5', '::1', '::', 'fe80::1:0:0:2', '1:2:3:4:5:6:7:8'])('%s', (text) => {
    const address = parseIpAddress(text);
    expect(address).toBeDefined();
    expect(address === undefined ? '' : formatIpAddress(address)).toBe(text);
  });

  it('an IPv4 address in IPv6 is the IPv4 address', () => {
    expect(parseIpAddress('::ffff:10.0.0.1')).toEqual({ family: 4, value: 0x0a000001n });
  });

  it.each(['', '1.2.3', '1.2.3.256', '1::2::3', '1:2:3', 'g::1', '12345::', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8'])(
    '"%s" is none',
    (text) => {
      expect(parseIpAddress(text)).toBeUndefined();
    },
  );
});
