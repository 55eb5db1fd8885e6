import { historyOf } from '../../../core/audit/new-events.ts';
import { recordChangeFact } from '../../../core/audit/record-change.ts';
import { recordChangeId } from '../../../core/model/stored-ids.ts';
import { recordHash } from '../../../core/policy/records/record-text.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';

const at = '2026-01-05T12:30:00.000Z';
const policy = { id: 'policy#prod', effect: 'allow', maxDuration: '1h' };

test('a changed record yields both texts and the difference, and no author', () => {
  const after = { ...policy, maxDuration: '8h', who: ['everyone'] };
  expect(recordChangeFact({ at, before: policy, after }, sha256)).toEqual({
    type: 'record-changed',
    at,
    by: 'unknown',
    note: 'maxDuration: "1h" -> "8h"; who: nothing -> ["everyone"]',
    ids: ['policy#prod'],
    hashes: [recordHash(after, sha256)],
    before: '{"effect":"allow","id":"policy#prod","maxDuration":"1h"}',
    after: '{"effect":"allow","id":"policy#prod","maxDuration":"8h","who":["everyone"]}',
  });
});

test('a new record has no text before, and a removed one has no text after and no hash', () => {
  expect(recordChangeFact({ at, after: policy }, sha256)).toMatchObject({
    note: 'new',
    hashes: [recordHash(policy, sha256)],
  });
  expect(recordChangeFact({ at, after: policy }, sha256)).not.toHaveProperty('before');
  expect(recordChangeFact({ at, before: policy }, sha256)).toMatchObject({ note: 'removed', hashes: [''] });
  expect(recordChangeFact({ at, before: policy }, sha256)).not.toHaveProperty('after');
});

test('a write that changes nothing yields no event', () => {
  expect(recordChangeFact({ at, before: policy, after: { ...policy } }, sha256)).toBeUndefined();
  expect(recordChangeFact({ at }, sha256)).toBeUndefined();
});

test('a function that may only write record changes cannot forge another fact with them', () => {
  const fact = recordChangeFact({ at, before: policy }, sha256);
  const [event] = historyOf({ ...fact, type: 'policy-pushed', id: recordChangeId('1') });
  expect(event).toMatchObject({ id: 'changed#1', type: 'record-changed', by: 'unknown', subjects: ['policy#prod'] });
});
