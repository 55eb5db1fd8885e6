import { marshall } from '@aws-sdk/util-dynamodb';
import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import type { Driver } from './driver.ts';
import type { Block, State } from './state.ts';

export type Message = State['messages'][number];
export type Request = State['requests'][number] & { path?: string };

/** What a person saw after an action of theirs in Slack. */
export interface Seen {
  readonly delivered: boolean;
  readonly problem?: string;
  /** Error messages at the fields of a form, by field. */
  readonly errors?: Record<string, string>;
  /** What the person was told privately because of it; empty: nothing. */
  readonly told: string;
}

/** The direct conversation of the app with a person. */
export const directly = (user: string): string => `D0${user.slice(2)}`;

/** A seed in which Dan, an approver, does not sit in the approval channel. */
export function danOutside(): Record<string, unknown> {
  const channels = (DEFAULT_SEED.slack?.channels ?? []).map((channel) =>
    channel.id === 'C0ACCESS' ? { ...channel, members: channel.members.filter((id) => id !== 'U0DAN') } : channel,
  );
  return { slack: { channels } };
}

/** Lets a person act in Slack: `press`, `submit`, `command`, `shortcut`, `home`, `options`. */
export async function does(
  driver: Driver,
  user: string,
  what: string,
  details: Record<string, unknown> = {},
): Promise<Seen & { options?: { value: string; text: { text: string } }[] }> {
  const before = privatePlaces(await driver.state(), user);
  const outcome = (await driver.must('POST', `/sandbox/slack/${what}`, { user, ...details })) as unknown as Seen;
  const { alone, direct } = privatePlaces(await driver.state(), user);
  const told = direct.slice(before.direct.length).at(-1) ?? alone.slice(before.alone.length).at(-1) ?? '';
  return { ...outcome, told };
}

/** Presses the button with these words in a message. */
export function clicks(driver: Driver, user: string, message: Message, words: string): Promise<Seen> {
  const { actionId, value } = findButton(message.blocks, words);
  return does(driver, user, 'press', { channel: message.channel, ts: message.ts, actionId, value });
}

/** Presses the button with these words in the person's App Home. */
export async function clicksAtHome(driver: Driver, user: string, words: string): Promise<Seen> {
  const home = (await driver.state()).views.find((view) => view.user === user && view.type === 'home');
  if (home === undefined) throw new Error(`${user} has no App Home open`);
  const { actionId, value } = findButton(home.view.blocks, words);
  return does(driver, user, 'press', { viewId: home.view.id, actionId, ...(value === '' ? {} : { value }) });
}

/** Fills the topmost form in and sends it. */
export function sends(driver: Driver, user: string, values: Record<string, string> = {}): Promise<Seen> {
  return does(driver, user, 'submit', { values });
}

export function findButton(blocks: readonly Block[], words: string): { actionId: string; value: string } {
  const all = blocks.flatMap(({ elements = [] }) => elements).filter(({ type }) => type === 'button');
  const button = all.find(({ text }) => text?.text === words);
  if (button === undefined) {
    throw new Error(`there is no button ${words}, only ${all.map(({ text }) => text?.text).join(', ') || 'none'}`);
  }
  return { actionId: button.action_id ?? '', value: button.value ?? '' };
}

export function buttonsOf(message: Message | undefined): (string | undefined)[] {
  return (message?.blocks ?? []).flatMap(({ elements = [] }) =>
    elements.filter(({ type }) => type === 'button').map(({ text }) => text?.text),
  );
}

/** The text and blocks of a message. */
export function wordsOf(message: { readonly text?: string; readonly blocks: readonly Block[] } | undefined): string {
  return message === undefined ? '' : `${message.text ?? ''}\n${JSON.stringify(message.blocks)}`;
}

/** The copies of a request's message for approvers, by channel; thread replies left out. */
export function copiesFor(state: State, request: Pick<Request, 'id'>): Message[] {
  return state.messages.filter(
    (message) =>
      message.threadTs === null &&
      wordsOf(message).includes(request.id) &&
      (message.channel === 'C0ACCESS' || message.channel.startsWith('D0')),
  );
}

/** The message in the approval channel about a request. */
export async function approvalFor(driver: Driver, request: Pick<Request, 'id'>): Promise<Message> {
  const found = copiesFor(await driver.state(), request).find(({ channel }) => channel === 'C0ACCESS');
  if (found === undefined) throw new Error(`nobody was asked about ${request.id}`);
  return found;
}

/** The status message of a request in the thread of its alert. */
export async function statusMessageOf(driver: Driver, request: Pick<Request, 'id'>): Promise<Message> {
  const found = (await driver.state()).messages.find(
    (message) => message.channel === 'C0ALERTS' && wordsOf(message).includes(request.id),
  );
  if (found === undefined) throw new Error(`nobody was told about ${request.id}`);
  return found;
}

/** Asks with the button of an alert and lets the workflow start. @returns the request five seconds later */
export async function asks(driver: Driver, user: string, value: Record<string, unknown>): Promise<Request> {
  const before = new Set((await driver.state()).requests.map(({ id }) => id));
  await driver.ask(user, value);
  await driver.advance('PT5S');
  const request = (await driver.state()).requests.find(({ id }) => !before.has(id));
  if (request === undefined) throw new Error(`${user} asked, and there is no request`);
  return request;
}

/** The request as it is now. */
export async function now(driver: Driver, { id }: Pick<Request, 'id'>): Promise<Request> {
  const request = (await driver.state()).requests.find((known) => known.id === id);
  if (request === undefined) throw new Error(`request ${id} is gone`);
  return request;
}

/** Writes policies into the access table, as an operator would. */
export function putPolicies(
  driver: Driver,
  ...policies: { name: string; [field: string]: unknown }[]
): Promise<unknown> {
  return driver.putRecords(...policies.map(({ name, ...fields }) => marshall({ id: `policy#${name}`, ...fields })));
}

/** Takes a record out of the access table. */
export function dropRecord(driver: Driver, id: string): Promise<unknown> {
  return driver.must('DELETE', '/sandbox/access-records', { id });
}

/** Changes Identity Center's directory as its administrator would. */
export function inDirectory(driver: Driver) {
  const { world } = driver.running.current();
  return {
    disable(userId: string): void {
      for (const user of world.users) if (user.id === userId) user.status = 'DISABLED';
    },
    leave(userId: string, groupId: string): void {
      world.memberships = world.memberships.filter((one) => one.userId !== userId || one.groupId !== groupId);
    },
    join(userId: string, groupId: string): void {
      world.memberships.push({ id: `m-${userId}-${groupId}`, groupId, userId });
    },
  };
}

/** What a person was told privately: ephemeral messages, then direct messages, each oldest first. */
export function privateWords(state: State, user: string): string[] {
  const { alone, direct } = privatePlaces(state, user);
  return [...alone, ...direct];
}

function privatePlaces(state: State, user: string): { readonly alone: string[]; readonly direct: string[] } {
  return {
    alone: state.ephemerals.filter((ephemeral) => ephemeral.user === user).map(({ text }) => text),
    direct: state.messages.filter(({ channel }) => channel === directly(user)).map(({ text }) => text),
  };
}
