import { TRANSITIONS } from '../../../core/model/life-cycle.ts';
import type { AccessRequest, EventType, RequestState } from '../../../core/model/request.ts';
import { approvalMessage } from '../../../slack/views/approving/approval-message.ts';
import { approveModal } from '../../../slack/views/approving/approve-modal.ts';
import { denyModal } from '../../../slack/views/approving/deny-modal.ts';
import {
  approvalReminder,
  endWarning,
  outcomeNotice,
  reviewReminder,
} from '../../../slack/views/approving/reminder.ts';
import { breakGlassModal } from '../../../slack/views/asking/break-glass-modal.ts';
import { accountOptions, permissionSetOptions } from '../../../slack/views/asking/form-options.ts';
import { requestModal } from '../../../slack/views/asking/request-modal.ts';
import * as ephemerals from '../../../slack/views/ephemerals.ts';
import { homeView } from '../../../slack/views/home.ts';
import { reportSummary } from '../../../slack/views/reporting/report-summary.ts';
import { questionReviewModal, reviewMessage } from '../../../slack/views/reporting/review-message.ts';
import { statusMessage } from '../../../slack/views/status-message.ts';
import { anEvent, aRequest } from '../a-request.ts';
import { breaches, markupOf, smuggled } from '../slack-limits.ts';

type View = Parameters<typeof breaches>[0];

const STATES = Object.keys(TRANSITIONS) as RequestState[];

/** The states whose wording differs for a group. */
const ABOUT_GROUPS = new Set<RequestState>(['active', 'ended']);

const EVENT_TYPES: EventType[] = [
  ...STATES,
  'granted',
  'vote',
  'reminded',
  'escalated',
  'warned',
  'end-asked',
  'removal-retried',
  'workflow-stopped',
  'activity-unreadable',
  'report-unsent',
  'report-resent',
  'review-owed',
  'reviewed',
  'removed-by-others',
  'made-standing',
  'duration-shortened',
];

const AT = '2026-01-05T09:30:00.000Z';

/** A request in which every text is `text`, and of every list there is much. */
function filled(state: RequestState, text: string, group: boolean): AccessRequest {
  return aRequest({
    id: text || 'x',
    state,
    requester: { slackId: text, principalId: text, userName: text, displayName: text, email: text },
    target: group ? { groupId: text } : { accountId: text, permissionSetArn: text },
    names: group ? { groupName: text } : { accountName: text, permissionSetName: text },
    reason: text,
    ticket: text,
    path: text,
    failure: text,
    endsAt: AT,
    startsAt: AT,
    endedAt: AT,
    expiresAt: AT,
    breakGlass: true,
    refusal: { reason: 'grant-failed', detail: text },
    grant: { askedAt: AT, standing: true },
    review: { status: 'questioned', approvers: Array(100).fill(text), by: text, at: AT, note: text },
    events: EVENT_TYPES.map((type) => anEvent(type, { by: text, note: text })),
    votes: Array.from({ length: 20 }, (_, index) => ({
      principalId: `${text}${index}`,
      slackId: text,
      vote: index % 2 === 0 ? ('approve' as const) : ('deny' as const),
      at: AT,
      note: text,
      durationSeconds: 900,
    })),
  });
}

