import { cutText, policyTextOf, recordHash, recordText } from '../../../../core/policy/records/record-text.ts';
import { sha256 } from '../../../../lambdas/shared/sha256.ts';

test('a record has the same text and hash, in whatever order its fields were written', () => {
  const one = { id: 'policy#a', who: ['group:SRE'], approval: { count: 1, approvers: ['b', 'a'] }, gone: undefined };
  const same = { approval: { approvers: ['b', 'a'], count: 1 }, who: ['group:SRE'], id: 'policy#a' };
  expect(recordText(one)).toBe(recordText(same));
  expect(recordHash(one, sha256)).toBe(recordHash(same, sha256));
  expect(recordHash({ ...one, who: ['group:Developers'] }, sha256)).not.toBe(recordHash(one, sha256));
  expect(recordText({ id: 'x', principals: new Set(['b', 'a']) })).toBe('{"id":"x","principals":["a","b"]}');
  expect(recordText({ id: 'x', data: new Uint8Array([0, 255]), big: 9n })).toBe('{"big":"9","data":"00ff","id":"x"}');
});

test('the policy or access record that gave the access is kept with its version', () => {
  const policy = { id: 'policy#prod', effect: 'allow' };
  const record = { id: 'access#1#2#3', maxDuration: '1h' };
  expect(policyTextOf('prod', [record, policy], '7', sha256)).toEqual({
    record: 'policy#prod',
    hash: recordHash(policy, sha256),
    version: '7',
    text: '{"effect":"allow","id":"policy#prod"}',
  });
  expect(policyTextOf('access#1#2#3', [record, policy], '7', sha256)?.record).toBe('access#1#2#3');
  expect(policyTextOf('nobody', [record, policy], '7', sha256)).toBeUndefined();
});

test('the text of an oversized record is cut before it goes into an event', () => {
  const long = { id: 'policy#long', note: 'x'.repeat(100_000) };
  expect(policyTextOf('long', [long], '1', sha256)?.text?.length).toBeLessThanOrEqual(4000);
  expect(cutText('short')).toBe('short');
});
