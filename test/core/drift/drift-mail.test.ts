import { renderMail } from '../../../core/access/notify/render-mail.ts';
import { driftFoundMail, driftRemovedMail, interferenceMail } from '../../../core/drift/drift-mail.ts';
import type { DriftFinding } from '../../../core/drift/types.ts';
import { aRequest } from '../access/requests.ts';
import { ADMINISTRATOR, BENS } from './workbench.ts';

const AT = '2026-01-05T09:00:00.000Z';
const CONSOLE = { consoleUrl: 'https://access.example.com/console' };
const found = (more: Partial<DriftFinding> = {}): DriftFinding => ({
  assignment: BENS,
  principalType: 'USER',
  made: { by: ADMINISTRATOR, at: AT, eventId: 'e-1' },
  names: { principalName: 'Ben Bauer', accountName: 'Staging', permissionSetName: 'ReadOnlyAccess' },
  plan: { action: 'revoke', graceSeconds: 1800, removeAt: '2026-01-05T09:30:00.000Z' },
  ...more,
});

it('the mail tells the operator who has which access, who gave it, what happens to it, and where to look further', () => {
  const mail = renderMail(driftFoundMail([found()], { mode: 'enforcing' }, CONSOLE), 'drift');
  expect(mail.subject).toBe('Outside of Glasshammer: Ben Bauer (user-ben) has ReadOnlyAccess in Staging');
  expect(mail.text).toContain(`Made by olga (role Admin) (${ADMINISTRATOR.id}) 2026-01-05 09:00 UTC.`);
  expect(mail.text).toContain('It is removed 2026-01-05 09:30 UTC if it is still there and still nobody’s.');
  expect(mail.text).toContain('https://access.example.com/console/#/drift');
  expect(mail.text).not.toContain('report-only');
  expect(driftFoundMail([found()], { mode: 'enforcing' }, {}).action).toEqual({
    words: 'Look at all of it',
    command: 'glasshammer drift status',
  });
});

it.each<[string, Partial<DriftFinding>]>([
  ['It would be removed after 30 minutes.', { plan: { action: 'revoke', graceSeconds: 1800 } }],
  ['It stays until somebody removes it.', { plan: { action: 'warn' } }],
  ['Access by groups is never removed', { plan: { action: 'warn' }, principalType: 'GROUP' }],
  ['A request holds the same access now', { leased: true }],
  ['a user who was deleted (user-ben)', { names: { principalGone: true } }],
])('the mail says the same as the Slack message: %s', (said, more) => {
  expect(driftFoundMail([found(more)], { mode: 'report-only' }, CONSOLE).said.join('\n')).toContain(said);
});

it('the mail lists only the first dozen of many, and a user’s name cannot add lines or HTML to it', () => {
  const many = Array.from({ length: 30 }, () => found({ names: { principalName: '<b>Ben\r\nBcc: x</b>' } }));
  const mail = driftFoundMail(many, { mode: 'enforcing' }, CONSOLE);
  expect([mail.subject, mail.said.length, mail.said.at(-1)]).toEqual([
    '30 assignments outside of Glasshammer',
    13,
    'And 18 more.',
  ]);
  expect(mail.said.join('')).not.toMatch(/[\r\n]/);
  expect(renderMail(mail, 'drift').html).not.toContain('<b>Ben');
});

it('the mail says what was removed as announced, and whose access somebody else has removed', () => {
  const item = {
    ...found(),
    status: 'removed' as const,
    due: AT,
    foundAt: AT,
    action: 'revoke' as const,
    rules: '',
    revision: 1,
  };
  expect(driftRemovedMail([item], CONSOLE)).toMatchObject({
    title: 'Removed, as announced: 1 assignment made outside of Glasshammer',
    said: [expect.stringContaining('removed 2026-01-05 09:00 UTC')],
  });
  const lost = interferenceMail({ request: aRequest('active'), by: ADMINISTRATOR, at: AT }, CONSOLE);
  expect(lost.title).toMatch(/^Removed outside of Glasshammer: .* has lost /);
  expect(lost.said[0]).toContain('Removed by olga (role Admin)');
});
