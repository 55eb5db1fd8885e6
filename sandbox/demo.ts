import { mkdir, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ensureFunctions } from '../scripts/build-functions.ts';
import { recordActivity } from './aws/trail/trail.ts';
import { defaultSeed } from './aws/world/seed.ts';
import { believableActivity } from './page/app/activity.ts';
import { Names, type SandboxState } from './page/app/sandbox-state.ts';
import type { Sandbox } from './server/sandbox.ts';
import { serveSandbox } from './server/serve.ts';
import { stateView } from './server/state-view.ts';
import { legacyAlert } from './slack/alerts.ts';

const TARGET = {
  accountId: '123456789012',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345',
};
const CHANNEL = 'C0ALERTS';
const ON_CALL = 'U0ANA';

/** The demo gives up after this many real milliseconds. */
const PATIENCE_MS = 25_000;
const STEP_MS = 5 * 60_000;

const startedAt = performance.now();

/** Prints one line: the sandbox's time and what happened. @param at ISO 8601; absent: now */
function say(sandbox: Sandbox, what: string, at = sandbox.clock.now().toISOString()): void {
  console.log(`${at.slice(11, 19)}  ${what}`);
}

/** What each event of the request means, in words for the person who watches the demo. */
const MEANINGS: Readonly<Record<string, string>> = {
  requested: 'request written down',
  approved: 'policies decided: allowed',
  granting: 'lease taken, Identity Center asked',
  granted: 'Identity Center says SUCCEEDED: access is there',
  warned: 'warned in the thread that access ends soon',
  ending: 'taking access back',
  ended: 'Identity Center says SUCCEEDED: access is gone',
  'first-report': 'first edition of the report e-mailed, summary in the thread',
  reported: 'report e-mailed, what is new in the thread',
};

/** Prints what is new since the last look: the request's events and Slack's messages. */
function createNarrator(sandbox: Sandbox): () => Promise<Awaited<ReturnType<typeof look>>> {
  const seen = new Set<string>();
  const shown = new Map<string, string>();
  return async () => {
    const state = await look(sandbox);
    for (const event of state.requests[0]?.events ?? []) {
      const key = `${event.type} ${event.at}`;
      if (!seen.has(key)) say(sandbox, `[${event.type}] ${MEANINGS[event.type] ?? event.note ?? ''}`, event.at);
      seen.add(key);
    }
    for (const { ts, text, edits } of state.messages.filter(({ threadTs }) => threadTs !== null)) {
      // Most edits change only the blocks below the text. A line is printed only when the text has changed.
      const words = plain(text);
      if (shown.get(ts) !== words) say(sandbox, `Slack ${edits === 0 ? 'says' : 'now says'}: ${words}`);
      shown.set(ts, words);
    }
    return state;
  };
}

interface Look {
  readonly requests: readonly { id: string; state: string; events: { type: string; at: string; note?: string }[] }[];
  readonly messages: readonly { ts: string; threadTs: string | null; text: string; edits: number }[];
  readonly assignments: readonly { principalId: string; accountId: string; permissionSetArn: string }[];
  readonly emails: readonly { to: string[]; subject: string; text: string; html: string }[];
}

async function look(sandbox: Sandbox): Promise<Look> {
  return (await stateView(sandbox)) as unknown as Look;
}

/** Slack's markup as plain text, with further lines indented below the first. */
function plain(text: string): string {
  return text
    .replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1')
    .replaceAll(/<@(U0[A-Z]+)>/g, '@$1')
    .replaceAll(/:[a-z_]+: ?/g, '')
    .replaceAll(/[*`]/g, '')
    .replaceAll('\n', `\n${' '.repeat(10)}`);
}

async function until(
  sandbox: Sandbox,
  narrate: ReturnType<typeof createNarrator>,
  state: string,
  moveMs: number,
): Promise<Look> {
  for (;;) {
    const now = await narrate();
    if (now.requests[0]?.state === state) return now;
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`the request did not become ${state}`);
    if (moveMs > 0) await sandbox.advance(moveMs);
    else await new Promise((done) => setTimeout(done, 100));
  }
}

async function run(): Promise<void> {
  await ensureFunctions();
  const root = resolve(import.meta.dirname, '..');
  const running = await serveSandbox({ seed: defaultSeed(), speed: 1, port: 0, root });
  try {
    await play(running.current(), root);
  } finally {
    await running.close();
  }
}

async function play(sandbox: Sandbox, root: string): Promise<void> {
  console.log('in the sandbox it is\n');
  const narrate = createNarrator(sandbox);

  const alert = sandbox.slack.postAlert(legacyAlert(CHANNEL, TARGET));
  say(sandbox, 'an alert with a Break glass button is posted to #alerts');
  say(sandbox, 'Ana, on call, presses it and confirms');
  const pressed = await sandbox.slack.pressButton({
    user: ON_CALL,
    channel: CHANNEL,
    ts: alert.ts,
    name: 'break_glass',
  });
  if (!pressed.delivered) throw new Error(`the button did not work: ${pressed.problem ?? pressed.status}`);

  await until(sandbox, narrate, 'active', 0);
  await sandbox.settled();
  await narrate();
  await sandbox.advance(60_000);
  const granted = await narrate();
  use(sandbox, granted, (await stateView(sandbox)) as unknown as SandboxState);
  say(sandbox, 'a minute later Ana signs in through the access portal and works; from here on, time runs faster');

  await until(sandbox, narrate, 'ended', STEP_MS);
  say(sandbox, 'credentials fetched before the end may live one hour longer; the final edition waits for them');
  const reported = await until(sandbox, narrate, 'reported', STEP_MS);
  await write(sandbox, reported, root);
  console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(1)} s by the clock on the wall`);
}

/** Records three plausible calls in CloudTrail. */
function use(sandbox: Sandbox, granted: Look, view: SandboxState): void {
  const assignment = granted.assignments.find(({ principalId }) => principalId === 'user-ana');
  if (assignment === undefined) throw new Error('Identity Center holds no assignment for Ana');
  const now = sandbox.clock.now().toISOString();
  for (const record of believableActivity(assignment, new Names(view), now, 0)) {
    recordActivity(sandbox.world, record, () => sandbox.newId());
  }
}

async function write(sandbox: Sandbox, reported: Look, root: string): Promise<void> {
  const mail = reported.emails.at(-1);
  if (mail === undefined) throw new Error('no report was e-mailed');
  if (reported.assignments.some(({ principalId }) => principalId === 'user-ana'))
    throw new Error('Ana still has access');
  await mkdir(resolve(root, 'out'), { recursive: true });
  for (const [extension, content] of [
    ['html', mail.html],
    ['txt', mail.text],
  ] as const) {
    const file = resolve(root, 'out', `report.${extension}`);
    await writeFile(file, content);
    say(sandbox, `the e-mail "${mail.subject}" is in ${relative(process.cwd(), file)}`);
  }
}

await run();
