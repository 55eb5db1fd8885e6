import type { AccessPreview } from '../../../core/access/request/preview-access.ts';
import type { DriftFinding, DriftItem } from '../../../core/drift/types.ts';
import { TRANSITIONS } from '../../../core/model/life-cycle.ts';
import type { AccessRequest, EventType, RequestState } from '../../../core/model/request.ts';
import type { Proposal } from '../../../core/policy/changing/proposal.ts';
import { approvalMessage } from '../../../slack/views/approving/approval-message.ts';
import { approveModal } from '../../../slack/views/approving/approve-modal.ts';
import {
  claimedNotice,
  handedOnTo,
  lostRaceNotice,
  nudgedNotice,
} from '../../../slack/views/approving/approver-notices.ts';
import { denyModal } from '../../../slack/views/approving/deny-modal.ts';
import { handOnModal } from '../../../slack/views/approving/hand-on-modal.ts';
import {
  approvalReminder,
  endWarning,
  handedOnNotice,
  outcomeNotice,
  reviewReminder,
} from '../../../slack/views/approving/reminder.ts';
import { breakGlassModal } from '../../../slack/views/asking/break-glass-modal.ts';
import { accountOptions, permissionSetOptions } from '../../../slack/views/asking/form-options.ts';
import { requestModal } from '../../../slack/views/asking/request-modal.ts';
import { strangerModal } from '../../../slack/views/asking/stranger-modal.ts';
import { driftFoundMessage, driftRemovedMessage, interferenceMessage } from '../../../slack/views/drift-message.ts';
import { endModal } from '../../../slack/views/end-modal.ts';
import * as ephemerals from '../../../slack/views/ephemerals.ts';
import { extendModal } from '../../../slack/views/extend-modal.ts';
import { accessListNotice, homeView, refusedHomeView } from '../../../slack/views/home.ts';
import { proposalMessage } from '../../../slack/views/proposal-message.ts';
import { answerMessage, answerModal, questionMessage, reportCard } from '../../../slack/views/reporting/report-card.ts';
import { reportSummary } from '../../../slack/views/reporting/report-summary.ts';
import { questionReviewModal, reviewMessage } from '../../../slack/views/reporting/review-message.ts';
import { soFarMessage } from '../../../slack/views/reporting/so-far-message.ts';
import { statusMessage } from '../../../slack/views/status-message.ts';
import { aCall } from '../../core/activity/records.ts';
import { reportOf } from '../../core/activity/stored-reports.ts';
import { FILES, textOf } from '../../repo/repository.ts';
import { anEvent, aRequest } from '../a-request.ts';
import { breaches, markupOf, smuggled } from '../slack-limits.ts';

type View = Parameters<typeof breaches>[0];

const STATES = Object.keys(TRANSITIONS) as RequestState[];

/** The states with other words for a group than for an account. */
const ABOUT_GROUPS = new Set<RequestState>(['active', 'ended']);

const EVENT_TYPES: EventType[] = [
  ...STATES,
  'granted',
  'vote',
  'reminded',
  'escalated',
  'warned',
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

/** A request in which every text is `text` and every list is long. */
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

/** A report in which every text is `text`; made once for all states. */
const reportOn = remembered((text: string) =>
  reportOf(Array.from({ length: 5 }, (_, at) => aCall(`ec2:DeleteThing${at}`, { resources: [{ ARN: text }] }))),
);

function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text) ?? make(text);
    made.set(text, known);
    return known;
  };
}

