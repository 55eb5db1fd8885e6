import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES, type FunctionName } from '../../lambdas/shared/environment-names.ts';
import { statements, synthesize } from './synthesized.ts';

const page = readFileSync(join(import.meta.dirname, '../../SECURITY.md'), 'utf8');

/** The second cell of a function's row: what its role alone could do. */
function could(name: FunctionName): string {
  const row = page
    .split('\n')
    .find((line) => line.startsWith('|') && (line.split('|')[1] ?? '').includes(`\`${name}\``));
  return row?.split('|')[2] ?? '';
}

/** Words of the page, with the right that each stands for: a row has the word exactly if the role has the right. */
const WORDS: readonly (readonly [word: RegExp, action: string, item: string])[] = [
  [/\*\*give/, 'sso:CreateAccountAssignment', ''],
  [/\*\*remove/, 'sso:DeleteAccountAssignment', ''],
  [/send mail/, 'ses:SendEmail', ''],
  [/speak as the app/, 'secretsmanager:GetSecretValue', ''],
  [/start/, 'states:StartExecution', ''],
  [/wake/, 'states:SendTaskSuccess', ''],
  [/votes/, 'dynamodb:UpdateItem', 'vote#*'],
  [/freeze/, 'dynamodb:PutItem', 'control#freeze'],
];

test.each(WORDS)(
  'the page says %s of the functions whose stolen role could do that, and of no others',
  (word, action, item) => {
    const all = statements(synthesize({ personas: { operators: ['c81e7a7c-1001-70c3-1111-222233334444'] } }));
    const may = (name: FunctionName) => {
      const own = all.filter(
        ({ owner, actions }) => owner.toLowerCase() === name.replaceAll('-', '') && actions.includes(action),
      );
      const says = (conditions: object) => JSON.stringify(conditions);
      // A role that writes requests may write every item that is not denied; other roles only the items of a condition.
      const isAllowed = own.some(
        ({ effect, conditions }) =>
          effect === 'Allow' && (says(conditions) === '{}' || says(conditions).includes(item)),
      );
      const isForbidden = own.some(
        ({ effect, conditions }) => effect === 'Deny' && item !== '' && says(conditions).includes(item),
      );
      return isAllowed && !isForbidden;
    };
    expect(FUNCTION_NAMES.filter((name) => word.test(could(name)))).toEqual(FUNCTION_NAMES.filter(may));
    expect(FUNCTION_NAMES.filter(may)).not.toEqual([]);
  },
);
