import { mayHoldAccess } from '../../core/model/life-cycle.ts';
import { COMPARED_ID } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import type { AwsEmulator } from '../../sandbox/aws/emulator.ts';
import type { World } from '../../sandbox/aws/world/world.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import type { Fields } from '../../sandbox/slack/checks/shape.ts';
import type { SlackEmulator } from '../../sandbox/slack/emulator.ts';
import { NotOnScreenError } from '../../sandbox/slack/people/find.ts';
import { SlackError } from '../../sandbox/slack/slack-error.ts';
import type { StatesEngine } from '../../sandbox/states/engine.ts';
import { ACTIONS } from '../../slack/actions.ts';
import type { Loss, Step } from './history.ts';
import { ALLOWING, denyId, denyItem, PEOPLE, WANTED, type Wanted } from './parts/fixture.ts';
import type { AccessWatch } from './watch/watch-access.ts';
import { keyOf, type RequestWatch, type SeenRequest } from './watch/watch-requests.ts';

const ALERTS = 'C0ALERTS';

/** What the steps of a history act on. */
export interface Stage {
  readonly world: World;
  readonly slack: SlackEmulator;
  /** A call that an administrator makes in the console. */
  readonly byConsole: AwsEmulator['byConsole'];
  /** Changes an assignment as an administrator does, at once. */
  readonly changeByHand: AwsEmulator['changeByHand'];
  /** The id of the CloudTrail record of the last change of an assignment. */
  lastEventId(): string;
  readonly engine: StatesEngine;
  readonly requests: RequestWatch;
  readonly access: AccessWatch;
  /** Delivers the next interactive call to the app twice. */
  deliverTwice(): void;
}

/** Carries out one step. A step that a person cannot do, because the button is not on their screen, is skipped. */
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
    // Break-glass asks for confirmation in a form.
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
    return key === undefined ? undefined : take(stage, key);
  },
  'give-standing': ({ who, wanted }, stage) => give(stage, PEOPLE[who] ?? '', wantedAt(wanted).target),
  'take-standing': ({ who, wanted }, stage) => {
    const key = assignmentKey({ principalId: PEOPLE[who] ?? '', target: wantedAt(wanted).target });
    return stage.access.isTheirs(key) ? take(stage, key) : undefined;
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
  lose: async (step, stage) => {
    const lasting = [...stage.requests.requests.values()].filter(({ request }) => mayHoldAccess(request.state));
    const lost = lasting[step.nth % Math.max(1, lasting.length)]?.request;
    if (lost === undefined) return;
    await lose(step, lost, stage);
    if (!step.kills) return;
    const running = stage.engine.listExecutions({ statusFilter: 'RUNNING' }).find(({ name }) => name === lost.id);
    if (running !== undefined) stage.engine.stopExecution({ executionArn: running.executionArn });
  },
  provisioning: ({ seconds }, { world, access }) => {
    world.provisioningSeconds = seconds;
    access.slower(seconds * 1000);
  },
};

