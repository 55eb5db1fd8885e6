import { REFUSAL_REASONS } from '../../../core/model/refusal.ts';
import { ACTIONS, actionOf } from '../../../slack/actions.ts';
import type { MessageView } from '../../../slack/blocks.ts';
import {
  approvalReminder,
  endWarning,
  outcomeNotice,
  reviewReminder,
} from '../../../slack/views/approving/reminder.ts';
import {
  alreadyActiveNotice,
  duplicateNotice,
  endingNotice,
  grantingNotice,
  helpNotice,
  otherButtonNotice,
  pendingNotice,
  privateAnswer,
  refusedNotice,
  scheduledNotice,
  troubleNotice,
  unaskedNotice,
  voteNotice,
} from '../../../slack/views/ephemerals.ts';
import { homeView } from '../../../slack/views/home.ts';
import { reportCard } from '../../../slack/views/reporting/report-card.ts';
import { reportSummary } from '../../../slack/views/reporting/report-summary.ts';
import { reviewMessage } from '../../../slack/views/reporting/review-message.ts';
import { sentenceFor } from '../../../slack/words/sentences.ts';
import { anEvent, aRequest } from '../a-request.ts';
import { markupOf } from '../slack-limits.ts';

const PEOPLE = new Map([
  ['user-cleo', 'U0CLEO'],
  ['user-dan', 'U0DAN'],
]);
const OWED = { status: 'owed', approvers: ['user-cleo', 'user-dan'] } as const;

function shown(view: MessageView): string {
  return markupOf(view).join('\n');
}

function pressable(view: { readonly blocks: readonly unknown[] }): (string | undefined)[] {
  const blocks = view.blocks as { type: string; elements?: { action_id?: string }[] }[];
  return blocks.flatMap((block) =>
    block.type === 'actions' ? (block.elements ?? []).map((each) => each.action_id) : [],
  );
}

test('the answer to a button says what is being granted, until when and where to look, not that it is granted', () => {
  const { text } = grantingNotice(aRequest({ state: 'approved', endsAt: '2026-01-05T10:00:00Z' }));
  expect(text).toBe(
    ':hammer: *Glass broken:* granting *AdministratorAccess* in *Production* (`123456789012`) until <!date^1767607200^{date_short_pretty} at {time}|2026-01-05 10:00 UTC>. The thread or a direct message tells you as soon as it works, within a minute or so.',
  );
  expect(grantingNotice(aRequest({ endsAt: '', origin: { kind: 'command' } })).text).toContain(
    'for 1 hour. A message tells you',
  );
});

test('an ask that a form has to complete is not told as one that is granted', () => {
  const { text } = unaskedNotice(aRequest({ state: 'requested' }));
  expect(text).toContain('Nothing is asked for yet: *AdministratorAccess* in *Production*');
  expect(text).not.toMatch(/grant/i);
});

test('nobody is sent to a thread that is not there: in a channel without the app they are told directly', () => {
  const asked = (channel: string) =>
    grantingNotice(aRequest({ origin: { kind: 'alert', channel, messageTs: '1.2' } })).text;
  expect(asked('D0ANA')).toContain('A direct message tells you');
  expect(asked('C0ALERTS')).toContain('The thread or a direct message tells you');
  const ending = (channel: string) =>
    endingNotice(
      aRequest({
        origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1.2' },
        messages: [{ role: 'story', channel, ts: '1.3' }],
      }),
    ).text;
  expect(ending('C0ALERTS')).toContain('The thread says when it is gone');
  expect(ending('D0ANA')).toContain('A direct message says when it is gone');
});

test('whoever waits is told where the approvers are named', () => {
  const { text } = pendingNotice(
    aRequest({ state: 'pending', expiresAt: '2026-01-05T17:00:00Z', origin: { kind: 'command' } }),
  );
  expect(text).toContain('Asked the approvers to approve');
  expect(text).toContain('A message names them');
  expect(text).toContain('expires <!date^');
  expect(scheduledNotice(aRequest({ state: 'scheduled' })).text).toContain('from <!date^');
});

test('a second press is answered with the state of the first one, and that nothing new was started', () => {
  expect(duplicateNotice(aRequest({ state: 'pending' })).text).toMatch(
    /nothing new was started\. .*Waiting for approval/,
  );
  expect(alreadyActiveNotice(aRequest()).text).toMatch(/You already have .* until <!date\^1767607210/);
});

test('a second press names whoever decided, as Slack mentions them', () => {
  const denied = aRequest({
    state: 'denied',
    events: [anEvent('denied', { by: 'user-cleo' })],
    asked: { waitingPaths: [], slackIds: { 'user-cleo': 'U0CLEO' }, allows: '', usedBefore: { times: 0 } },
  });
  expect(duplicateNotice(denied).text).toContain('*Denied* by <@U0CLEO>');
});

