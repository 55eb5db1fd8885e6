import type { DriftFinding, DriftItem } from '../../../core/drift/types.ts';
import { driftFoundMessage, driftRemovedMessage, interferenceMessage } from '../../../slack/views/drift-message.ts';
import { aRequest } from '../a-request.ts';
import { breaches, markupOf, smuggled } from '../slack-limits.ts';

const AT = '2026-01-05T09:30:00.000Z';
const ADMIN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin';

function aFinding(text?: string, overrides: Partial<DriftFinding> = {}): DriftFinding {
  return {
    assignment: {
      principalId: text ?? 'user-ben',
      target: { accountId: text ?? '123456789012', permissionSetArn: text ?? ADMIN },
    },
    principalType: 'USER',
    made: { by: { id: text ?? 'arn:olga', name: text ?? 'olga (role Admin)' }, at: AT, eventId: 'event-1' },
    names: {
      principalName: text ?? 'Ben',
      accountName: text ?? 'Production',
      permissionSetName: text ?? 'AdministratorAccess',
    },
    plan: { action: 'warn' },
    ...overrides,
  };
}

function anItem(text?: string): DriftItem {
  const { assignment, names, made } = aFinding(text);
  return {
    ...{ assignment, names, status: 'removed', due: AT, foundAt: AT, action: 'revoke', rules: '', revision: 1 },
    ...(made === undefined ? {} : { made }),
  };
}

const words = (view: Parameters<typeof markupOf>[0]) => markupOf(view).join('\n');

test('a drift message says who has what and who made it, by name and id', () => {
  const said = words(driftFoundMessage([aFinding()], { mode: 'enforcing' }));
  for (const part of ['*Ben* (`user-ben`)', '*AdministratorAccess* in *Production* (`123456789012`)'])
    expect(said).toContain(part);
  expect(said).toContain('Made by *olga (role Admin)* (`arn:olga`)');
  expect(said).toContain('stays until somebody removes it');
  expect(said).not.toContain('drift confirm');
});

test('the assignment of a deleted user or group is shown as such', () => {
  const left = { names: { principalGone: true, accountName: 'Production' } } as const;
  const said = words(driftFoundMessage([aFinding(undefined, left)], { mode: 'enforcing' }));
  expect(said).toContain('a user who was deleted (`user-ben`) has');
  const group = words(
    driftFoundMessage([aFinding(undefined, { ...left, principalType: 'GROUP' })], { mode: 'enforcing' }),
  );
  expect(group).toContain('a group that was deleted (`user-ben`) has');
});

test('the message before a removal says when it happens, and in report-only mode what would happen', () => {
  const soon = aFinding(undefined, { plan: { action: 'revoke', graceSeconds: 1800, removeAt: AT } });
  expect(words(driftFoundMessage([soon], { mode: 'enforcing' }))).toContain('*It is removed <!date^');
  const would = aFinding(undefined, { plan: { action: 'revoke', graceSeconds: 1800 } });
  const report = words(driftFoundMessage([would], { mode: 'report-only' }));
  expect(report).toContain('It would be removed after 30 minutes');
  expect(report).toContain('glasshammer drift confirm');
});

test('for an assignment that a request also holds, the message says only what happens after the end of the request', () => {
  const plan = { action: 'revoke', graceSeconds: 1800, removeAt: AT } as const;
  const said = words(driftFoundMessage([aFinding(undefined, { plan, leased: true })], { mode: 'enforcing' }));
  expect(said).toContain(
    'its end does not take this away: after that it is nobody’s. *It is removed then, but not before <!date^',
  );
  expect(said).not.toMatch(/stays|still nobody’s/);
});

test('the assignment of a group is shown as one of a group that is never removed', () => {
  const said = words(driftFoundMessage([aFinding(undefined, { principalType: 'GROUP' })], { mode: 'enforcing' }));
  expect(said).toContain('the group *Ben*');
  expect(said).toContain('never removed');
});

test('hundreds of findings give one message with their number and the command that lists them all', () => {
  const many = driftFoundMessage(Array(300).fill(aFinding()), { mode: 'report-only' });
  expect(many.text).toContain('300 assignments');
  expect(words(many)).toContain('And 288 more: `glasshammer drift status`');
  expect(breaches(many)).toEqual([]);
});

test('the message about removed active access names who lost it, and who removed it or that it was found missing', () => {
  const by = { id: 'arn:olga', name: 'olga' };
  expect(words(interferenceMessage({ request: aRequest(), by, at: AT }))).toContain('<@U0ANA> has lost');
  expect(words(interferenceMessage({ request: aRequest(), at: AT }))).toContain('Found missing');
});

test.each([
  ['an empty text', ''],
  ['markup', '<!channel> <@U0BEN> <https://evil.example|bank> & @here '.repeat(20)],
  ['ampersands', '&'.repeat(500)],
  ['formatting', '*_~`>'.repeat(100)],
  ['bidirectional controls', '\u202e\u2066evil'.repeat(50)],
])('with %s for every name and id, the message is within the limits of Slack and mentions nobody', (_what, text) => {
  const by = { id: text, name: text };
  const person = { slackId: text, principalId: text, userName: text, displayName: text, email: text };
  const views = [
    driftFoundMessage(Array(20).fill(aFinding(text)), { mode: 'report-only' }),
    driftFoundMessage([aFinding(text)], { mode: 'enforcing' }),
    driftRemovedMessage(Array(20).fill(anItem(text))),
    interferenceMessage({ request: aRequest({ requester: person }), by, at: AT }),
  ];
  expect(views.flatMap((view) => [...breaches(view), ...markupOf(view).flatMap(smuggled)])).toEqual([]);
});
