import * as z from 'zod/mini';
import { type BadCall, bad, type CallMessage, type CallView, type SlackCall } from '../call.ts';
import type { SlackRoute } from '../routes.ts';
import { messageLink, messageWords } from '../words/message-words.ts';
import {
  absentId,
  absentText,
  absentTs,
  channel,
  type InputState,
  message,
  person,
  type ViewPayload,
  view,
} from './payload-fields.ts';

const legacyPress = z.object({
  ...person,
  callback_id: z.string(),
  actions: z.tuple([z.object({ name: z.string(), value: absentText })]),
  channel,
  message_ts: absentTs,
  action_ts: absentTs,
  attachment_id: absentText,
  original_message: message,
});

const blockPress = z.object({
  ...person,
  actions: z.tuple([
    z.object({
      action_id: z.string(),
      block_id: absentText,
      value: absentText,
      selected_option: z.optional(z.nullable(z.object({ value: z.string() }))),
      action_ts: absentTs,
    }),
  ]),
  channel,
  container: z.optional(z.nullable(z.object({ channel_id: absentId, message_ts: absentTs, thread_ts: absentTs }))),
  message,
  view: z.optional(z.nullable(view)),
});

const viewCall = z.object({ ...person, view });
const suggestion = z.object({
  ...person,
  action_id: z.string(),
  value: absentText,
  view: z.optional(z.nullable(view)),
});
const shortcut = z.object({ ...person, callback_id: z.string(), channel, message });

type PersonPayload = Pick<
  z.infer<typeof shortcut>,
  'user' | 'team' | 'enterprise' | 'api_app_id' | 'response_url' | 'trigger_id'
>;

/** Parses the JSON of an interaction. The options address only takes `block_suggestion`. */
export function parseInteraction(
  payload: unknown,
  route: Extract<SlackRoute, 'interactivity' | 'options'>,
): SlackCall | BadCall {
  const type = z.object({ type: z.string() }).safeParse(payload);
  if (!type.success) return bad(400, 'The payload has no type.');
  const reader = READERS[type.data.type];
  if (reader === undefined || !Object.hasOwn(READERS, type.data.type)) return unknownType(type.data.type);
  if (route === 'options' && type.data.type !== 'block_suggestion') return unknownType(type.data.type);
  return reader(payload) ?? bad(400, `The payload is not a complete ${type.data.type}.`);
}

type Reader = (payload: unknown) => SlackCall | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  interactive_message: read(legacyPress, (payload) => ({
    kind: 'legacy-action',
    ...personOf(payload),
    callbackId: payload.callback_id,
    action: { name: payload.actions[0].name, value: payload.actions[0].value ?? '' },
    channel: payload.channel?.id,
    message: messageOf(
      payload.channel?.id,
      payload.message_ts,
      payload.original_message?.thread_ts,
      said(payload, payload.original_message),
    ),
    actionTs: payload.action_ts,
    attachmentId: payload.attachment_id,
  })),
  block_actions: read(blockPress, (payload) => {
    const { container } = payload;
    const [action] = payload.actions;
    const channelId = payload.channel?.id ?? container?.channel_id;
    const threadTs = payload.message?.thread_ts ?? container?.thread_ts;
    return {
      kind: 'block-action',
      ...personOf(payload),
      action: {
        actionId: action.action_id,
        blockId: action.block_id ?? '',
        value: action.value ?? action.selected_option?.value ?? '',
      },
      channel: channelId,
      message: messageOf(
        channelId,
        container?.message_ts ?? payload.message?.ts,
        threadTs,
        said(payload, payload.message),
      ),
      view: payload.view ? viewOf(payload.view) : undefined,
      actionTs: action.action_ts,
    };
  }),
  view_submission: read(viewCall, (payload) => ({
    kind: 'view-submission',
    ...personOf(payload),
    view: viewOf(payload.view),
  })),
  view_closed: read(viewCall, (payload) => ({ kind: 'view-closed', ...personOf(payload), view: viewOf(payload.view) })),
  block_suggestion: read(suggestion, (payload) => ({
    kind: 'block-suggestion',
    ...personOf(payload),
    actionId: payload.action_id,
    query: payload.value ?? '',
    view: payload.view ? viewOf(payload.view) : undefined,
  })),
  shortcut: readShortcut(),
  message_action: readShortcut(),
};

function readShortcut(): Reader {
  return read(shortcut, (payload) => ({
    kind: 'shortcut',
    ...personOf(payload),
    callbackId: payload.callback_id,
    message: messageOf(
      payload.channel?.id,
      payload.message?.ts,
      payload.message?.thread_ts,
      said(payload, payload.message),
    ),
  }));
}

function read<Schema extends z.ZodMiniType>(schema: Schema, write: (payload: z.infer<Schema>) => SlackCall): Reader {
  return (payload) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? withoutAbsent(write(parsed.data)) : undefined;
  };
}

function personOf(payload: PersonPayload) {
  return {
    caller: withoutAbsent({
      slackId: payload.user.id,
      // If the app is installed for a whole organization, Slack names no workspace; the organization's id takes its
      // place.
      teamId: payload.team?.id ?? payload.enterprise?.id ?? '',
      enterpriseId: payload.enterprise?.id,
      userTeamId: payload.user.team_id,
    }),
    appId: payload.api_app_id,
    responseUrl: payload.response_url,
    triggerId: payload.trigger_id,
  };
}

function messageOf(
  channelId: string | undefined,
  ts: string | undefined,
  threadTs: string | undefined,
  { words, domain }: { readonly words: string; readonly domain: string | undefined },
): CallMessage | undefined {
  if (channelId === undefined || ts === undefined) return undefined;
  const link = messageLink(domain, channelId, ts);
  const place = {
    channel: channelId,
    ts,
    ...(words === '' ? {} : { words }),
    ...(link === undefined ? {} : { link }),
  };
  // Slack sends the `ts` of a thread's first message as its own `thread_ts`.
  return threadTs === undefined || threadTs === ts ? place : { ...place, threadTs };
}

/** The text of a message, and the domain of its workspace. */
function said(payload: Pick<PersonPayload, 'team'>, content: unknown) {
  const domain = payload.team?.domain;
  return { words: messageWords(content), domain: typeof domain === 'string' ? domain : undefined };
}

function viewOf(payload: ViewPayload): CallView {
  const fields = Object.values(payload.state?.values ?? {}).flatMap((block) => Object.entries(block));
  const filled = fields.flatMap(([actionId, input]) => {
    const value = enteredValue(input);
    return value === undefined || value === '' ? [] : [[actionId, value] as const];
  });
  return withoutAbsent({
    id: payload.id ?? '',
    callbackId: payload.callback_id ?? '',
    hash: payload.hash,
    privateMetadata: payload.private_metadata ?? '',
    values: Object.fromEntries(filled),
    blockIds: Object.fromEntries(
      Object.entries(payload.state?.values ?? {}).flatMap(([blockId, block]) =>
        Object.keys(block).map((actionId) => [actionId, blockId]),
      ),
    ),
  });
}

function enteredValue(input: InputState): string | undefined {
  const { value, selected_option, selected_date, selected_time, selected_date_time } = input;
  return value ?? selected_option?.value ?? selected_date ?? selected_time ?? selected_date_time?.toString();
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

function unknownType(type: string): BadCall {
  return bad(400, `This address does not know payloads of type ${JSON.stringify(type.slice(0, 60))}.`);
}
