import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_STATES } from '../../../core/model/life-cycle.ts';
import { REFUSAL_REASONS } from '../../../core/model/refusal.ts';
import { openApiDocument } from '../../../lambdas/api/document/open-api.ts';
import { OPERATIONS } from '../../../lambdas/api/operations.ts';
import { plainSentence } from '../../../lambdas/shared/plain-sentence.ts';

const ROOT = join(import.meta.dirname, '../../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('docs/api/openapi.json is what npm run api writes', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  expect(JSON.parse(textOf('docs/api/openapi.json'))).toEqual(openApiDocument(version));
});

it('the OpenAPI document has every operation and refers to no schema that does not exist', () => {
  const document = JSON.stringify(openApiDocument('1'));
  for (const id of Object.keys(OPERATIONS)) expect(document).toContain(`"operationId":"${id}"`);
  const schemas = (JSON.parse(document) as { components: { schemas: Record<string, unknown> } }).components.schemas;
  const named = [...document.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
  expect([...new Set(named)].filter((name) => schemas[name] === undefined)).toEqual([]);
});

it('names every state that a request can be in', () => {
  const [, states = ''] = /"The state of the request: ([^"]+)"/.exec(JSON.stringify(openApiDocument('1'))) ?? [];
  expect(states.split(', ')).toEqual(ALL_STATES);
});

it.each(REFUSAL_REASONS)(
  'the refusal %s is explained to a person at a terminal without reference to Slack',
  (reason) => {
    for (const detail of [undefined, '', 'a <b> & c', '2026-01-05T12:00:00.000Z', '^INC-[0-9]+$', '30m']) {
      const sentence = plainSentence({ reason, ...(detail === undefined ? {} : { detail }) });
      expect(sentence).not.toMatch(/\/access|<!|&(?:amp|lt|gt);|`|undefined|\n/);
      expect(sentence.length).toBeGreaterThan(10);
      const ofSlack = ['unknown-user', 'malformed-principal-record', 'ambiguous-identity', 'slack-user-unreadable'];
      const onlyThere = [...ofSlack, 'other-workspace', 'guest', 'bot', 'deactivated-user', 'slack-connect-user'];
      if (!onlyThere.includes(reason)) expect(sentence).not.toMatch(/Slack|button/);
    }
  },
);

it('docs/api/README.md lists every call', () => {
  const page = textOf('docs/api/README.md');
  for (const { method, path } of Object.values(OPERATIONS)) {
    const short = path.replace(/^.*\{requestId\}\//, '…/{requestId}/');
    expect(page).toContain(`| \`${method} ${short}`);
  }
});
