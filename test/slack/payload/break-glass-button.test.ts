import type { BlockAction, LegacyAction } from '../../../slack/call.ts';
import { readBreakGlassButton } from '../../../slack/payload/break-glass-button.ts';

const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
const caller = { slackId: 'U0ANA', teamId: 'T0HOME' };

function legacy(callbackId: string, value: string, name = 'break_glass'): LegacyAction {
  return { kind: 'legacy-action', caller, callbackId, action: { name, value } };
}

function block(value: unknown, actionId = 'break_glass'): BlockAction {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { kind: 'block-action', caller, action: { actionId, blockId: 'b', value: text } };
}

test('the alert format with a legacy attachment is read as it is published', () => {
  expect(readBreakGlassButton(legacy('deployment_123456789012_abc', ARN))).toEqual({
    kind: 'ask',
    wanted: { accountId: '123456789012', permissionSet: ARN },
    reason: '',
    ticket: '',
  });
});

test.each(['deployment_123456789012', 'deployment_123456789012_', 'deployment_123456789012_a_b c'])(
  'text after the account id in the callback_id is ignored: %s',
  (callbackId) => {
    expect(readBreakGlassButton(legacy(callbackId, ARN))).toMatchObject({ wanted: { accountId: '123456789012' } });
  },
);

test('with two break-glass buttons in a message, the pressed one decides the permission set', () => {
  const other = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';
  expect(readBreakGlassButton(legacy('deployment_123456789012_abc', other))).toMatchObject({
    wanted: { permissionSet: other },
  });
});

test.each([
  legacy('deployment_123456789012_abc', 'retry', 'retry'),
  legacy('deployment_123456789012_abc', ARN, 'break_glass_not'),
  block(`123456789012/${ARN}`, 'break_glassy'),
  block('x', 'request.done'),
])('a button with another name or id is not read as a break-glass button', (press) => {
  expect(readBreakGlassButton(press)).toEqual({ kind: 'not-ours' });
});

test.each<[string, string]>([
  ['deployment_12345678901_abc', ARN],
  ['deployment_1234567890123_abc', ARN],
  ['xdeployment_123456789012_abc', ARN],
  ['deployment_12345678901a_abc', ARN],
  ['', ARN],
  ['deployment_123456789012_abc', ''],
  ['deployment_123456789012_abc', 'arn:aws:iam::123456789012:role/Admin'],
  ['deployment_123456789012_abc', `${ARN}/more`],
  ['deployment_123456789012_abc', `${ARN}#x`],
  ['deployment_123456789012_abc', 'two words'],
])('an alert with callback_id %p and value %p is refused and not guessed at', (callbackId, value) => {
  expect(readBreakGlassButton(legacy(callbackId, value))).toMatchObject({
    kind: 'unreadable',
    refusal: { reason: 'unreadable-button', detail: expect.any(String) },
  });
});

const PROD_ADMIN = { accountId: '123456789012', permissionSet: 'AdministratorAccess' };

test.each<[string, unknown, object]>([
  ['names', { account: '123456789012', permissionSet: 'AdministratorAccess' }, { wanted: PROD_ADMIN }],
  ['aliases', { accountId: '123456789012', permissionSetArn: ARN }, { wanted: { ...PROD_ADMIN, permissionSet: ARN } }],
  ['a duration', { ...PROD_ADMIN, duration: '1h30m' }, { durationSeconds: 5400 }],
  ['an ISO duration', { ...PROD_ADMIN, duration: 'PT1H' }, { durationSeconds: 3600 }],
  ['reason and ticket', { ...PROD_ADMIN, reason: ' down ', ticket: 'INC-1' }, { reason: 'down', ticket: 'INC-1' }],
  ['a group', { group: 'On-call' }, { wanted: { group: 'On-call' } }],
  [
    'a group by id',
    { groupId: 'group-oncall', duration: '8h' },
    { wanted: { group: 'group-oncall' }, durationSeconds: 28_800 },
  ],
  ['the short form', '123456789012/AdministratorAccess', { wanted: PROD_ADMIN }],
  [
    'the short form with a duration',
    '123456789012/AdministratorAccess/1h',
    { wanted: PROD_ADMIN, durationSeconds: 3600 },
  ],
  ['the short form with an ARN', `123456789012/${ARN}`, { wanted: { ...PROD_ADMIN, permissionSet: ARN } }],
  ['the short form with both', `123456789012/${ARN}/2h`, { wanted: { permissionSet: ARN }, durationSeconds: 7200 }],
])('a Block Kit button can name what it asks for with %s', (_what, value, expected) => {
  expect(readBreakGlassButton(block(value))).toMatchObject({ kind: 'ask', ...expected });
});

test('several break-glass buttons can be in one message, because their ids may differ after a colon', () => {
  expect(readBreakGlassButton(block('123456789012/ReadOnlyAccess', 'break_glass:read'))).toMatchObject({ kind: 'ask' });
});

test.each<[string, unknown, string]>([
  ['a misspelt key', { ...PROD_ADMIN, durration: '1h' }, 'unreadable-button'],
  ['an account as a number', { account: 123456789012, permissionSet: 'X' }, 'unreadable-button'],
  ['an account of 11 digits', { account: '12345678901', permissionSet: 'X' }, 'unreadable-button'],
  ['no permission set', { account: '123456789012' }, 'unreadable-button'],
  [
    'the account named twice',
    { account: '123456789012', accountId: '123456789012', permissionSet: 'X' },
    'unreadable-button',
  ],
  ['a group and an account', { ...PROD_ADMIN, group: 'g' }, 'unreadable-button'],
  ['an empty group', { group: ' ' }, 'unreadable-button'],
  ['a permission set that is a path', { account: '123456789012', permissionSet: '../x' }, 'unreadable-button'],
  ['broken JSON', '{"account":', 'unreadable-button'],
  ['a JSON list', '["123456789012"]', 'unreadable-button'],
  ['an empty value', '', 'unreadable-button'],
  ['prose', 'give me admin', 'unreadable-button'],
  ['a duration without unit', { ...PROD_ADMIN, duration: '4' }, 'malformed-duration'],
  ['a duration of zero', { ...PROD_ADMIN, duration: '0h' }, 'malformed-duration'],
  ['a bad duration in the short form', '123456789012/AdministratorAccess/soon', 'malformed-duration'],
])('a Block Kit button with %s is refused', (_what, value, reason) => {
  expect(readBreakGlassButton(block(value))).toMatchObject({ kind: 'unreadable', refusal: { reason } });
});