test.each(REFUSAL_REASONS)('a refusal for %s is told with its sentence', (reason) => {
  expect(refusedNotice({ reason }).text).toContain(sentenceFor({ reason }));
});

test('a refusal says what would be possible instead, and the request id for questions to an operator', () => {
  const notice = refusedNotice({ reason: 'too-long' }, { nearest: 'up to 1h by policy <dev>', requestId: 'req-1' });
  expect(shown(notice)).toContain('*Possible instead:* up to 1h by policy &lt;dev&gt;');
  expect(shown(notice)).toContain('Request `req-1`');
});

test('a later time that would be possible is shown in the time zone of the reader', () => {
  const nearest = 'from 2026-01-05T12:00:00.043Z, by policy dev';
  expect(shown(refusedNotice({ reason: 'cooldown' }, { nearest }))).toMatch(
    /Possible instead:\* from <!date\^1767614400\^[^>]+>, by policy dev/,
  );
});

test('after an internal error the person reads that the outcome is not certain', () => {
  const notice = troubleNotice('log-1');
  expect(shown(notice)).toMatch(/not certain/);
  expect(shown(notice)).toContain('`log-1`');
});

test('votes and early ends are confirmed to the person who pressed', () => {
  expect(voteNotice(aRequest(), 'approve', 1).text).toContain('More are needed: 1.');
  expect(voteNotice(aRequest(), 'approve').text).toContain('Approved');
  expect(voteNotice(aRequest(), 'deny').text).toContain('Denied');
  expect(endingNotice(aRequest()).text).toContain('Ending');
});

test('the help says how to ask, how to end access, and where to look', () => {
  const help = shown(helpNotice());
  for (const words of ['/access', 'reason', "I'm done", 'Extend', 'Home']) expect(help).toContain(words);
});

test('the answer to a button does not replace the alert and is visible to one person only', () => {
  expect(privateAnswer(troubleNotice())).toMatchObject({ response_type: 'ephemeral', replace_original: false });
});

test('a reminder mentions the approvers again, and an escalation says why they are asked', () => {
  const data = { request: aRequest({ state: 'pending' }), approvers: ['user-cleo', 'user-dan'], people: PEOPLE };
  expect(approvalReminder(data).text).toMatch(
    /A reminder for <@U0CLEO> and <@U0DAN>: <@U0ANA> asked <!date.* for \*Adm/,
  );
  expect(approvalReminder({ ...data, escalated: true }).text).toContain('you are asked too');
});

test('a reminder, which is never edited, says nothing that becomes wrong after the decision or the expiry', () => {
  const request = aRequest({ state: 'pending', expiresAt: '2026-01-05T17:00:00Z' });
  for (const escalated of [false, true]) {
    const { text } = approvalReminder({ request, approvers: ['user-cleo'], people: PEOPLE, escalated });
    expect(text).toContain('It can be decided until <!date^1767632400');
    expect(text).not.toMatch(/still|waits|waiting|has decided yet|expires/);
  }
});

test('the confirmation of a vote does not promise access that may still be refused', () => {
  const now = voteNotice(aRequest({ state: 'approved', decidedAt: '2026-01-05T09:00:10.000Z' }), 'approve').text;
  expect(now).toContain('if that is still allowed');
  expect(now).not.toContain('being made');
  const later = { state: 'scheduled', decidedAt: '2026-01-05T08:00:00.000Z' } as const;
  expect(voteNotice(aRequest(later), 'approve').text).toContain('It is given <!date^1767603610');
});

test.each([
  ['pending', 'press *Cancel request*'],
  ['scheduled', 'press *Cancel request*'],
  ['approved', "Press *I'm done* as soon as"],
  ['granting', "Press *I'm done* as soon as"],
  ['active', "press *I'm done*"],
] as const)('a person who presses the wrong button of a request that is %s is told the right one', (state, words) => {
  expect(otherButtonNotice(aRequest({ state }))?.text).toContain(words);
});

test('for a request that is over there is no other button to press', () => {
  expect(otherButtonNotice(aRequest({ state: 'ended' }))).toBeUndefined();
});

test('the warning before the end mentions the person and offers to end or extend', () => {
  const warning = endWarning(aRequest());
  expect(warning.text).toMatch(/<@U0ANA>, this access to \*AdministratorAccess\* .* ends <!date\^1767607210/);
  expect(pressable(warning)).toEqual([ACTIONS.done, ACTIONS.extend]);
});

const ENDED = { state: 'ended', endedAt: '2026-01-05T10:00:00Z' } as const;
const KEPT_BEFORE = {
  grant: { askedAt: '2026-01-05T09:00:00Z', standing: true },
  events: [anEvent('ended', { note: 'kept: the assignment was there before us' })],
};
const KEPT_MEANWHILE = [
  anEvent('made-standing'),
  anEvent('ended', { note: 'kept: somebody else has given the same access meanwhile' }),
];

