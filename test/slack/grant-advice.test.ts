import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRANT_ADVICE } from '../../slack/grant-advice.ts';
import { sentenceFor } from '../../slack/sentences.ts';

test('a person whose grant failed is told why, and what helps: trying again only where it does', () => {
  const missing = sentenceFor({ reason: 'grant-failed', detail: 'Policy x does not exist or is not attachable.' });
  expect(missing).toContain('Policy x does not exist');
  expect(missing).toContain('customer managed policy');
  expect(missing).toContain('trying again does not help');
  expect(sentenceFor({ reason: 'grant-failed', detail: 'ConflictException: busy' })).toContain('try again in a minute');
});

test('the runbook has a row for each kind of failure', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  expect(Object.keys(GRANT_ADVICE).filter((kind) => !page.includes(`| \`${kind}\` |`))).toEqual([]);
});
