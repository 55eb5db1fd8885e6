import { defineConfig } from '../../../../lib/config/config.ts';
import type { DriftRuleConfig } from '../../../../lib/config/glasshammer-config.ts';
import { InvalidConfigError } from '../../../../lib/config/problems/config-problems.ts';
import { settingsFrom } from '../../../../lib/config/settings-from-config.ts';
import { BASE } from '../../../stack/synthesized.ts';

const drift = (...rules: unknown[]) => defineConfig({ ...BASE, drift: rules as DriftRuleConfig[] });

test('without rules drift is only reported, with a full pass every six hours at half the request rate of Identity Center', () => {
  expect(settingsFrom(defineConfig(BASE)).drift).toEqual({ rules: [], everySeconds: 21_600, callsPerSecond: 10 });
});

test('a list that a rule leaves out means everything, and the default grace is half an hour', () => {
  const rules = settingsFrom(drift({ action: 'revoke' }, { groups: ['*'], action: 'ignore' })).drift.rules;
  expect(rules).toEqual([
    { accounts: ['*'], permissionSets: ['*'], groups: [], action: 'revoke', graceSeconds: 1800 },
    { accounts: [], permissionSets: [], groups: ['*'], action: 'ignore', graceSeconds: 1800 },
  ]);
});

test('every form of account and permission set is accepted', () => {
  const accounts = ['*', '123456789012', 'ou:ou-ab12-34cd56ef', 'ou-direct:r-ab12', 'tag:env=prod', 'tag:a=b=c'];
  const permissionSets = ['*', 'BreakGlassAdmin', BASE.permissionSets[0]?.arn ?? ''];
  expect(() => drift({ accounts, permissionSets, action: 'warn', grace: '1h30m' })).not.toThrow();
});

const REFUSED: [what: string, rule: unknown, message: RegExp][] = [
  ['no action', { accounts: ['*'] }, /drift\[0\]\.action: .*write ignore, warn or revoke/],
  ['a misspelt action', { action: 'remove' }, /write ignore, warn or revoke/],
  [
    'an account name',
    { accounts: ['Production'], action: 'warn' },
    /drift\[0\]\.accounts\[0\]: "Production" is no account/,
  ],
  ['a unit by name', { accounts: ['ou:Production'], action: 'warn' }, /"ou:Production" is no account/],
  ['no account at all', { accounts: [], action: 'warn' }, /at least one of accounts/],
  ['a grace without a unit', { action: 'revoke', grace: '30' }, /drift\[0\]\.grace: "30" is no duration/],
  ['a grace too short to react in', { action: 'revoke', grace: '10s' }, /between "1m" and "7d"/],
  ['groups and accounts', { groups: ['*'], accounts: ['*'], action: 'warn' }, /make two of it/],
  ['the removal of memberships', { groups: ['*'], action: 'revoke' }, /groups are permanent access/],
  ['an unknown setting', { action: 'warn', gracePeriod: '1h' }, /there is no setting "gracePeriod"/],
];

test.each(REFUSED)('%s is refused at synth, with the name of the field and the fix', (_what, rule, message) => {
  expect(() => drift(rule)).toThrow(InvalidConfigError);
  expect(() => drift(rule)).toThrow(message);
});

test('a misspelt name in an ignore rule is refused, because otherwise the next rule would remove the assignment', () => {
  expect(() => drift({ permissionSets: ['BreakGlasAdmin'], action: 'ignore' }, { action: 'revoke' })).toThrow(
    /drift\[0\]\.permissionSets\[0\]: "BreakGlasAdmin" is in neither.*write one of BreakGlassAdmin/,
  );
  expect(() => drift({ accounts: ['999999999998'], action: 'ignore' })).toThrow(
    /drift\[0\]\.accounts\[0\]: 999999999998/,
  );
  expect(() => drift({ groups: ['on-call'], action: 'ignore' })).toThrow(/drift\[0\]\.groups\[0\]: "on-call"/);
});

test('a rule that an earlier rule always overrides is refused, with its permission set by name or by ARN', () => {
  const arn = BASE.permissionSets[0]?.arn ?? '';
  expect(() =>
    drift({ permissionSets: ['BreakGlassAdmin'], action: 'warn' }, { permissionSets: [arn], action: 'revoke' }),
  ).toThrow(/drift\[1\]: never decides anything: drift\[0\]/);
  expect(() => drift({ action: 'warn' }, { accounts: ['123456789012'], action: 'revoke' })).toThrow(
    /drift\[1\]: never/,
  );
  // An exception is a narrow rule before a wide one.
  expect(() => drift({ accounts: ['123456789012'], action: 'ignore' }, { action: 'revoke' })).not.toThrow();
  expect(() => drift({ action: 'revoke' }, { groups: ['*'], action: 'warn' })).not.toThrow();
});

test('a revoke rule without Slack needs an e-mail address for alarms, because otherwise nobody hears of the removal', () => {
  const { slack: _slack, ...without } = BASE;
  const configured = (action: 'warn' | 'revoke', emails: string[]) => () =>
    defineConfig({ ...without, alarms: { emails }, drift: [{ groups: ['*'], action: 'ignore' }, { action }] });
  expect(configured('revoke', [])).toThrow(/drift\[1\]\.action: nobody would hear .* alarms\.emails/);
  expect(configured('revoke', ['oncall@example.com'])).not.toThrow();
  expect(configured('warn', [])).not.toThrow();
  expect(() => defineConfig({ ...BASE, alarms: {}, drift: [{ action: 'revoke' }] })).not.toThrow();
});
