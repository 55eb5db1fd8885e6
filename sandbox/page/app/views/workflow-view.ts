import { type ComponentChildren, h, type JSX } from 'preact';
import { isFields, textOf } from '../../../slack/checks/shape.ts';
import type { Names, PageRequest, SandboxState } from '../sandbox-state.ts';
import { clockTime } from '../time.ts';

/** Every request with its history, newest first, and its workflow's execution. */
export function workflowView(state: SandboxState, names: Names, tz: string): JSX.Element {
  const known = new Set(state.requests.map(({ id }) => id));
  const others = state.executions.filter(({ name }) => !known.has(name));
  return h(
    'div',
    { class: 'panel', key: 'workflow' },
    state.requests.length === 0 &&
      others.length === 0 &&
      h('p', { class: 'nothing' }, 'Nobody has asked for access yet.'),
    [...state.requests].reverse().map((request) => requestCard(request, state, names, tz)),
    others.map((execution) =>
      h('div', { key: execution.name, class: 'request' }, h('code', {}, execution.name), status(execution)),
    ),
  );
}

/** The colour of each state: good, waiting or bad; other states are over. */
const TONES: Record<string, string> = {
  active: 'good',
  granting: 'waiting',
  ending: 'waiting',
  pending: 'waiting',
  approved: 'waiting',
  scheduled: 'waiting',
  requested: 'waiting',
  refused: 'bad',
  denied: 'bad',
  expired: 'bad',
  failed: 'bad',
};

function requestCard(request: PageRequest, state: SandboxState, names: Names, tz: string): JSX.Element {
  const { requester, target, names: given = {} } = request;
  const execution = state.executions.find(({ name }) => name === request.id);
  const what =
    target.groupId === undefined
      ? `${given.permissionSetName ?? names.of(target.permissionSetArn ?? '?')} in ${given.accountName ?? names.of(target.accountId ?? '?')}`
      : `group ${given.groupName ?? names.of(target.groupId)}`;
  const who = [requester.displayName, requester.userName, names.of(requester.slackId)].find(
    (name) => name !== undefined && name !== '',
  );
  return h(
    'article',
    { key: request.id, class: 'request', 'data-testid': 'request-card', 'data-request': request.id },
    h(
      'header',
      {},
      h('strong', {}, who ?? 'Somebody'),
      h('span', { class: 'what' }, what),
      request.breakGlass === true && h('span', { class: 'chip bad' }, 'break glass'),
      h('span', { class: `chip ${TONES[request.state] ?? ''}`, 'data-testid': 'request-state' }, request.state),
    ),
    request.reason !== '' && h('p', { class: 'reason' }, `“${request.reason}”`),
    execution !== undefined && h('p', { class: 'muted' }, 'Workflow ', status(execution)),
    h(
      'ol',
      { class: 'timeline' },
      request.events.map((event, index) =>
        h(
          'li',
          { key: String(index), class: TONES[event.state ?? ''] ?? '', 'data-testid': 'request-event' },
          h('time', {}, clockTime(Date.parse(event.at), tz)),
          h('span', { class: 'event' }, event.type),
          event.by !== '' && event.by !== 'glasshammer' && h('span', { class: 'muted' }, names.of(event.by)),
          event.note !== undefined && event.note !== '' && h('span', { class: 'note' }, event.note),
        ),
      ),
    ),
  );
}

const STATUS_TONES: Record<string, string> = {
  RUNNING: 'waiting',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'bad',
};

function status(execution: SandboxState['executions'][number]): ComponentChildren[] {
  const { status: word, state } = execution;
  return [
    h('span', { class: `chip ${STATUS_TONES[word] ?? ''}`, 'data-testid': 'execution-status' }, word),
    typeof state === 'string' && word === 'RUNNING' && h('span', { class: 'at-state' }, state),
  ];
}

/** The alarms, newest first, with all their fields. */
export function alarmsView(state: SandboxState, tz: string): JSX.Element {
  return h(
    'div',
    { class: 'panel', key: 'alarms' },
    state.alarms.length === 0 && h('p', { class: 'nothing' }, 'No alarms.'),
    [...state.alarms].reverse().map((alarm) => {
      const fields = isFields(alarm) ? alarm : { title: String(alarm) };
      const now = textOf(fields.state);
      const at = Date.parse(textOf(fields.at));
      return h(
        'div',
        { class: 'row alarm', 'data-testid': 'alarm-row' },
        now !== '' && h('span', { class: now === 'OK' ? 'chip good' : 'chip bad' }, now),
        h(
          'span',
          { class: 'who' },
          textOf(fields.title) || textOf(fields.subject) || textOf(fields.id) || JSON.stringify(alarm),
        ),
        textOf(fields.severity) !== '' && h('span', { class: 'muted' }, textOf(fields.severity)),
        !Number.isNaN(at) && h('time', {}, clockTime(at, tz)),
      );
    }),
  );
}