/** Every view there is, shown for one state with one text everywhere. */
function everyView(state: RequestState, text: string, group = false): Record<string, View> {
  const request = filled(state, text, group);
  const reported = {
    ...request,
    reportLines: Array(30).fill(text),
    asked: { waitingPaths: [], slackIds: {}, allows: text, usedBefore: { times: 0 } },
  };
  const owed = { ...request, review: { status: 'owed' as const, approvers: Array(100).fill(text) } };
  const crowd = Array.from({ length: 40 }, (_, index) => `${text}${index}`);
  const people = new Map(crowd.map((id) => [id, text]));
  const portalUrl = `https://portal.example/${encodeURIComponent(text.slice(0, 100).replace(/\p{Surrogate}/gu, 'x'))}`;
  const many = Array.from({ length: 12 }, (_, index) => ({ ...request, id: `${index}-${text}`.slice(0, 200) }));
  const label = { label: text, value: text || 'x' };
  const business = { active: many, pending: many, toDecide: many, reviews: many };
  const { target, names } = request;
  const before = Array(9).fill({ target, names, times: 3, lastAt: AT });
  const answered = { status: 'questioned', approvers: [], by: text, note: text, answer: text, answeredAt: AT } as const;
  const otherButton = ephemerals.otherButtonNotice(request);
  const drift: DriftFinding & DriftItem = {
    assignment: { principalId: text, target },
    principalType: 'USER',
    made: { by: { id: text, name: text }, at: AT, eventId: text },
    names: { principalName: text, accountName: text, permissionSetName: text, groupName: text },
    plan: { action: 'warn' },
    ...{ status: 'removed', due: AT, foundAt: AT, action: 'revoke', rules: '', revision: 1 },
  };
  const proposal: Proposal = {
    ...{ id: text, principalId: text, userName: text, at: AT, expiresAt: AT, text, base: '', note: text },
    state: 'proposed',
  };
  const preview: AccessPreview = {
    ...{ target, names, outcome: 'refused', breakGlass: false, nearest: text, durationSeconds: 900, isLater: true },
    ...{ startsAt: AT, endsAt: AT, reasonMinLength: 10, ticketPatterns: [text], votesNeeded: 2, approverCount: 40 },
    problems: Array(20).fill({ reason: 'frozen', detail: text }),
    approvers: crowd.slice(0, 5),
    heldOutside: { throughGroup: text },
  };
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
    reportCard: reportCard(reported, people),
    reportCardOwed: reportCard({ ...reported, ...owed, state: 'reported' }, people),
    question: questionMessage(request, people),
    answered: questionMessage({ ...request, review: answered }, people),
    answer: answerMessage({ ...request, review: answered }, people),
    handedOnNotice: handedOnNotice(request, { by: text, to: text, note: text }, people),
    soFar: soFarMessage(request, reportOn(text)),
    driftFound: driftFoundMessage(Array(30).fill(drift), { mode: 'report-only' }),
    driftRemoved: driftRemovedMessage(Array(30).fill(drift)),
    interference: interferenceMessage({ request, by: { id: text, name: text }, at: AT }),
    proposal: proposalMessage(proposal),
    summary: reportSummary(request, Array(20).fill(text)),
    extending: ephemerals.extendingNotice(request, { startedAt: AT, endsAt: AT, accessId: text }),
    unasked: ephemerals.unaskedNotice(request),
    stranger: ephemerals.strangerNotice({ reason: 'ambiguous-identity', detail: text }, text),
    endedFor: ephemerals.endedForNotice(request),
    help: ephemerals.helpNotice(),
    readingSoFar: ephemerals.readingSoFarNotice(request),
    answeredNotice: ephemerals.answeredNotice(request),
    ...(otherButton === undefined ? {} : { otherButton }),
    claimed: claimedNotice(request),
    handedOnTo: handedOnTo(request, text, people),
    nudged: nudgedNotice(request),
    lostRace: lostRaceNotice({ reason: 'already-decided', detail: text }, request, people),
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
    home: homeView({ ...business, portalUrl, before }),
    accessList: accessListNotice(business, portalUrl),
    accessListOfOne: accessListNotice({ ...business, active: [], pending: [], toDecide: [] }, portalUrl),
    refusedHome: refusedHomeView({ reason: 'ambiguous-identity', detail: text }, text),
    strangerModal: strangerModal({ reason: 'ambiguous-identity', detail: text }, text),
    handOnModal: handOnModal(
      request,
      crowd.map((name, index) => ({ principalId: `${index}`, name })),
    ),
    endModal: endModal(request),
    answerModal: answerModal(request),
    extendModal: extendModal({
      access: request,
      data: {},
      maxDurationSeconds: 43_200,
      defaultDurationSeconds: 3600,
      preview,
    }),
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
      data: { origin: 'command', channel: text, about: { text, channel: text, ts: text } },
      maxDurationSeconds: 43_200,
      defaultDurationSeconds: 3600,
      preview,
      hint: text,
      recents: Array(5).fill(label),
      initial: { account: label, permissionSet: label, reason: text, ticket: text },
    }),
  };
}