test.each<[string, Parameters<typeof aRequest>[0] & object, RegExp]>([
  ['it was removed', { ...ENDED, events: [anEvent('ended')] }, /, this access to \*Adm.* has ended\.$/],
  [
    'another request holds it',
    { ...ENDED, events: [anEvent('ended', { note: 'kept: another request holds the same assignment' })] },
    /you keep the access to .*\. Another request gives you the same, and its own message says until when\.$/,
  ],
  [
    'the person had it before',
    { ...ENDED, ...KEPT_BEFORE },
    /you keep the access to .*\. You had the same before, and Glasshammer/,
  ],
  [
    'somebody else gave it too',
    { ...ENDED, events: KEPT_MEANWHILE },
    /you keep the access to .*\. Somebody else gave you the same/,
  ],
  ['it is ending', { state: 'ending' }, /is ending\. If another request gives you the same, that one stays\.$/],
  [
    'it is ending and the person had it before',
    { state: 'ending', ...KEPT_BEFORE },
    /is ending\. You had the same before/,
  ],
])('the warning, as edited after the end, does not say that kept access was removed: %s', (_what, overrides, words) => {
  const { text } = endWarning(aRequest(overrides));
  expect(text).toMatch(words);
  if (words.source.includes('you keep'))
    expect(text).not.toContain('access to *AdministratorAccess* in *Production* has');
});

test('the warning for a group names a membership, before its end and after it', () => {
  const group = { target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } };
  expect(endWarning(aRequest(group)).text).toContain('this membership in *On-call* (`group-oncall`) ends');
  expect(endWarning(aRequest({ ...group, ...ENDED })).text).toContain(
    'this membership in *On-call* (`group-oncall`) has ended',
  );
});

test.each<[Parameters<typeof aRequest>[0] & object, RegExp]>([
  [
    { state: 'active' },
    /^:unlock: <@U0ANA>, your access is there: \*AdministratorAccess\* in \*Production\* .* until <!date/,
  ],
  [{ state: 'scheduled' }, /^:calendar: <@U0ANA>, it is approved: you get .* from <!date/],
  [
    { state: 'denied', events: [anEvent('denied', { by: 'user-cleo', note: 'not today' })] },
    /^:x: <@U0ANA>, <@U0CLEO> denied your request for .*not today/s,
  ],
  [{ state: 'expired' }, /^:x: <@U0ANA>, nobody decided in time .* ask again/],
  [
    { state: 'cancelled', events: [anEvent('cancelled', { by: 'glasshammer' })] },
    /^:x: <@U0ANA>.* cancelled by Glasshammer/,
  ],
  [
    { state: 'refused', refusal: { reason: 'frozen', detail: 'incident 42' } },
    /^:no_entry: <@U0ANA>, you did not get .*incident 42/s,
  ],
])('a requester who waited is mentioned with the outcome: %j', (parts, words) => {
  const notice = outcomeNotice(aRequest(parts), PEOPLE);
  expect(shown(notice)).toMatch(words);
  expect(pressable(notice)).toEqual([]);
});

test('skipped approvers are told at once, and are asked to review after the access has ended', () => {
  const glass = { breakGlass: true, review: OWED };
  const running = reviewMessage(aRequest(glass), PEOPLE);
  expect(shown(running)).toContain('*Break glass* by <@U0ANA>');
  expect(shown(running)).toContain('For <@U0CLEO> and <@U0DAN>.');
  expect(pressable(running)).toEqual([ACTIONS.endAccess]);
  const over = reviewMessage(aRequest({ ...glass, state: 'reported', endedAt: '2026-01-05T10:00:00Z' }), PEOPLE);
  expect(pressable(over)).toEqual([ACTIONS.acknowledgeReview, ACTIONS.questionReview]);
  expect(reviewReminder(aRequest(glass), PEOPLE).text).toContain('<@U0CLEO> or <@U0DAN>: the review of');
});

test('after a review the message has no buttons and names the reviewer', () => {
  const review = { ...OWED, status: 'acknowledged', by: 'user-cleo' } as const;
  const done = reviewMessage(aRequest({ breakGlass: true, state: 'reported', review }), PEOPLE);
  expect(pressable(done)).toEqual([]);
  expect(shown(done)).toContain('Reviewed and acknowledged by <@U0CLEO>.');
});

test('the summary of a report escapes its lines and says until when credentials may work', () => {
  const summary = reportSummary(aRequest({ state: 'ended', endedAt: '2026-01-05T10:00:00Z' }), [
    '3 writes',
    '<!here> 1 refused',
  ]);
  expect(shown(summary)).toContain('had *AdministratorAccess* in *Production*');
  expect(shown(summary)).toContain('3 writes\n&lt;!here&gt; 1 refused');
  expect(shown(summary)).toContain('may work until <!date^1767610800^');
});

