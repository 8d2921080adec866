import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha1 } from './sha1.ts';
import { uuidV5 } from './uuid-v5.ts';

it('computes the digests that Node computes, whatever the length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      expect(Buffer.from(sha1(message)).toString('hex')).toBe(createHash('sha1').update(message).digest('hex'));
    }),
  );
});

it('makes the UUID of the example in RFC 9562 (A.4)', () => {
  expect(uuidV5('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

it('gives a group the same UUID for ever', () => {
  expect(uuidV5('vtd0/0000:01:00.0')).toBe('4c5b9e89-00ef-5d1c-bf81-1ddccf25c632');
});

it('takes the bytes of a name as UTF-8', () => {
  const namespace = '00000000-0000-0000-0000-000000000000';
  fc.assert(
    fc.property(fc.array(fc.nat(0x10ffff)), (points) => {
      const name = String.fromCodePoint(...points);
      const digest = createHash('sha1').update(Buffer.alloc(16)).update(name).digest('hex');
      expect(uuidV5(name, namespace).slice(0, 8)).toBe(digest.slice(0, 8));
    }),
  );
});
