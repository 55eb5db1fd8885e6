import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRANT_ADVICE } from '../../slack/grant-advice.ts';
import { sentenceFor } from '../../slack/words/sentences.ts';

test('a person whose grant failed reads why, and is advised to try again only if that can help', () => {
  const missing = sentenceFor({ reason: 'grant-failed', detail: 'Policy x does not exist or is not attachable.' });
  expect(missing).toContain('Policy x does not exist');
  expect(missing).toContain('customer managed policy');
  expect(missing).toContain('trying again does not help');
  expect(sentenceFor({ reason: 'grant-failed', detail: 'ConflictException: busy' })).toContain('try again in a minute');
});

test('docs/runbook.md has a row for each kind of grant failure', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  expect(Object.keys(GRANT_ADVICE).filter((kind) => !page.includes(`| \`${kind}\` |`))).toEqual([]);
});