test('the card of a report has its findings and writes, and says where the status message and the full report are', () => {
  const origin = aRequest().origin;
  const link = 'https://home.slack.com/archives/C0ALERTS/p1767603600000100';
  const reported = aRequest({
    state: 'reported',
    events: [anEvent('reported', { state: 'reported', note: '2 writes' })],
    reportLines: [
      'To look at: <!here>.',
      'Writes: s3:CreateBucket.',
      'The full report went by e-mail to a@example.com.',
    ],
    about: { text: 'Checkout', channel: 'C0ALERTS', ts: origin.messageTs ?? '', link },
  });
  const card = shown(reportCard(reported, PEOPLE));
  for (const fact of [
    '*Verdict:* 2 writes',
    'To look at: &lt;!here&gt;.',
    'Writes: s3:CreateBucket.',
    'to a@example.com',
  ])
    expect(card).toContain(fact);
  expect(card).toContain(`thread of <${link}|this message>`);
  // A request of an earlier version has no report lines, and one by command has no message to link to.
  const { reportLines: _none, about: _nothing, ...before } = reported;
  const story = { role: 'story', channel: 'C0ACCESS', ts: '1.2' } as const;
  expect(shown(reportCard({ ...before, messages: [story] }, PEOPLE))).toMatch(
    /The full report went by e-mail\.\nIts story is in <#C0ACCESS>\./,
  );
});

test('the App Home shows the access, requests, votes and reviews of a person, each with its buttons', () => {
  const home = homeView({
    active: [aRequest()],
    pending: [aRequest({ id: 'req-2', state: 'pending' })],
    toDecide: [aRequest({ id: 'req-3', state: 'pending', requester: { ...aRequest().requester, slackId: 'U0BEN' } })],
    reviews: [aRequest({ id: 'req-4', state: 'reported', breakGlass: true, review: OWED })],
    portalUrl: 'https://p.example/start',
  });
  const headers = home.blocks.flatMap((block) =>
    'text' in block && block.type === 'header' ? [(block.text as { text: string }).text] : [],
  );
  expect(headers).toEqual([
    'AWS access',
    'Your access now',
    'Your open requests',
    'Waiting for your vote',
    'Reviews owed',
  ]);
  const actions = pressable(home);
  expect(actions).toContain('request.approve:req-3');
  expect(new Set(actions).size).toBe(actions.length);
  expect(actions.map((id) => actionOf(id ?? ''))).not.toContain(undefined);
});

test('the App Home shows at most five targets that a person had before, each with a button that asks again', () => {
  const { target, names } = aRequest();
  const before = Array.from({ length: 7 }, (_, index) => ({
    target,
    names,
    times: index + 1,
    lastAt: '2026-01-05T12:00:00.000Z',
  }));
  const home = homeView({ active: [], pending: [], toDecide: [], reviews: [], portalUrl: '', before });
  const words = markupOf(home).join('\n');
  expect(words).toContain('*AdministratorAccess* in *Production* (`123456789012`): 1 time, last <!date^');
  expect(words).not.toContain('6 times');
  const asks = pressable(home).filter((id) => actionOf(id ?? '') === 'home.ask-again');
  expect(asks).toHaveLength(5);
  expect(new Set(asks).size).toBe(5);
});

test('a long list in the App Home says how much is not shown', () => {
  const many = Array.from({ length: 14 }, (_, index) => aRequest({ id: `req-${index}`, state: 'pending' }));
  const home = homeView({ active: [], pending: many, toDecide: [], reviews: [], portalUrl: '' });
  expect(markupOf(home).join('\n')).toContain('and 4 more requests');
  expect(
    markupOf(homeView({ active: [], pending: [], toDecide: [], reviews: [], portalUrl: '' })).join('\n'),
  ).toContain('nothing waits for you');
});

test('an approver reads in the App Home the same facts as in the approval message', () => {
  const home = homeView({
    active: [],
    pending: [],
    toDecide: [
      aRequest({
        state: 'pending',
        extends: 'req-0',
        held: { accessId: 'req-0', startedAt: '2026-01-05T08:30:00.000Z', endsAt: '2026-01-05T09:30:00.000Z' },
        expiresAt: '2026-01-05T17:00:00.000Z',
      }),
    ],
    reviews: [],
    portalUrl: '',
  });
  const words = markupOf(home).join('\n');
  for (const fact of ['1 hour more of', 'since <!date^1767601800^', 'Checkout is down', 'INC-7', '*Risk*', 'Expires'])
    expect(words).toContain(fact);
  expect(pressable(home).map((id) => actionOf(id ?? ''))).toContain(ACTIONS.approveWithNote);
});
