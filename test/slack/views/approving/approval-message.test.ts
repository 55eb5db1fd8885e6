import type { Vote } from '../../../../core/model/request.ts';
import { ACTIONS } from '../../../../slack/actions.ts';
import { type ApprovalMessageData, approvalMessage } from '../../../../slack/views/approving/approval-message.ts';
import { slackDate } from '../../../../slack/words/wording.ts';
import { anEvent, aRequest } from '../../a-request.ts';
import { markupOf } from '../../slack-limits.ts';

const PEOPLE = new Map([
  ['user-cleo', 'U0CLEO'],
  ['user-dan', 'U0DAN'],
]);

const LEADS = {
  path: 'developers-production',
  approvals: [{ policy: 'developers-production', count: 1, approvers: ['user-cleo', 'user-dan'] }],
};

const APPROVED: Vote = { principalId: 'user-cleo', slackId: 'U0CLEO', vote: 'approve', at: '2026-01-05T09:05:00Z' };

function approval(overrides: Partial<ApprovalMessageData> = {}) {
  const request = aRequest({ state: 'pending', expiresAt: '2026-01-05T17:00:00Z' });
  const message = approvalMessage({ request, people: PEOPLE, waitingPaths: [LEADS], ...overrides });
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return { ...message, shown: markupOf(message).join('\n'), buttons };
}

test('an approver reads everything for the decision before they press a button', () => {
  const { shown } = approval({
    allows: 'Everything in the account',
    usedBefore: { times: 2, lastAt: '2025-12-01T09:00:00Z' },
  });
  for (const said of [
    '*Approval needed:* <@U0ANA> asks for *AdministratorAccess* in *Production* (`123456789012`) for 1 hour.',
    'ps-admin',
    'Checkout is down',
    'INC-7',
    '*What it allows*\nEverything in the account',
    '*Used before*\n2 times, last <!date^',
    '*From*\nwhen it is approved',
    '*Until*\n1 hour later, <!date^',
    '*Risk* :warning: High: can read, change and delete anything in Production',
    '*Needs* 1 more approval from <@U0CLEO> or <@U0DAN> (`developers-production`)',
    'Expires <!date^',
  ]) {
    expect(shown).toContain(said);
  }
});

test('the buttons carry only the request id, so that a forged value can grant nothing', () => {
  expect(approval().buttons).toMatchObject([
    { action_id: ACTIONS.approve, value: 'req-1', style: 'primary' },
    { action_id: ACTIONS.deny, value: 'req-1', style: 'danger' },
    { action_id: ACTIONS.approveWithNote, value: 'req-1' },
    { action_id: ACTIONS.claim, value: 'req-1' },
    { action_id: ACTIONS.handOn, value: 'req-1' },
  ]);
});

describe('an extension of active access', () => {
  const request = aRequest({
    state: 'pending',
    requestedAt: '2026-01-05T09:00:00.000Z',
    extends: 'req-0',
    held: { accessId: 'req-0', startedAt: '2026-01-05T08:30:00.000Z', endsAt: '2026-01-05T09:30:00.000Z' },
  });
  const [since, from, to] = ['2026-01-05T08:30:00Z', '2026-01-05T09:30:00Z', '2026-01-05T10:30:00Z'].map(slackDate);

  test('is described as it was at the ask, which stays true after the access has ended', () => {
    const { shown } = approval({ request, usedBefore: { times: 1, lastAt: '2026-01-05T08:30:00.000Z' } });
    expect(shown).toContain(`of access they had when they asked, since ${since} (30 minutes).`);
    expect(shown).toContain(`Approved before that is over, its end moves from ${from} to ${to}.`);
    expect(shown).toContain('*Used before*\nnever before this');
    expect(approval({ request, usedBefore: { times: 3, lastAt: '2026-01-05T08:30:00.000Z' } }).shown).toContain(
      '2 times before this',
    );
  });

  test('once it has joined the access, lets its approver end that access, because they have no other message for that', () => {
    const joined = { ...request, state: 'joined' as const, accessId: 'req-0', votes: [APPROVED] };
    expect(approval({ request: joined }).buttons.map((button) => button.action_id)).toEqual([
      ACTIONS.soFar,
      ACTIONS.endAccess,
    ]);
  });
});

test.each([
  ['Everything but identities', 'Medium'],
  ['Everything except IAM', 'Medium'],
  ['Everything in the account', 'High'],
  ['', 'Medium'],
])(
  'the risk of a permission set that allows "%s" says that it can raise its own rights only if it can',
  (allows, risk) => {
    const request = aRequest({
      state: 'pending',
      names: { accountName: 'Staging', permissionSetName: 'PowerUserAccess' },
    });
    const { shown, buttons } = approval({ request, allows });
    expect(shown).toContain(`${risk}: can`);
    expect(shown.includes('give itself and others more')).toBe(risk === 'High');
    expect('confirm' in (buttons[0] ?? {})).toBe(risk === 'High');
  },
);