/** Alters the request table's items of an access, as an attacker with write access or a restored backup would. */
async function lose(
  { what, nth }: { readonly what: Loss; readonly nth: number },
  request: SeenRequest,
  stage: Stage,
): Promise<void> {
  const { byConsole, requests } = stage;
  const key = keyOf(request);
  const set = (id: string, field: string, value: Record<string, unknown>) =>
    byConsole('dynamodb:UpdateItem', {
      TableName: REQUEST_TABLE,
      Key: { id: { S: id } },
      UpdateExpression: 'SET #field = :value',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':value': value },
    });
  if (what === 'request' || what === 'both') await deleteItem(stage, REQUEST_TABLE, request.id);
  if (what === 'over' || what === 'over-and-lease') await set(request.id, 'state', { S: 'reported' });
  if (what === 'restored')
    await byConsole('dynamodb:PutItem', { TableName: REQUEST_TABLE, Item: requests.firstImages.get(request.id) });
  if (what === 'disowned') {
    const grant = { askedAt: { S: request.startsAt }, standing: { BOOL: true } };
    await set(request.id, 'grant', { M: grant });
    await set(request.id, 'events', { L: [] });
    if (requests.leases.has(key)) await set(key, 'standing', { BOOL: true });
  }
  if (what === 'table') {
    const Item = requests.ungrantedImages.get(request.id) ?? requests.firstImages.get(request.id);
    // The backup is from before the grant or, every second time, from before the request.
    if (nth % 2 === 0) await byConsole('dynamodb:PutItem', { TableName: REQUEST_TABLE, Item });
    else await deleteItem(stage, REQUEST_TABLE, request.id);
    const backedUp = nth % 2 === 0 ? request.startsAt : (request.events[0]?.at ?? request.startsAt);
    await set(COMPARED_ID, 'at', { S: new Date(Date.parse(backedUp) - 1000).toISOString() });
    for (const kind of ['', 'usage#', 'made#', 'removed#', 'lately#'])
      await deleteItem(stage, REQUEST_TABLE, `${kind}${key}`);
  }
  if (what === 'lease' || what === 'both' || what === 'over-and-lease') await deleteItem(stage, REQUEST_TABLE, key);
}

/** Presses the n-th button of this action that this person sees, newest message first. */
async function press({ slack, requests }: Stage, user: string, action: string, nth: number): Promise<void> {
  const found = slack
    .snapshot()
    .messages.flatMap(({ channel, ts, blocks }) =>
      buttonsIn(blocks, action).map((value) => ({ channel, ts, value, requester: requests.requests.get(value) })),
    )
    // A requester sees the buttons of their own status message; approvers see those of other people's requests.
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

/** Sends the modal that a person has open, if there is one. */
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

/** Makes an assignment as an administrator does in the console. */
async function give(stage: Stage, principalId: string, target: Wanted['target']): Promise<void> {
  const { world, access } = stage;
  const key = assignmentKey({ principalId, target });
  if ('groupId' in target) {
    // Identity Center refuses a membership that exists, so only Glasshammer gave it.
    if (access.isHeld(key)) return;
    const input = {
      IdentityStoreId: world.identityStoreId,
      GroupId: target.groupId,
      MemberId: { UserId: principalId },
    };
    const done = stage.byConsole('identitystore:CreateGroupMembership', input);
    access.gave(key, stage.lastEventId());
    await done;
    return;
  }
  if (isUnderWay(world, principalId, target)) return;
  stage.changeByHand('create', { principalType: 'USER', principalId, ...target });
  access.gave(key, stage.lastEventId());
}

/** Removes an assignment as an administrator does in the console. */
async function take(stage: Stage, key: string): Promise<void> {
  const { world, access } = stage;
  for (const { target, who } of WANTED) {
    for (const principalId of who) {
      if (assignmentKey({ principalId, target }) !== key) continue;
      if ('groupId' in target) {
        const held = world.memberships.find((one) => one.userId === principalId && one.groupId === target.groupId);
        if (held === undefined) return;
        access.took(key);
        const input = { IdentityStoreId: world.identityStoreId, MembershipId: held.id };
        await stage.byConsole('identitystore:DeleteGroupMembership', input);
      } else if (!isUnderWay(world, principalId, target)) {
        access.took(key);
        stage.changeByHand('delete', { principalType: 'USER', principalId, ...target });
      }
    }
  }
}

/** Whether an operation on the assignment is running: Identity Center refuses a second one. */
function isUnderWay(
  world: World,
  principalId: string,
  target: Extract<Wanted['target'], { accountId: string }>,
): boolean {
  return world.operations.some(
    (operation) =>
      operation.status === 'IN_PROGRESS' &&
      operation.principalId === principalId &&
      operation.accountId === target.accountId &&
      operation.permissionSetArn === target.permissionSetArn,
  );
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
