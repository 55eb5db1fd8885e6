import { type Fields, fieldsList, isFields, textOf } from '../checks/shape.ts';
import { SlackError } from '../slack-error.ts';
import { valueField } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import type { Answer, Courier, Outcome } from './deliver.ts';
import {
  findChannel,
  findElement,
  findLegacyButton,
  findSeen,
  findUser,
  labelOf,
  NotOnScreenError,
  optionsOf,
  type PlacedElement,
} from './find.ts';
import { blockPress, legacyPress, type Seen } from './payloads.ts';
import { type Place, respond } from './respond.ts';

/** Changes a payload before it is signed, to emulate a tampering client. For tests; not reachable over HTTP. */
export type Tamper = (payload: Fields) => Fields;

export interface Press {
  user: string;
  channel: string;
  ts: string;
  /** A Block Kit `action_id` or the `name` of a legacy button. Both kinds of buttons are searched for either. */
  actionId?: string | undefined;
  name?: string | undefined;
  /** Selects one of several buttons with the same name; for a menu, the option to pick. */
  value?: string | undefined;
  attachmentIndex?: number | undefined;
  blockId?: string | undefined;
  tamper?: Tamper | undefined;
}

export interface Setting {
  workspace: Workspace;
  courier: Courier;
  /** The full address of a response_url. */
  responseUrl(kind: 'actions' | 'commands', id: string): string;
}

/**
 * Presses a button in a message. A confirmation dialog counts as confirmed.
 *
 * @throws NotOnScreenError when the message or button is not there
 */
export async function pressButton(setting: Setting, press: Press): Promise<Outcome> {
  const { workspace, courier, responseUrl } = setting;
  const { tamper = (payload) => payload } = press;
  const user = findUser(workspace, press.user);
  const channel = findChannel(workspace, press.channel);
  const found = findSeen(workspace, press);
  const { ts, threadTs, blocks, attachments } = found.message;
  const choice = { ...press, name: press.actionId ?? press.name ?? '' };
  const attachedBlocks = attachments.flatMap((attachment) => fieldsList(attachment.blocks));
  const placed = findElement([...blocks, ...attachedBlocks], choice);
  const legacy = findLegacyButton(attachments, choice);
  if (placed === undefined && legacy === undefined)
    throw new NotOnScreenError(
      `Message ${press.ts} has no button ${choice.name}${press.value === undefined ? '' : ` with value ${press.value}`}.`,
    );

  const place: Place = { user: user.id, channel: channel.id, threadTs, source: { kind: found.kind, ts } };
  const seen: Seen = { channel, ts, threadTs, ...(found.kind === 'message' ? { message: found.message } : {}) };
  const reply = {
    responseUrl: responseUrl('actions', workspace.newResponseUrl(place)),
    triggerId: workspace.newTrigger(user.id),
  };
  if (placed !== undefined) {
    const action = blockAction(workspace, placed, press.value);
    const payload = tamper(blockPress(workspace, { user, seen, action, ...reply }));
    const who = { user: user.id, doing: `press ${labelOf(placed.element)}` };
    // Slack ignores the body of this answer. The app answers the person through the response_url.
    return outcomeOf(await courier.interaction(workspace, 'interactivity', payload, who));
  }
  const { attachment, action } = legacy as NonNullable<typeof legacy>;
  const payload = tamper(
    legacyPress(workspace, { user, seen, attachment, action, actionTs: workspace.nextTs(), ...reply }),
  );
  const who = { user: user.id, doing: `press ${labelOf(action)}` };
  const answer = await courier.interaction(workspace, 'interactivity', payload, who);
  if (!answer.taken) return answer.outcome;
  return showAnswer(workspace, place, answer, who, {
    plainTextIsShown: false,
    defaults: (body) => ({ replaceByDefault: body.response_type !== 'ephemeral', publicByDefault: true }),
  });
}

/** The action that Slack reports for an element: its type, its place, and the option picked. */
export function blockAction(workspace: Workspace, { block, element }: PlacedElement, value?: string): Fields {
  const { type, action_id, text, style } = element;
  const about = { type, action_id, block_id: block.block_id, action_ts: workspace.nextTs() };
  if (type === 'button') {
    return {
      ...about,
      text,
      ...(element.value === undefined ? {} : { value: element.value }),
      ...(style === undefined ? {} : { style }),
    };
  }
  const field = type === 'overflow' ? 'selected_option' : (valueField(textOf(type)) ?? 'value');
  if (!field.startsWith('selected_option')) return { ...about, [field]: value ?? null };
  const option = optionsOf(element).find((each) => each.value === value);
  if (option === undefined) throw new NotOnScreenError(`${textOf(action_id)} does not offer ${value ?? 'nothing'}.`);
  return { ...about, [field]: field.endsWith('s') ? [option] : option };
}

/** Shows the body of an answer as Slack does for legacy buttons and slash commands. */
export function showAnswer(
  workspace: Workspace,
  place: Place,
  answer: { status: number; body: string },
  who: { user: string; doing: string },
  how: { plainTextIsShown: boolean; defaults(body: Fields): { replaceByDefault: boolean; publicByDefault: boolean } },
): Outcome {
  const { status } = answer;
  const done: Outcome = { delivered: true, status };
  const body = parseObject(answer.body) ?? (how.plainTextIsShown ? { text: answer.body.trim() } : {});
  const saysSomething = ['text', 'blocks', 'attachments'].some(
    (name) => textOf(body[name]) !== '' || fieldsList(body[name]).length > 0,
  );
  if (!saysSomething && body.delete_original !== true) return done;
  try {
    respond(workspace, place, body, how.defaults(body));
    return done;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const problem = `operation failed: Slack refuses the answer (${error.message})`;
    workspace.fail({ ...who, status, problem });
    return { ...done, problem };
  }
}

/** The outcome of a call whose answer has no body to show. */
export function outcomeOf(answer: Answer): Outcome {
  return answer.taken ? { delivered: true, status: answer.status } : answer.outcome;
}

/** The JSON object in a text; `undefined` for anything else. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
