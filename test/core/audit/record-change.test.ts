import { historyOf } from '../../../core/audit/new-events.ts';
import { recordChangeFact } from '../../../core/audit/record-change.ts';
import { recordChangeId } from '../../../core/model/stored-ids.ts';
import { recordHash } from '../../../core/policy/records/record-text.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';

const at = '2026-01-05T12:30:00.000Z';
const policy = { id: 'policy#prod', effect: 'allow', maxDuration: '1h' };

test('a record that became another is told with both texts and what is different, whoever wrote it', () => {
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

test('what is new has no before, and what is gone has no after and no hash', () => {
  expect(recordChangeFact({ at, after: policy }, sha256)).toMatchObject({
    note: 'new',
    hashes: [recordHash(policy, sha256)],
  });
  expect(recordChangeFact({ at, after: policy }, sha256)).not.toHaveProperty('before');
  expect(recordChangeFact({ at, before: policy }, sha256)).toMatchObject({ note: 'removed', hashes: [''] });
  expect(recordChangeFact({ at, before: policy }, sha256)).not.toHaveProperty('after');
});

test('a write that changes nothing is no event', () => {
  expect(recordChangeFact({ at, before: policy, after: { ...policy } }, sha256)).toBeUndefined();
  expect(recordChangeFact({ at }, sha256)).toBeUndefined();
});

test('whoever may write changed records can write no other fact by them', () => {
  const fact = recordChangeFact({ at, before: policy }, sha256);
  const [event] = historyOf({ ...fact, type: 'policy-pushed', id: recordChangeId('1') });
  expect(event).toMatchObject({ id: 'changed#1', type: 'record-changed', by: 'unknown', subjects: ['policy#prod'] });
});
