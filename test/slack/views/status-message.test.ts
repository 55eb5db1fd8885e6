import { TRANSITIONS } from '../../../core/model/life-cycle.ts';
import type { AccessRequest, RequestState } from '../../../core/model/request.ts';
import { ACTIONS } from '../../../slack/actions.ts';
import { approvalMessage } from '../../../slack/views/approving/approval-message.ts';
import { statusMessage } from '../../../slack/views/status-message.ts';
import { anEvent, aRequest } from '../a-request.ts';
import { markupOf } from '../slack-limits.ts';

const PORTAL = 'https://d-1234567890.awsapps.com/start';
const PEOPLE = new Map([
  ['user-cleo', 'U0CLEO'],
  ['user-dan', 'U0DAN'],
]);

function story(overrides: Partial<AccessRequest>, approvers: string[] = []) {
  const message = statusMessage({ request: aRequest(overrides), portalUrl: PORTAL, people: PEOPLE, approvers });
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return { ...message, shown: markupOf(message).join('\n'), buttons: buttons.map((element) => element.action_id) };
}

const ended = { state: 'ended', endedAt: '2026-01-05T09:45:00.000Z' } as const;

test('the message of active access says who, what, why and until when, and has buttons to open and to end it', () => {
  const { shown, buttons, blocks } = story({});
  expect(shown).toContain(
    '*Active:* <@U0ANA> has *AdministratorAccess* in *Production* (`123456789012`) until <!date^1767607210^',
  );
  for (const said of ['Checkout is down', 'INC-7', '1 hour', 'ps-admin']) expect(shown).toContain(said);
  expect(buttons).toEqual([ACTIONS.openPortal, ACTIONS.done, ACTIONS.extend, ACTIONS.soFar]);
  expect(JSON.stringify(blocks)).toContain(`${PORTAL}/#/console?account_id=123456789012&role_name=AdministratorAccess`);
});

test('the button to end early asks for confirmation and carries only the request id', () => {
  const done = story({}).blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))[1];
  expect(done).toMatchObject({ text: { text: "I'm done" }, value: 'req-1', confirm: { deny: { text: 'Keep it' } } });
});

