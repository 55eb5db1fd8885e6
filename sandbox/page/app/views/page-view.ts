import { h, type JSX } from 'preact';
import { isFields } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import type { Action } from '../action.ts';
import { Names, type SandboxState } from '../sandbox-state.ts';
import { fullTime } from '../time.ts';
import type { Ui } from '../ui.ts';
import { confirmView, modalView } from './dialogs-view.ts';
import { guideView, skipToEnd, skipToReport } from './guide-view.ts';
import { mailView } from './mail-view.ts';
import { portalView } from './portal-view.ts';
import { alarmsView, workflowView } from './workflow-view.ts';
import { readerOf, workspaceView } from './workspace-view.ts';

/** Renders the whole page. `reachable`: did the sandbox answer the last time? */
export function pageView(state: SandboxState | undefined, ui: Ui, reachable: boolean): JSX.Element {
  if (state === undefined) {
    return h(
      'div',
      { class: 'page' },
      h('p', { class: 'nothing' }, reachable ? 'Starting…' : 'The sandbox does not answer.'),
    );
  }
  const names = new Names(state);
  const { tz } = readerOf(state, ui);
  return h(
    'div',
    { class: 'page' },
    topBar(state, reachable),
    state.slack.absent !== true && guideView(state, ui),
    h(
      'main',
      {},
      state.slack.absent === true ? noSlackView() : workspaceView(state, ui),
      h('aside', { 'aria-label': 'Behind the scenes' }, portalView(state, ui, names), panels(state, ui, names, tz)),
    ),
    modalView(state, ui),
    confirmView(state, ui),
    ui.toast !== null &&
      h(
        'div',
        {
          class: ui.toast.bad ? 'toast bad' : 'toast',
          role: 'status',
          'data-testid': 'toast',
          onClick: act({ do: 'quiet' }),
        },
        ui.toast.text,
      ),
  );
}

/** Shown in place of Slack in a company without it: where people request and approve access instead. */
function noSlackView(): JSX.Element {
  return h(
    'section',
    { class: 'workspace no-slack', 'aria-label': 'No Slack', 'data-testid': 'no-slack' },
    h(
      'div',
      {},
      h('h2', {}, 'A company without Slack'),
      h(
        'p',
        {},
        'People ask and decide in the ',
        h('a', { href: '/console/', target: '_blank' }, 'web console'),
        ' or at a terminal; mails say what has happened.',
      ),
      h(
        'p',
        {},
        'Ask as Ben for ReadOnlyAccess in Production, read the mail to Cleo in the mailbox, and decide as Cleo.',
      ),
    ),
  );
}

const STEPS: [string, string][] = [
  ['PT1M', '+1 min'],
  ['PT15M', '+15 min'],
  ['PT1H', '+1 h'],
  ['PT6H', '+6 h'],
];

/**
 * The clock is shown in one zone for all viewers, so that it does not jump when another person is chosen. Messages show
 * each person's own zone.
 */
const CLOCK_ZONE = 'UTC';

function topBar(state: SandboxState, reachable: boolean): JSX.Element {
  const post = (path: string, body: unknown, done?: string) =>
    ({ do: 'call', call: { path, body, ...(done === undefined ? {} : { done }) } }) as const;
  return h(
    'header',
    { class: 'top' },
    h(
      'h1',
      {},
      h('span', { class: 'hammer', 'aria-hidden': 'true' }),
      'Glasshammer',
      h('span', { class: 'muted' }, 'sandbox'),
    ),
    !reachable && h('span', { class: 'chip bad' }, 'not answering'),
    h(
      'div',
      { class: 'clock', role: 'group', 'aria-label': 'Clock' },
      h(
        'time',
        { 'data-testid': 'now', datetime: state.now },
        `${fullTime(Date.parse(state.now), CLOCK_ZONE)} ${CLOCK_ZONE}`,
      ),
      state.speed !== undefined &&
        h(
          'span',
          { class: 'chip', 'data-testid': 'speed', title: 'Virtual seconds in a real second' },
          `×${state.speed}`,
        ),
      STEPS.map(([advance, words]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'button small',
            'data-testid': `advance-${advance}`,
            onClick: act(post('/sandbox/clock', { advance })),
          },
          words,
        ),
      ),
      skipButton('skip-end', 'To the end', skipToEnd(state)),
      skipButton('skip-report', 'To the report', skipToReport(state)),
      h(
        'button',
        { type: 'button', class: 'button small', 'data-testid': 'reset', onClick: act(post('/sandbox/reset', {})) },
        'Reset',
      ),
    ),
  );
}

function skipButton(id: string, words: string, action: Action | undefined): JSX.Element {
  return h(
    'button',
    {
      type: 'button',
      class: 'button small',
      'data-testid': id,
      disabled: action === undefined,
      ...(action === undefined ? {} : { onClick: act(action) }),
    },
    words,
  );
}

function panels(state: SandboxState, ui: Ui, names: Names, tz: string): JSX.Element {
  const loud = state.alarms.filter((alarm) => !isFields(alarm) || alarm.state !== 'OK').length;
  const tab = (panel: Ui['panel'], words: string, count: number, bad = false) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${panel}`,
        'aria-selected': ui.panel === panel ? 'true' : 'false',
        'aria-controls': 'panel',
        'data-testid': `tab-${panel}`,
        onClick: act({ do: 'panel', panel }),
      },
      words,
      count > 0 && h('span', { class: bad ? 'count bad' : 'count' }, String(count)),
    );
  return h(
    'section',
    { class: 'card panels', 'aria-label': 'Workflow, mail and alarms' },
    h(
      'div',
      { class: 'tabs', role: 'tablist' },
      tab('workflow', 'Workflow', state.requests.length),
      tab('mail', 'Mailbox', state.emails.length),
      tab('alarms', 'Alarms', loud, true),
    ),
    h(
      'div',
      { class: 'tab-body', id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${ui.panel}`, tabindex: 0 },
      ui.panel === 'mail'
        ? mailView(state, ui, tz)
        : ui.panel === 'alarms'
          ? alarmsView(state, tz)
          : workflowView(state, names, tz),
    ),
  );
}
