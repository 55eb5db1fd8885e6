import { proposedPoliciesSchema } from '../../../lambdas/api/document/schemas-of-changes.ts';
import type { ApiEvent } from '../../../lambdas/api/http.ts';
import { readBody } from '../../../lambdas/api/input.ts';

const sent = (body: string): ApiEvent => ({
  ...{ httpMethod: 'POST', path: '/', headers: {}, queryStringParameters: null, body, isBase64Encoded: false },
  requestContext: { requestId: 'call-1', identity: {} },
});

/** As clients write JSON that keep to ASCII: Python's, for one. */
const escaped = (text: string) =>
  text.replace(/./gsu, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

it.each(['a', 'ü', '監', '\n', '"'])('takes a policy file of 60,000 characters, all escaped: %j', (character) => {
  const [text, note] = [character.repeat(60_000), character.repeat(500)];
  const body = `{"text":"${escaped(text)}","note":"${escaped(note)}","allowRemoving":1000}`;
  expect(readBody(sent(body), proposedPoliciesSchema)).toEqual({
    ok: true,
    value: { text, note, allowRemoving: 1000 },
  });
});

it('says how long a text may be that is longer', () => {
  const { ok, ...read } = readBody(sent(JSON.stringify({ text: 'a'.repeat(60_001) })), proposedPoliciesSchema);
  expect([ok, JSON.stringify(read)]).toEqual([false, expect.stringContaining('must have at most 60000 characters')]);
});
