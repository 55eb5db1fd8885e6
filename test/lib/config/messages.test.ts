import { BASE } from '../../stack/synthesized.ts';
import { problemsOf } from './problems-of.ts';

const problems = (fields: object) => problemsOf({ ...BASE, ...fields });

/** What somebody writes who has never seen this file before, and the one line that lets them go on. */
test.each<[written: string, fields: object, says: RegExp]>([
  ['no account at all', { accounts: [] }, /^accounts: is empty; .*'\*'/],
  ['an id without quotes', { accounts: [123456789012] }, /^accounts: .*quotes: '123456789012'$/],
  ['an id whose zero was lost', { accounts: [12345678901] }, /quotes: '012345678901'$/],
  ['a unit for an account', { accounts: ['ou:ou-ab12-34cd56ef'] }, /^accounts\[0\]: .*in policies$/],
  ['the name of a set alone', { permissionSets: ['Admin'] }, /^permissionSets\[0\]: write \{ name: 'Admin', arn: /],
  ['an empty list of sets', { permissionSets: [] }, /^permissionSets: is empty; /],
  [
    'the policy of IAM for a set',
    { permissionSets: [{ name: 'Admin', arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] },
    /^permissionSets\[0\]\.arn: write an ARN like arn:aws:sso:::permissionSet/,
  ],
  ['nothing of where it runs', { env: undefined }, /^env: is missing; write \{ account: .*region/],
  [
    'nothing of the organization',
    { organization: undefined },
    /^organization: is missing; write \{ id: .*managementAcc/,
  ],
  ['nothing of the reports', { report: undefined }, /^report: is missing; write \{ from: .*to: /],
  [
    'no door at all',
    { slack: undefined, api: undefined, console: undefined, identity: undefined },
    /^slack: nobody could ask for anything; write slack, or api/,
  ],
  ['a word for Slack', { slack: 'yes' }, /^slack: .*write \{ teamIds: .*approvalChannel/],
  ['a channel by its name', { slack: { ...BASE.slack, approvalChannel: '#access' } }, /names do not work/],
  [
    'a misspelt setting that must be there',
    { permissionSets: undefined, permisionSets: BASE.permissionSets },
    /^config: .*"permisionSets"; did you mean permissionSets\?$/,
  ],
  ['a misspelt setting further in', { access: { maxduration: '1h' } }, /^access: .*did you mean maxDuration\?$/],
  ['a setting there is not', { notifications: true }, /^config: .*"notifications"; write one of env, /],
])('%s is answered in one line with what to write', (_written, fields, says) => {
  expect(problems(fields)).toEqual([expect.stringMatching(says)]);
});

test('two misspelt settings are told together, and a missing one beside them still is', () => {
  expect(problems({ acounts: '*', accounts: undefined, slak: {}, slack: undefined, env: undefined })).toEqual([
    expect.stringMatching(/^env: is missing/),
    expect.stringMatching(/"acounts", "slak"; did you mean accounts, slack\?/),
  ]);
});
