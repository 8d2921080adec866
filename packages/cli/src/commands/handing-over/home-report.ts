/**
 * @module How devices came home, in words and as data.
 */
import type { ClaimFailure, HomeReport } from '@isogroups/host';
import type { Style } from '../../render/style.ts';
import { paragraph } from '../../render/text.ts';
import { bullets, sections, shellLine } from './plan-text.ts';

export function homeData({ kind, differences, failures }: HomeReport): Record<string, unknown> {
  return { state: kind, differences, failures: failures.map(failureSentence) };
}

/** A clause that says what was tried and what the kernel answered. */
export function failureSentence(failure: ClaimFailure): string {
  switch (failure.kind) {
    case 'errno':
      return `"${shellLine(failure.step)}" failed: ${failure.says} (${failure.errno})`;
    case 'not-so':
      return `"${shellLine(failure.step)}" returned, but ${failure.says}`;
    case 'stuck':
      return `"${shellLine(failure.step)}" has not returned for ${failure.deadlineMs / 1000} s and is left in process ${failure.writer.pid}, which nothing can end before the kernel lets it go`;
    case 'journal':
      return `the journal could not be written: ${failure.says}`;
    case 'changed':
      return failure.says;
  }
}

export function homeText({ kind, differences, failures }: HomeReport, style: Style): string {
  const says =
    kind === 'paused' && differences.length === 0
      ? `Everything is back as it was, but the journal ${style.bad('could not be told')}. Make room: isogroups recover ends the claim then.`
      : kind === 'paused'
        ? `${style.bad('Not everything is back')} as it was. isogroups recover goes on with it, as often as it takes.`
        : differences.length === 0
          ? 'Everything is back as it was.'
          : 'Everything that can be is back as it was.';
  return sections(
    [
      ['', paragraph(says, style.width)],
      [
        'What is different',
        bullets(
          differences.map((d) => d.says),
          style,
        ),
      ],
      ['What failed', bullets(failures.map(failureSentence), style)],
    ],
    style,
  );
}