const HOSTILE: readonly (readonly [string, string])[] = [
  ['an empty text', ''],
  ['spaces', '   '],
  ['markup', '<!channel> <@U0BEN> <!here|x> <https://evil.example|bank> & @here @everyone '.repeat(45)],
  ['ampersands', '&'.repeat(3500)],
  ['line breaks', 'a\n'.repeat(3500)],
  ['emoji', '👩‍👩‍👧‍👦'.repeat(700)],
  ['one letter with thousands of accents', `e${'\u0301'.repeat(3500)}`],
  ['lone surrogates', '\ud83d'.repeat(3000)],
  ['bidirectional controls', '\u202e\u2066evil'.repeat(700)],
  ['formatting', '*_~`>'.repeat(700)],
];

describe.each(HOSTILE)('with %s for every text', (_what, text) => {
  test.each(STATES)(
    'every view of a request that is %s is within the limits of Slack and has no injected markup',
    (state) => {
      const found = (ABOUT_GROUPS.has(state) ? [false, true] : [false]).flatMap((group) =>
        Object.entries(everyView(state, text, group)).flatMap(([name, view]) =>
          [...breaches(view), ...markupOf(view).flatMap(smuggled)].map((what) => `${name}: ${what}`),
        ),
      );
      expect(found).toEqual([]);
    },
  );

  test('the menus of the form stay within the limits of Slack and offer no truncated value', () => {
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

test('every function of slack/views that makes a view is among these', () => {
  const own = textOf('test/slack/views/every-view.test.ts');
  const makers = FILES.filter((path) => path.startsWith('slack/views/')).flatMap((path) =>
    textOf(path)
      .split('export function ')
      .slice(1)
      .filter((source) => /^[^;]*?\): (?:MessageView|ModalView|HomeView)\b/.test(source))
      .map((source) => source.slice(0, source.indexOf('('))),
  );
  expect(makers.length).toBeGreaterThan(45);
  // `modal` and `notice` are what the others are made of.
  expect(makers.filter((name) => !own.includes(`${name}(`) && !['modal', 'notice'].includes(name))).toEqual([]);
});

describe('full lists', () => {
  const many = (state: RequestState, list: string) =>
    Array.from({ length: 12 }, (_, at) =>
      aRequest({ id: `${list}-${at}`, state, reason: 'A long reason. '.repeat(30) }),
    );
  const business = {
    ...{ active: many('active', 'a'), pending: many('pending', 'b') },
    ...{ toDecide: many('pending', 'c'), reviews: many('reported', 'd') },
  };
  const words = (blocks: readonly unknown[]) => markupOf({ blocks }).join('\n');

  test('leave the App Home its closing line, and every earlier target that it shows its button', () => {
    const { target, names } = aRequest();
    const before = Array.from({ length: 5 }, () => ({ target, names, times: 3, lastAt: AT }));
    const home = homeView({ ...business, portalUrl: 'https://portal.example/start', before });
    expect([breaches(home), home.blocks.length]).toEqual([[], 100]);
    expect(words(home.blocks.slice(-1))).toContain('The same form opens with `/access`.');
    expect(JSON.stringify(home.blocks.slice(-3, -1))).toMatch(/3 times, last.*Ask again/);
  });

  test('are shown in the answer to /access status as far as they fit, and the others counted', () => {
    const list = accessListNotice(business, 'https://portal.example/start');
    expect(breaches(list)).toEqual([]);
    const shown = JSON.stringify(list.blocks).match(/"type":"section"/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(10);
    const counted = [...words(list.blocks).matchAll(/and (\d+) more request/g)].map(([, left]) => Number(left));
    expect([counted.length, counted.reduce((sum, left) => sum + left, shown)]).toEqual([4, 48]);
  });
});

test('mentions reach only people the program looked up, never names in a text', () => {
  const text = markupOf(everyView('pending', '<@U0EVE>').story as View).join('\n');
  expect(text).not.toContain('<@U0EVE>');
});