test.each(Object.keys(TRANSITIONS) as RequestState[])(
  'the words for a request that is %s are true for that state',
  (state) => {
    const { text, shown, buttons } = story({ state, ...(state === 'ended' || state === 'reported' ? ended : {}) });
    expect(text).toContain('<@U0ANA>');
    expect(text).toContain('*Production*');
    expect(shown).not.toMatch(/undefined|null|NaN|\[object/);
    // The message does not announce a grant or an end before it has happened.
    expect(/has \*Admin/.test(text)).toBe(state === 'active');
    expect(text.includes('*Ended*')).toBe(state === 'ended' || state === 'reported');
    expect(buttons.includes(ACTIONS.done)).toBe(state === 'active');
    expect(buttons.includes(ACTIONS.cancel)).toBe(state === 'pending' || state === 'scheduled');
  },
);

test('while a request waits, its requester sees which approvers were asked and when it expires', () => {
  const { shown } = story({ state: 'pending', expiresAt: '2026-01-05T17:00:00Z' }, [
    'user-cleo',
    'user-dan',
    'user-new',
  ]);
  expect(shown).toContain('Asked: <@U0CLEO>, <@U0DAN> and `user-new`.');
  expect(shown).toContain('Expires <!date^1767632400^');
});

test('shortly before the end the message has a warning', () => {
  expect(story({}).shown).not.toContain('Ends soon');
  const { shown } = story({ events: [anEvent('warned')] });
  expect(shown).toContain('Ends soon, unless it is extended.');
  // The end time is in the first line already.
  expect(shown.split('<!date^1767607210^')).toHaveLength(3);
});

test('break-glass access is marked as such, with the approvers who owe the review', () => {
  const { shown } = story({ breakGlass: true, review: { status: 'owed', approvers: ['user-cleo', 'user-dan'] } });
  expect(shown).toContain('*Break glass:* nobody approved this.');
  expect(shown).toContain('A review is owed by <@U0CLEO> or <@U0DAN>.');
});

test('a questioned review stays visible with its question', () => {
  const review = { status: 'questioned', approvers: ['user-cleo'], by: 'user-cleo', note: 'Why root?' } as const;
  expect(story({ ...ended, breakGlass: true, review }).shown).toContain('Questioned in review by <@U0CLEO>: Why root?');
});

test('after the end the message says until when credentials fetched before may work', () => {
  expect(story(ended).shown).toContain(
    'may work until <!date^1767609900^{date_short_pretty} at {time}|2026-01-05 10:45 UTC>',
  );
});

test('a group membership is called that, and its end says that sessions of what the group gives may go on', () => {
  const group = { target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' }, sessionSeconds: 0 };
  expect(story({ ...ended, ...group }).shown).toContain('sessions of what the group gives');
  expect(story(group).text).toContain('has membership in *On-call* (`group-oncall`)');
});

test('the person who ended access early is named, and a regular end is called that', () => {
  expect(story({ ...ended, events: [anEvent('ending', { state: 'ending', by: 'user-ana' })] }).shown).toContain(
    'Ended early by <@U0ANA>.',
  );
  expect(story({ ...ended, events: [anEvent('ending', { state: 'ending', note: 'time is up' })] }).shown).toContain(
    'Its time was up.',
  );
});

test('after the end people read when the report comes, why access ended and by whom, without notes for programs', () => {
  const endings: [string, string, string][] = [
    ['user-ana', 'done early', 'Ended early by <@U0ANA>.'],
    ['user-cleo', 'ended by an approver: The index is whole', 'Ended early by <@U0CLEO>: The index is whole'],
    ['operator', 'ended by an operator', 'Ended early by `operator`.'],
    ['glasshammer', 'its workflow stopped, so it was taken back before its time', 'the workflow behind it stopped'],
  ];
  for (const [by, note, words] of endings) {
    const kept = anEvent('ended', { state: 'ended', note: 'kept: another request holds the same assignment' });
    const request = aRequest({ ...ended, events: [anEvent('ending', { by, note, state: 'ending' }), kept] });
    const message = statusMessage({ request, portalUrl: PORTAL, people: PEOPLE, reportDelaySeconds: 900 });
    const shown = markupOf(message).join('\n');
    expect(shown).toContain(words);
    expect(shown).toContain('<@U0ANA> keeps it: another request gives the same');
    expect(shown).toMatch(/The report comes <!date\^1767606600\^.* in a first edition and <!date\^1767610800\^/);
    const out = { ...request, events: [...request.events, anEvent('first-report', { note: '1 write' })] };
    const later = markupOf(statusMessage({ request: out, portalUrl: PORTAL, people: PEOPLE, reportDelaySeconds: 900 }));
    expect(later.join('\n')).toMatch(
      /The first edition of the report is out; the final one comes <!date\^1767610800\^/,
    );
    expect(shown).not.toMatch(/kept:|Why:|done early|by an approver|by an operator/);
  }
});

test('access that the person had before is not announced as removed', () => {
  const kept = { grant: { askedAt: '2026-01-05T09:00:00Z', standing: true } };
  expect(story({ ...ended, ...kept }).shown).toContain('was there before: Glasshammer does not take it away');
});

test('access that somebody else also gave is not promised to stay, because a drift rule may remove it', () => {
  const { shown } = story({ events: [anEvent('made-standing')] });
  expect(shown).toContain('Glasshammer does not take it away with this request.');
  expect(shown).not.toContain('stays');
});

test('a removal that AWS refuses is shown as being retried, not as done', () => {
  const retried = [
    anEvent('removal-retried', { note: 'busy' }),
    anEvent('removal-retried', { note: 'busy (attempt 12)', at: '2026-01-05T11:00:00.000Z' }),
  ];
  const { shown } = story({ state: 'ending', events: retried });
  expect(shown).toMatch(/may still work\. Removal is being retried since <!date\^1767605400.*AWS says: busy/);
  expect(shown).not.toMatch(/Active|attempt 12/);
});

test('a refused and a failed request say why', () => {
  expect(story({ state: 'refused', refusal: { reason: 'frozen', detail: 'incident' } }).shown).toContain(
    'All new access is stopped',
  );
  expect(story({ state: 'failed', failure: 'stopped before access was confirmed' }).shown).toContain(
    'stopped before access was confirmed',
  );
});

test('after a failed grant the message says whether credentials that were already fetched can still work', () => {
  const failed = { state: 'failed', failure: 'x', endedAt: '2026-01-05T10:02:29.000Z' } as const;
  const asked = { ...failed, grant: { askedAt: '', standing: false, operationId: 'op-1' } };
  const cutAt = '2026-01-05T10:02:31.000Z';
  expect(story({ ...asked, sessionsCutAt: cutAt }).shown).toMatch(/Sessions cut <!date\^1767607351.*\(verified\)/);
  expect(story(asked).shown).toMatch(/fetched before the end may work until <!date\^1767610949/);
  const events = [anEvent('sessions-cut-failed', { note: 'ServiceFailure' })];
  expect(story({ ...asked, events }).shown).toMatch(/could not be cut.*ServiceFailure/);
  for (const nothing of [failed, { ...asked, sessionsLeft: 'kept' as const }])
    expect(story(nothing).shown).not.toMatch(/[Cc]redentials|[Ss]essions/);
});

test('a failed grant says once that a half-done assignment is cleaned up', () => {
  const refusal = { reason: 'grant-failed', detail: 'role quota exceeded' } as const;
  expect(story({ state: 'failed', failure: 'x', refusal }).shown.match(/half done/g)).toHaveLength(1);
});

test('a denied request names the approver and their note', () => {
  const votes = [{ principalId: 'user-dan', slackId: 'U0DAN', vote: 'deny', at: '', note: '' }] as const;
  const events = [anEvent('denied', { by: 'user-dan', note: 'Use ReadOnlyAccess' })];
  expect(story({ state: 'denied', votes, events }).shown).toMatch(/\*Denied\* by <@U0DAN>.*Use ReadOnlyAccess/s);
});

test('the message has the result of the report, or why there is none', () => {
  const reported = [anEvent('reported', { note: '3 writes, 1 refused; sent to sec@example.com' })];
  expect(story({ ...ended, state: 'reported', events: reported }).shown).toContain(
    'Report: 3 writes, 1 refused; sent to sec@example.com',
  );
  // A person who reads the message later has not seen the thread.
  const since = [...reported, anEvent('report-addendum', { note: '4 writes' })];
  expect(story({ ...ended, state: 'reported', events: since }).shown).toContain('sec@example.com Addendum: 4 writes');
  const unsent = anEvent('report-unsent', { note: 'SendingPausedException' });
  expect(story({ ...ended, events: [unsent] }).shown).toContain(
    'could not be sent yet, and is tried again: SendingPaused',
  );
  const givenUp = { ...unsent, note: 'given up: SendingPausedException' };
  expect(story({ ...ended, events: [unsent, givenUp] }).shown).toContain('could not be sent: SendingPaused');
  const unreadable = [anEvent('activity-unreadable', { note: 'AccessDenied' })];
  expect(story({ ...ended, events: unreadable }).shown).toContain('could not be read: AccessDenied');
});

test('without a valid portal URL there is no Open in AWS button', () => {
  for (const portalUrl of ['', 'not an address', 'javascript:alert(1)', `https://x/${'y'.repeat(4000)}`]) {
    expect(JSON.stringify(statusMessage({ request: aRequest(), portalUrl }))).not.toContain(ACTIONS.openPortal);
  }
});

test('the blocks of the status message, as sent to Slack', () => {
  expect(
    story({ names: { accountName: 'R&D <Prod>', permissionSetName: 'AdministratorAccess' }, path: 'prod-admin' })
      .blocks,
  ).toEqual([
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        verbatim: true,
        text: ':unlock: *Active:* <@U0ANA> has *AdministratorAccess* in *R&amp;D &lt;Prod&gt;* (`123456789012`) until <!date^1767607210^{date_short_pretty} at {time}|2026-01-05 10:00 UTC>.',
      },
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'request.open-portal',
          text: { type: 'plain_text', text: 'Open in AWS' },
          url: `${PORTAL}/#/console?account_id=123456789012&role_name=AdministratorAccess`,
          style: 'primary',
        },
        {
          type: 'button',
          action_id: 'request.done',
          text: { type: 'plain_text', text: "I'm done" },
          value: 'req-1',
          confirm: {
            title: { type: 'plain_text', text: 'End this access now?' },
            text: { type: 'plain_text', text: 'AdministratorAccess in R&D <Prod> is taken back at once, all of it.' },
            confirm: { type: 'plain_text', text: 'End it now' },
            deny: { type: 'plain_text', text: 'Keep it' },
          },
        },
        { type: 'button', action_id: 'request.extend', text: { type: 'plain_text', text: 'Extend' }, value: 'req-1' },
        {
          type: 'button',
          action_id: 'access.so-far',
          text: { type: 'plain_text', text: 'What was done so far' },
          value: 'req-1',
        },
      ],
    },
    { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: '*Reason*\n> Checkout is down' } },
    {
      type: 'context',
      elements: [
        { type: 'mrkdwn', verbatim: true, text: '1 hour · INC-7' },
        { type: 'mrkdwn', verbatim: true, text: '`arn:aws:sso:::permissionSet/ssoins-12345/ps-admin`' },
        { type: 'mrkdwn', verbatim: true, text: 'Request `req-1` · by `prod-admin`' },
      ],
    },
  ]);
});

test('requester and approvers read which approvers could not be reached', () => {
  const asked = { waitingPaths: [], slackIds: {}, allows: '', usedBefore: { times: 0 }, untold: ['user-ida'] };
  const { shown } = story({ state: 'pending', asked }, ['user-cleo', 'user-ida']);
  expect(shown).toContain('Asked: <@U0CLEO>.');
  expect(shown).toContain('Not told, because nothing reaches them: `user-ida`.');
  const card = markupOf(approvalMessage({ request: aRequest({ state: 'pending', asked }), people: PEOPLE })).join('\n');
  expect(card).toContain('Not told, because nothing reaches them: `user-ida`.');
  const glass = story({
    state: 'active',
    breakGlass: true,
    asked,
    review: { status: 'owed', approvers: ['user-ida'] },
  });
  expect(glass.shown).toContain('Not told, because nothing reaches them: `user-ida`.');
});
