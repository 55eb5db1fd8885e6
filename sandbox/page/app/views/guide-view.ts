import { h, type JSX } from 'preact';
import { act } from '../act.ts';
import type { Action } from '../action.ts';
import type { PageRequest, SandboxState } from '../sandbox-state.ts';
import type { Ui } from '../ui.ts';

/** One step of a scenario, and whether it is done. `go` leads to the place of the step. */
interface Step {
  readonly words: string;
  readonly done: boolean;
  readonly go?: Action;
}

interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/**
 * Three scenarios for newcomers, each with the next step. Whether a step is done is read from the sandbox's state and
 * stored nowhere.
 */
export function guideView(state: SandboxState, ui: Ui): JSX.Element {
  return h(
    'section',
    { class: 'guide', 'aria-label': 'Things to try' },
    scenarios(state, ui).map((scenario) => card(scenario)),
  );
}

function card({ id, title, steps }: Scenario): JSX.Element {
  const next = steps.find(({ done }) => !done);
  const at = steps.filter(({ done }) => done).length;
  return h(
    'article',
    { class: next === undefined ? 'try done' : 'try', 'data-testid': `try-${id}` },
    h('h2', {}, title, h('span', { class: 'muted' }, ` ${Math.min(at + 1, steps.length)}/${steps.length}`)),
    next === undefined
      ? h('p', {}, 'Done. Reset begins anew.')
      : h('p', { 'data-testid': `next-${id}` }, h('strong', {}, 'Next: '), next.words),
    next?.go !== undefined &&
      h(
        'button',
        { type: 'button', class: 'button small', 'data-testid': `show-${id}`, onClick: act(next.go) },
        'Take me there',
      ),
  );
}

function scenarios(state: SandboxState, ui: Ui): Scenario[] {
  const { requests, emails } = state;
  const glass = requests.filter(({ origin, state: is }) => origin?.kind === 'alert' && is !== 'refused');
  const asked = requests.filter(({ events }) => events.some((event) => event.state === 'pending'));
  const decided = asked.filter(({ events }) => events.some((event) => event.state === 'approved'));
  const had = requests.filter(({ events }) => events.some((event) => event.state === 'active'));
  const over = had.filter(({ state: is }) => is === 'ended' || is === 'reported');
  const at = (viewer: string, place: string): Action => ({ do: 'visit', viewer, place });
  const toEnd = skipToEnd(state);
  const toReport = skipToReport(state);
  return [
    {
      id: 'break-glass',
      title: 'Break glass',
      steps: [
        {
          words: 'press Break Glass Prod in the alert in # alerts.',
          done: glass.length > 0,
          go: at('U0ANA', 'C0ALERTS'),
        },
        { words: 'wait for the account in the access portal, a few seconds.', done: had.length > 0 },
        { words: 'press Use it in the portal: that is what the report will tell of.', done: ui.uses > 0 },
      ],
    },
    {
      id: 'approve',
      title: 'Ask and approve',
      steps: [
        {
          words: 'as Ben, type /access prod admin 1h "why" below # alerts, and send the form.',
          done: asked.length > 0,
          go: at('U0BEN', 'C0ALERTS'),
        },
        {
          words: 'as Cleo, read the card in # access and press Approve.',
          done: decided.length > 0,
          go: at('U0CLEO', 'C0ACCESS'),
        },
        {
          words: 'as Ben again, see that it is there, until when, and press Extend or I’m done.',
          done: decided.some(
            ({ joins, state: is }) =>
              (joins ?? []).length > 0 || is === 'ending' || is === 'ended' || is === 'reported',
          ),
          go: at('U0BEN', 'C0ALERTS'),
        },
      ],
    },
    {
      id: 'report',
      title: 'Look at the report',
      steps: [
        { words: 'have some access first: break the glass.', done: had.length > 0, go: at('U0ANA', 'C0ALERTS') },
        {
          words: 'skip to the end of the access.',
          done: over.length > 0,
          ...(toEnd === undefined ? {} : { go: toEnd }),
        },
        { words: 'skip to the report.', done: emails.length > 0, ...(toReport === undefined ? {} : { go: toReport }) },
        {
          words: 'read the mail.',
          done: ui.mail !== null,
          go: { do: 'read-mail', index: Math.max(0, emails.length - 1) },
        },
      ],
    },
  ];
}

/** The clock goes this far beyond the instant that is skipped to, for the time that processing takes. Seconds. */
const MARGIN_SECONDS = 300;

/**
 * How long CloudTrail may take to deliver, as deployed. A report also waits until the sessions have expired. Seconds.
 */
const DELIVERY_SECONDS = 900;

/** Advances the clock to shortly after the next end of an access; `undefined` where none is active. */
export function skipToEnd(state: SandboxState): Action | undefined {
  const ends = state.requests.filter(({ state: is }) => is === 'active').map(({ endsAt }) => Date.parse(endsAt));
  return ends.length === 0 ? undefined : advance(state, Math.min(...ends));
}

/**
 * Advances the clock to shortly after the next report, beyond the end of the access if it is active; `undefined` where
 * none is due.
 */
export function skipToReport(state: SandboxState): Action | undefined {
  const due = state.requests
    .filter(({ state: is }) => is === 'active' || is === 'ending' || is === 'ended')
    .map((request) => reportedAt(request));
  return due.length === 0 ? undefined : advance(state, Math.min(...due));
}

function reportedAt({ endedAt, endsAt, sessionSeconds = 3600 }: PageRequest): number {
  return Date.parse(endedAt ?? endsAt) + (sessionSeconds + DELIVERY_SECONDS) * 1000;
}

function advance({ now }: SandboxState, to: number): Action {
  const seconds = Math.max(1, Math.ceil((to - Date.parse(now)) / 1000) + MARGIN_SECONDS);
  return { do: 'call', call: { path: '/sandbox/clock', body: { advance: `PT${seconds}S` } } };
}
