import { BASE } from '../../stack/synthesized.ts';
import { problemsOf } from './problems-of.ts';

const problems = (fields: object) => problemsOf({ ...BASE, ...fields });

/** A mistake that a person makes who has never seen this file, and the one line that lets them correct it. */
test.each<[written: string, fields: object, says: RegExp]>([
  ['no account at all', { accounts: [] }, /^accounts: is empty; .*'\*'/],
  ['an id without quotes', { accounts: [123456789012] }, /^accounts: .*quotes: '123456789012'$/],
  ['an account id that lost its leading zero', { accounts: [12345678901] }, /quotes: '012345678901'$/],
  ['an organizational unit for an account', { accounts: ['ou:ou-ab12-34cd56ef'] }, /^accounts\[0\]: .*in policies$/],
  [
    'a permission set by name only',
    { permissionSets: ['Admin'] },
    /^permissionSets\[0\]: write \{ name: 'Admin', arn: /,
  ],
  ['an empty list of permission sets', { permissionSets: [] }, /^permissionSets: is empty; /],
  [
    'an IAM policy for a permission set',
    { permissionSets: [{ name: 'Admin', arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] },
    /^permissionSets\[0\]\.arn: write an ARN like arn:aws:sso:::permissionSet/,
  ],
  ['no account and Region', { env: undefined }, /^env: is missing; write \{ account: .*region/],
  ['no organization', { organization: undefined }, /^organization: is missing; write \{ id: .*managementAcc/],
  ['no report settings', { report: undefined }, /^report: is missing; write \{ from: .*to: /],
  [
    'neither Slack, API nor console',
    { slack: undefined, api: undefined, console: undefined, identity: undefined },
    /^slack: nobody could ask for anything; write slack, or api/,
  ],
  ['a word for Slack', { slack: 'yes' }, /^slack: .*write \{ teamIds: .*approvalChannel/],
  ['a channel by its name', { slack: { ...BASE.slack, approvalChannel: '#access' } }, /names do not work/],
  [
    'a misspelt required setting',
    { permissionSets: undefined, permisionSets: BASE.permissionSets },
    /^config: .*"permisionSets"; did you mean permissionSets\?$/,
  ],
  ['a misspelt setting further in', { access: { maxduration: '1h' } }, /^access: .*did you mean maxDuration\?$/],
  ['an unknown setting', { notifications: true }, /^config: .*"notifications"; write one of env, /],
])('%s is answered in one line with what to write', (_written, fields, says) => {
  expect(problems(fields)).toEqual([expect.stringMatching(says)]);
});

test('two misspelt settings are reported in one line, and a missing setting beside them in another', () => {
  expect(problems({ acounts: '*', accounts: undefined, slak: {}, slack: undefined, env: undefined })).toEqual([
    expect.stringMatching(/^env: is missing/),
    expect.stringMatching(/"acounts", "slak"; did you mean accounts, slack\?/),
  ]);
});