test('a first use is shown as such, and an unknown number of uses is not shown', () => {
  expect(approval({ usedBefore: { times: 0 } }).shown).toContain('*Used before*\nnever');
  expect(approval().shown).not.toContain('Used before');
});

test('alternatives of which one is enough are shown differently from several approvals that are all needed', () => {
  const both = {
    path: 'both',
    approvals: [LEADS.approvals[0], { policy: 'b', count: 2, approvers: ['user-dan'] }] as typeof LEADS.approvals,
  };
  const { shown } = approval({ waitingPaths: [LEADS, both] });
  expect(shown).toContain('*Any one of these is enough*');
  expect(shown).toContain('• 1 more approval from <@U0CLEO> or <@U0DAN>, and 2 more approvals from <@U0DAN> (`both`)');
});

test('votes so far are shown to the next approver, with their notes', () => {
  const request = aRequest({ state: 'pending', votes: [{ ...APPROVED, note: 'ok for today', durationSeconds: 1800 }] });
  expect(approval({ request }).shown).toContain('approved, for 30 minutes by <@U0CLEO>: ok for today');
});

test.each(['approved', 'granting', 'active', 'ended', 'denied', 'expired', 'cancelled'] as const)(
  'once the request is %s there are no buttons to vote, and everybody sees what happened',
  (state) => {
    const request = aRequest({ state, votes: [APPROVED], events: [anEvent('denied', { by: 'user-dan' })] });
    const { buttons, shown } = approval({ request });
    // The approvers of active access may look at its activity and end it.
    const ids = buttons.map((button) => (button as { readonly action_id?: string }).action_id);
    expect(ids).toEqual(state === 'active' ? [ACTIONS.soFar, ACTIONS.endAccess] : []);
    expect(shown).toContain('approved by <@U0CLEO>');
  },
);

test('a denial says who denied', () => {
  const request = aRequest({ state: 'denied', events: [anEvent('denied', { by: 'user-dan', note: 'not today' })] });
  expect(approval({ request }).shown).toContain('*Denied* by <@U0DAN>');
});

test('the blocks of the approval message, as sent to Slack', () => {
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', verbatim: true, text });
  expect(approval({ request: aRequest({ state: 'pending', reason: '', ticket: '' }) }).blocks).toEqual([
    {
      type: 'section',
      text: mrkdwn(
        ':raising_hand: *Approval needed:* <@U0ANA> asks for *AdministratorAccess* in *Production* (`123456789012`) for 1 hour.',
      ),
    },
    {
      type: 'section',
      fields: [
        mrkdwn('*Account*\nProduction\n`123456789012`'),
        mrkdwn('*Permission set*\nAdministratorAccess\n`arn:aws:sso:::permissionSet/ssoins-12345/ps-admin`'),
        mrkdwn('*For*\n1 hour'),
      ],
    },
    {
      type: 'section',
      text: mrkdwn(
        '*Risk* :warning: High: can read, change and delete anything in Production, and give itself and others more.',
      ),
    },
    { type: 'section', text: mrkdwn('*Reason*\n_none given_') },
    { type: 'section', text: mrkdwn('*Needs* 1 more approval from <@U0CLEO> or <@U0DAN> (`developers-production`)') },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'request.approve',
          text: { type: 'plain_text', text: 'Approve' },
          value: 'req-1',
          style: 'primary',
          confirm: {
            title: { type: 'plain_text', text: 'Approve administrator access?' },
            text: {
              type: 'plain_text',
              text: 'AdministratorAccess in Production for 1 hour: anybody who has it can change and delete anything there.',
            },
            confirm: { type: 'plain_text', text: 'Approve' },
            deny: { type: 'plain_text', text: 'Not now' },
          },
        },
        {
          type: 'button',
          action_id: 'request.deny',
          text: { type: 'plain_text', text: 'Deny' },
          value: 'req-1',
          style: 'danger',
        },
        {
          type: 'button',
          action_id: 'request.approve-with-note',
          text: { type: 'plain_text', text: 'Shorten…' },
          value: 'req-1',
        },
        {
          type: 'button',
          action_id: 'request.claim',
          text: { type: 'plain_text', text: "I'm looking" },
          value: 'req-1',
        },
        {
          type: 'button',
          action_id: 'request.hand-on',
          text: { type: 'plain_text', text: 'Hand on…' },
          value: 'req-1',
        },
      ],
    },
    { type: 'context', elements: [mrkdwn('Request `req-1`')] },
  ]);
});
