/**
 * @module IVRS tables that between them have all that is decoded, for tests and fuzzing.
 */
import { ascii, u64 } from '../encode/bytes.ts';
import {
  buildIvrs,
  ivhd,
  ivhdAcpi,
  ivhdAlias,
  ivhdAliasRangeStart,
  ivhdAll,
  ivhdExtended,
  ivhdExtendedRangeStart,
  ivhdPad,
  ivhdPad8,
  ivhdRangeEnd,
  ivhdRangeStart,
  ivhdSelect,
  ivhdSpecial,
  ivmd,
} from '../encode/ivrs.ts';

export function sampleIvrs(): readonly Uint8Array[] {
  const old = [ivhdSelect(0x0008), ivhdRangeStart(0x0010), ivhdRangeEnd(0xfffe), ivhdSpecial(1, 4, 0x00a0, 0xd7)];
  return [
    buildIvrs(ivhd({}, ivhdAll())),
    buildIvrs(
      ivhd({}, ...old),
      ivhd({ type: 0x11 }, ...old, ivhdAliasRangeStart(0x0500, 0x0400), ivhdRangeEnd(0x05ff)),
      ivmd(0x22, 0x07, 0x0008, 0x0010, 0x7000_0000n, 0x10_0000n),
      ivhd(
        { type: 0x40 },
        ...old,
        ivhdPad(),
        ivhdPad8(),
        ivhdAlias(0x0508, 0x0400),
        ivhdExtended(0x0600, 0x8000_0000),
        ivhdExtendedRangeStart(0x0700, 0),
        ivhdRangeEnd(0x07ff),
        ivhdSpecial(2, 0, 0x00a0),
        ivhdAcpi(0x00a5, 'AMDI0020', 2, ascii('ID00')),
        ivhdAcpi(0x00a6, 'AMDI0095', 1, u64(3)),
      ),
      ivmd(0x20, 0x08, 0, 0, 0n, 0x1000n),
      ivmd(0x21, 0x01, 0x0100, 0, 0x1000n, 0x1000n),
    ),
  ];
}