/** Every view there is, shown for one state with one text everywhere. */
function everyView(state: RequestState, text: string, group = false): Record<string, View> {
  const request = filled(state, text, group);
  const owed = { ...request, review: { status: 'owed' as const, approvers: Array(100).fill(text) } };
  const crowd = Array.from({ length: 40 }, (_, index) => `${text}${index}`);
  const people = new Map(crowd.map((id) => [id, text]));
  const portalUrl = `https://portal.example/${encodeURIComponent(text.slice(0, 100).replace(/\p{Surrogate}/gu, 'x'))}`;
  const many = Array.from({ length: 12 }, (_, index) => ({ ...request, id: `${index}-${text}`.slice(0, 200) }));
  const label = { label: text, value: text || 'x' };
  return {
    story: statusMessage({ request, portalUrl, people, approvers: crowd }),
    storyWithoutPortal: statusMessage({ request, portalUrl: text }),
    approval: approvalMessage({
      request,
      people,
      allows: text,
      usedBefore: { times: 3, lastAt: AT },
      waitingPaths: Array(12).fill({
        path: text,
        approvals: Array(2).fill({ policy: text, count: 2, approvers: crowd }),
      }),
    }),
    review: reviewMessage(request, people),
    reviewOwed: reviewMessage(owed, people),
    reminder: approvalReminder({ request, approvers: crowd, people }),
    escalation: approvalReminder({ request, approvers: crowd, people, escalated: true }),
    endWarning: endWarning(request),
    outcome: outcomeNotice(request, people),
    reviewReminder: reviewReminder(owed, people),
    summary: reportSummary(request, Array(20).fill(text)),
    granting: ephemerals.grantingNotice(request),
    pending: ephemerals.pendingNotice(request),
    scheduled: ephemerals.scheduledNotice(request),
    duplicate: ephemerals.duplicateNotice(request),
    alreadyActive: ephemerals.alreadyActiveNotice(request),
    refused: ephemerals.refusedNotice({ reason: 'frozen', detail: text }, { nearest: text, requestId: text }),
    approved: ephemerals.voteNotice(request, 'approve', 1),
    denied: ephemerals.voteNotice(request, 'deny'),
    ending: ephemerals.endingNotice(request),
    cancelled: ephemerals.cancelledNotice(request),
    reviewed: ephemerals.reviewedNotice(request),
    trouble: ephemerals.troubleNotice(text),
    home: homeView({ active: many, pending: many, toDecide: many, reviews: many, portalUrl }),
    approveModal: approveModal(request),
    denyModal: denyModal(request),
    questionReviewModal: questionReviewModal(request),
    breakGlassModal: breakGlassModal({
      asked: request,
      data: { requestId: text, channel: text, wanted: { group: text } },
      reason: text,
      ticket: text,
      ticketRequired: true,
    }),
    requestModal: requestModal({
      data: { origin: 'command', channel: text },
      maxDurationSeconds: 43_200,
      defaultDurationSeconds: 3600,
      initial: { account: label, permissionSet: label, reason: text, ticket: text },
    }),
  };
}

const HOSTILE: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['spaces', '   '],
  ['markup', '<!channel> <@U0BEN> <!here|x> <https://evil.example|bank> & @here @everyone '.repeat(45)],
  ['entities waiting to happen', '&'.repeat(3500)],
  ['line breaks', 'a\n'.repeat(3500)],
  ['emoji', '👩‍👩‍👧‍👦'.repeat(700)],
  ['one endless letter', `e${'\u0301'.repeat(3500)}`],
  ['half characters', '\ud83d'.repeat(3000)],
  ['reading direction', '\u202e\u2066evil'.repeat(700)],
  ['formatting', '*_~`>'.repeat(700)],
];

describe.each(HOSTILE)('with %s for every text', (_what, text) => {
  test.each(STATES)(
    'Slack takes every view of a request that is %s, and none speaks on somebody else’s behalf',
    (state) => {
      const found = (ABOUT_GROUPS.has(state) ? [false, true] : [false]).flatMap((group) =>
        Object.entries(everyView(state, text, group)).flatMap(([name, view]) =>
          [...breaches(view), ...markupOf(view).flatMap(smuggled)].map((what) => `${name}: ${what}`),
        ),
      );
      expect(found).toEqual([]);
    },
  );

  test('the menus of the form stay within Slack’s limits and offer no cut value', () => {
    const entries = Array.from({ length: 300 }, (_, index) => ({ id: `${index}`, name: `${text}${index}` }));
    const answer = accountOptions({ accounts: entries, groups: [...entries, { id: text, name: 'x' }], query: '' });
    const sets = permissionSetOptions({
      permissionSets: entries.map(({ id, name }) => ({ arn: `arn${id}`, name, description: text })),
      query: '',
    });
    for (const options of [...answer.option_groups.map((group) => group.options), sets.options]) {
      expect(breaches({ type: 'modal', blocks: [{ type: 'actions', elements: [{ options }] }] })).toEqual([]);
      expect(options.length).toBeLessThanOrEqual(100);
    }
  });
});

test('mentions reach only people the program looked up, never names in a text', () => {
  const text = markupOf(everyView('pending', '<@U0EVE>').story as View).join('\n');
  expect(text).not.toContain('<@U0EVE>');
});
