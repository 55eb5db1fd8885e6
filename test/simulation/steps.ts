import { assignmentKey } from '../../core/access/target.ts';
import type { AwsEmulator } from '../../sandbox/aws/emulator.ts';
import { dropAssignment, putAssignment, type World } from '../../sandbox/aws/world.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import type { SlackEmulator } from '../../sandbox/slack/emulator.ts';
import { NotOnScreenError } from '../../sandbox/slack/find.ts';
import type { Fields } from '../../sandbox/slack/shape.ts';
import { SlackError } from '../../sandbox/slack/slack-error.ts';
import type { StatesEngine } from '../../sandbox/states/engine.ts';
import { ACTIONS } from '../../slack/actions.ts';
import { ALLOWING, denyId, denyItem, PEOPLE, WANTED, type Wanted } from './company.ts';
import type { Step } from './history.ts';
import type { AccessWatch } from './watch-access.ts';
import type { RequestWatch } from './watch-requests.ts';

const ALERTS = 'C0ALERTS';

/** Where the steps of a history are carried out. */
export interface Stage {
  readonly world: World;
  readonly slack: SlackEmulator;
  /** An administrator's console. */
  readonly byConsole: AwsEmulator['byConsole'];
  readonly engine: StatesEngine;
  readonly requests: RequestWatch;
  readonly access: AccessWatch;
  /** The next interactive call to the app is delivered twice. */
  deliverTwice(): void;
}

/** Carries out one step. What a person cannot do, because it is not on their screen, is not done. */
export async function carryOut(step: Step, stage: Stage): Promise<void> {
  try {
    const act = ACT[step.do] as (step: Step, stage: Stage) => Promise<void> | void;
    await act(step, stage);
  } catch (error) {
    if (!(error instanceof NotOnScreenError || error instanceof SlackError)) throw error;
  }
}

type Doing = Step['do'];
type StepOf<Name extends Doing> = Step extends infer One
  ? One extends { readonly do: infer Can }
    ? Name extends Can
      ? One
      : never
    : never
  : never;
type Acts = { readonly [Name in Doing]: (step: StepOf<Name>, stage: Stage) => Promise<void> | void };

const ACT: Acts = {
  ask: async ({ who, wanted, minutes, presses, redelivered }, { slack, deliverTwice }) => {
    const { channel, ts } = slack.postAlert(alert(wantedAt(wanted), minutes));
    if (redelivered && presses > 1) deliverTwice();
    const press = () => slack.pressButton({ user: who, channel, ts, actionId: ACTIONS.breakGlass });
    await Promise.all([press(), ...(presses > 1 && !redelivered ? [press()] : [])]);
    // A broken glass asks once more, in a form.
    await submit(slack, who, { reason: 'Checkout is down' });
  },
  approve: (step, stage) => press(stage, step.who, ACTIONS.approve, step.nth),
  deny: async ({ who, nth }, stage) => {
    await press(stage, who, ACTIONS.deny, nth);
    await submit(stage.slack, who, { note: 'Not now' });
  },
  done: (step, stage) => press(stage, step.who, ACTIONS.done, step.nth),
  cancel: (step, stage) => press(stage, step.who, ACTIONS.cancel, step.nth),
  extend: async ({ who, nth }, stage) => {
    await press(stage, who, ACTIONS.extend, nth);
    await submit(stage.slack, who, { duration: '900', reason: 'It takes longer' });
  },
  'remove-behind': ({ nth }, stage) => {
    const ours = stage.access.ours();
    const key = ours[nth % Math.max(1, ours.length)];
    if (key === undefined) return;
    stage.access.takeAway(key);
    remove(stage.world, key);
  },
  'give-standing': ({ who, wanted }, stage) => {
    const { target } = wantedAt(wanted);
    const key = assignmentKey({ principalId: PEOPLE[who] ?? '', target });
    // While we hold a lease, or Identity Center works on it, nobody could tell whose it is.
    if (stage.requests.leases.has(key) || stage.access.isHeld(key)) return;
    give(stage.world, PEOPLE[who] ?? '', target);
    stage.access.giveStanding(key);
  },
  'take-standing': ({ who, wanted }, stage) => {
    const key = assignmentKey({ principalId: PEOPLE[who] ?? '', target: wantedAt(wanted).target });
    if (!stage.access.isStanding(key)) return;
    stage.access.takeAway(key);
    remove(stage.world, key);
  },
  forbid: async ({ wanted, by }, stage) => {
    const what = wantedAt(wanted);
    const records = new Set(stage.access.rules.records);
    if (by === 'deny') {
      await stage.byConsole('dynamodb:PutItem', { TableName: ACCESS_TABLE, Item: denyItem(what) });
      records.add(denyId(what));
    } else {
      await deleteItem(stage, ACCESS_TABLE, what.recordId);
      records.delete(what.recordId);
    }
    stage.access.change({ records }, 'policy');
  },
  allow: async ({ wanted, by }, stage) => {
    const what = wantedAt(wanted);
    const records = new Set(stage.access.rules.records);
    if (by === 'deny') {
      await deleteItem(stage, ACCESS_TABLE, denyId(what));
      records.delete(denyId(what));
    } else {
      await stage.byConsole('dynamodb:PutItem', { TableName: ACCESS_TABLE, Item: ALLOWING[what.recordId] });
      records.add(what.recordId);
    }
    stage.access.change({ records }, 'policy');
  },
  freeze: async (_step, stage) => {
    const Item = { id: { S: 'control#freeze' }, by: { S: 'operator' }, at: { S: '' }, reason: { S: 'a drill' } };
    await stage.byConsole('dynamodb:PutItem', { TableName: REQUEST_TABLE, Item });
    stage.access.change({ frozen: true }, 'other');
  },
  thaw: async (_step, stage) => {
    await deleteItem(stage, REQUEST_TABLE, 'control#freeze');
    stage.access.change({ frozen: false }, 'other');
  },
  disable: ({ who }, stage) => setStatus(stage, who, 'DISABLED'),
  enable: ({ who }, stage) => setStatus(stage, who, 'ENABLED'),
  kill: ({ nth }, { engine }) => {
    const running = engine.listExecutions({ statusFilter: 'RUNNING' });
    const execution = running[nth % Math.max(1, running.length)];
    if (execution !== undefined) engine.stopExecution({ executionArn: execution.executionArn });
  },
  provisioning: ({ seconds }, { world, access }) => {
    world.provisioningSeconds = seconds;
    access.slower(seconds * 1000);
  },
};

