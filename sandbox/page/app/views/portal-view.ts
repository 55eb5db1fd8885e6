import { type ComponentChildren, h, type JSX } from 'preact';
import { act } from '../act.ts';
import { believableActivity } from '../activity.ts';
import type { Names, PageRequest, SandboxState } from '../sandbox-state.ts';
import { lasting } from '../time.ts';
import type { Ui } from '../ui.ts';
import { avatar } from './message-view.ts';

/** The current assignments in Identity Center by account, permission set and person; and the group memberships. */
export function portalView(state: SandboxState, ui: Ui, names: Names): JSX.Element {
  const accounts = [...new Set(state.assignments.map(({ accountId }) => accountId))].sort((a, b) =>
    names.of(a) < names.of(b) ? -1 : 1,
  );
  const groups = [...new Set(state.memberships.map(({ groupId }) => groupId))];
  return h(
    'section',
    { class: 'card portal', 'aria-label': 'Access portal' },
    h('h2', {}, 'Access portal', h('span', { class: 'muted' }, 'who has what, right now')),
    accounts.length === 0 && h('p', { class: 'nothing' }, 'Nobody has access to any account.'),
    accounts.map((accountId) =>
      h(
        'div',
        { key: accountId, class: 'account' },
        h('h3', {}, names.of(accountId), h('code', {}, accountId)),
        state.assignments
          .filter((assignment) => assignment.accountId === accountId)
          .map((assignment) => assignmentRow(assignment, state, ui, names)),
      ),
    ),
    sessions(state, ui, names),
    groups.length > 0 &&
      h(
        'details',
        {
          class: 'memberships',
          open: state.requests.some(({ state: now, target }) => now === 'active' && target.groupId !== undefined),
        },
        h('summary', {}, 'Groups'),
        groups.map((groupId) => groupRow(groupId, state, names)),
      ),
  );
}

type Assignment = SandboxState['assignments'][number];

function assignmentRow(assignment: Assignment, state: SandboxState, ui: Ui, names: Names): JSX.Element {
  const { principalId, accountId, permissionSetArn, principalType } = assignment;
  const group = principalType === 'GROUP';
  const who = names.of(principalId);
  const use = {
    path: '/sandbox/activity',
    body: believableActivity(assignment, names, state.now, ui.uses),
    done: `${who} used the access. CloudTrail will show it in a few minutes.`,
    // The same person fetches credentials, which outlive the assignment and can be tried again after the end.
    beside: {
      path: '/sandbox/portal/use',
      body: { principalId, accountId, permissionSetArn },
      answers: { what: 'use' as const },
    },
  };
  return h(
    'div',
    {
      key: `${principalId} ${permissionSetArn}`,
      class: 'row',
      'data-testid': 'portal-row',
      'data-principal': principalId,
      'data-account': accountId,
      'data-permission-set': permissionSetArn,
    },
    avatar(who, undefined, false),
    h('span', { class: 'who' }, who, group && h('small', {}, ' group')),
    h('span', { class: 'set' }, names.of(permissionSetArn)),
    untilWhen(
      state,
      (request) =>
        request.requester.principalId === principalId &&
        request.target.accountId === accountId &&
        request.target.permissionSetArn === permissionSetArn,
    ),
    !group &&
      h(
        'button',
        { type: 'button', class: 'button small', 'data-testid': 'use-it', onClick: act({ do: 'call', call: use }) },
        'Use it',
      ),
  );
}

function groupRow(groupId: string, state: SandboxState, names: Names): JSX.Element {
  const members = state.memberships.filter((membership) => membership.groupId === groupId);
  return h(
    'div',
    { key: groupId, class: 'row', 'data-testid': 'membership-row', 'data-group': groupId },
    h('span', { class: 'set' }, names.of(groupId)),
    h(
      'span',
      { class: 'who' },
      members.map(({ principalId }) =>
        h(
          'span',
          { key: principalId, class: 'chip' },
          names.of(principalId),
          requestHolding(
            state,
            (request) => request.requester.principalId === principalId && request.target.groupId === groupId,
          ) !== undefined && ' ⏳',
        ),
      ),
    ),
  );
}

const LIVE = new Set(['granting', 'active', 'ending']);

/** The live request with the latest end that holds this access; `undefined` if no request does. */
function requestHolding(state: SandboxState, holds: (request: PageRequest) => boolean): PageRequest | undefined {
  return state.requests
    .filter((request) => LIVE.has(request.state) && holds(request))
    .sort((a, b) => (a.endsAt < b.endsAt ? 1 : -1))[0];
}

function untilWhen(state: SandboxState, holds: (request: PageRequest) => boolean): ComponentChildren {
  const request = requestHolding(state, holds);
  if (request === undefined) return h('span', { class: 'until permanent' }, 'permanent');
  const left = (Date.parse(request.endsAt) - Date.parse(state.now)) / 1000;
  if (request.state === 'ending' || !(left > 0)) return h('span', { class: 'until soon' }, 'being removed');
  return h('span', { class: left < 600 ? 'until soon' : 'until' }, `ends in ${lasting(left)}`);
}

/** Credentials that people fetched and still have: the latest for each person, account and permission set. */
function sessions(state: SandboxState, ui: Ui, names: Names): ComponentChildren {
  const last = new Map<string, NonNullable<SandboxState['sessions']>[number]>();
  // The newest sessions come first.
  for (const session of state.sessions ?? []) {
    const key = `${session.principalId} ${session.accountId} ${session.permissionSetArn}`;
    if (!last.has(key)) last.set(key, session);
  }
  if (last.size === 0) return false;
  return h(
    'details',
    { class: 'memberships', open: true, 'data-testid': 'portal-sessions' },
    h('summary', {}, 'Credentials that were fetched'),
    [...last.values()].map(({ principalId, accountId, permissionSetArn, credentials }) => {
      const { accessKeyId, issuedAt, expiration } = credentials;
      const outcome = ui.used[accessKeyId];
      const call = {
        path: '/sandbox/portal/use',
        body: { credentials: { accessKeyId } },
        answers: { what: 'use' as const },
      };
      return h(
        'div',
        { key: accessKeyId, class: 'row', 'data-testid': 'session-row', 'data-principal': principalId },
        h('span', { class: 'who' }, names.of(principalId)),
        h('span', { class: 'set' }, `${names.of(permissionSetArn)}, ${names.of(accountId)}`),
        h('span', { class: 'until' }, `since ${clockOf(issuedAt)}, until ${clockOf(expiration)}`),
        h(
          'button',
          { type: 'button', class: 'button small', 'data-testid': 'use-session', onClick: act({ do: 'call', call }) },
          'Use it',
        ),
        outcome !== undefined &&
          h(
            'small',
            { class: outcome.allowed ? 'muted' : 'until soon', 'data-testid': 'session-outcome' },
            `${outcome.allowed ? 'Worked' : 'Refused'}: ${outcome.why}`,
          ),
      );
    }),
  );
}

/** The time of day in UTC, as in the reasons for a refusal. */
function clockOf(iso: string): string {
  return iso.slice(11, 19);
}