/** Presses the n-th button of this action that this person sees, the newest message first. */
async function press({ slack, requests }: Stage, user: string, action: string, nth: number): Promise<void> {
  const found = slack
    .snapshot()
    .messages.flatMap(({ channel, ts, blocks }) =>
      buttonsIn(blocks, action).map((value) => ({ channel, ts, value, requester: requests.requests.get(value) })),
    )
    // Who asked sees the buttons of their own story; approvers see those of everybody else's.
    .filter(({ channel, requester }) => {
      const mine = requester?.request.requester.slackId === user;
      const theirs = action === ACTIONS.approve || action === ACTIONS.deny;
      return theirs ? !channel.startsWith('D') || channel === `D${user.slice(1)}` : mine;
    })
    .reverse();
  const chosen = found[nth % Math.max(1, found.length)];
  if (chosen === undefined) return;
  const { channel, ts, value } = chosen;
  await slack.pressButton({ user, channel, ts, actionId: action, value });
}

/** Values of the buttons of one action. */
function buttonsIn(blocks: readonly Fields[], action: string): string[] {
  return blocks
    .flatMap((block) => (Array.isArray(block.elements) ? (block.elements as Fields[]) : []))
    .filter((element) => element.action_id === action)
    .map((element) => String(element.value ?? ''));
}

/** Sends the form a person has open, if they have one. */
async function submit(slack: SlackEmulator, user: string, values: Record<string, string>): Promise<void> {
  if (slack.snapshot().views.some((view) => view.user === user && view.type === 'modal'))
    await slack.submitView({ user, values });
}

function alert({ target }: Wanted, minutes: number) {
  const what =
    'groupId' in target
      ? { group: target.groupId }
      : { account: target.accountId, permissionSet: target.permissionSetArn };
  const value = JSON.stringify({ ...what, duration: `${minutes}m`, reason: 'Checkout is down' });
  const text = { type: 'plain_text', text: 'Break glass' };
  return {
    channel: ALERTS,
    username: 'Pager',
    icon: ':rotating_light:',
    text: 'Checkout error rate',
    attachments: [],
    blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: ACTIONS.breakGlass, text, value }] }],
  };
}

function wantedAt(index: number): Wanted {
  return WANTED[index] as Wanted;
}

function give(world: World, principalId: string, target: Wanted['target']): void {
  if ('groupId' in target) {
    world.memberships.push({ id: `standing-${principalId}`, groupId: target.groupId, userId: principalId });
    return;
  }
  const createdAt = new Date(0).toISOString();
  putAssignment(world, { principalType: 'USER', principalId, ...target, createdBy: 'others', createdAt });
}

function remove(world: World, key: string): void {
  for (const { target, who } of WANTED) {
    for (const principalId of who) {
      if (assignmentKey({ principalId, target }) !== key) continue;
      if ('groupId' in target) {
        const left = world.memberships.filter((held) => held.userId !== principalId || held.groupId !== target.groupId);
        world.memberships = left;
      } else dropAssignment(world, { principalType: 'USER', principalId, ...target });
    }
  }
}

async function deleteItem({ byConsole }: Stage, TableName: string, id: string): Promise<void> {
  await byConsole('dynamodb:DeleteItem', { TableName, Key: { id: { S: id } } });
}

function setStatus({ world, access }: Stage, who: string, status: 'ENABLED' | 'DISABLED'): void {
  const id = PEOPLE[who] ?? '';
  const user = world.users.find((candidate) => candidate.id === id);
  if (user !== undefined) user.status = status;
  const disabled = new Set(access.rules.disabled);
  if (status === 'DISABLED') disabled.add(id);
  else disabled.delete(id);
  access.change({ disabled }, 'other');
}
