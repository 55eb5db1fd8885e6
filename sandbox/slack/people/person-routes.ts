import * as z from 'zod';
import { type AlertTarget, blockAlert, legacyAlert } from '../alerts.ts';
import type { SlackEmulator } from '../emulator.ts';
import { SlackError } from '../slack-error.ts';
import type { Outcome } from './deliver.ts';
import { NotOnScreenError } from './find.ts';

/** The answer to one call of the sandbox's page, a test or a script that makes a person act in Slack. */
export interface PersonAnswer {
  status: number;
  json: unknown;
}

/** The target of the example alert where the caller names none: BreakGlassAdmin in Production. */
export const EXAMPLE_TARGET: AlertTarget = {
  accountId: '123456789012',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345',
};
/** The channel for alerts and commands where the caller names none. */
export const ALERTS_CHANNEL = 'C0ALERTS';

const id = z.string().min(1).max(255);
const entered = z.union([z.string(), z.array(z.string()), z.null()]);
const values = z.record(z.string(), entered).optional();

const SCHEMAS = {
  alert: z.strictObject({
    kind: z.enum(['legacy', 'blocks']),
    channel: id.optional(),
    user: id.optional(),
    accountId: id.optional(),
    permissionSetArn: id.optional(),
  }),
  say: z.strictObject({ user: id, channel: id, text: z.string().min(1).max(4000), threadTs: id.optional() }),
  press: z
    .strictObject({
      user: id,
      channel: id.optional(),
      ts: id.optional(),
      viewId: id.optional(),
      actionId: id.optional(),
      name: id.optional(),
      value: z.string().optional(),
      attachmentIndex: z.int().min(0).optional(),
      blockId: id.optional(),
      values,
    })
    .refine((press) => press.actionId !== undefined || press.name !== undefined, { error: 'needs actionId or name' })
    .refine((press) => (press.viewId === undefined) !== (press.ts === undefined || press.channel === undefined), {
      error: 'needs channel and ts of a message, or viewId',
    }),
  submit: z.strictObject({ user: id, viewId: id.optional(), values }),
  close: z.strictObject({ user: id, viewId: id.optional() }),
  command: z.strictObject({
    user: id,
    command: z.string().regex(/^\/\S+$/, 'must start with a slash'),
    text: z.string().default(''),
    channel: id.default(ALERTS_CHANNEL),
  }),
  shortcut: z.strictObject({ user: id, callbackId: id, channel: id.optional(), ts: id.optional() }),
  home: z.strictObject({ user: id }),
  options: z.strictObject({ user: id, viewId: id.optional(), actionId: id, query: z.string(), values }),
};

type Inputs = { [Name in keyof typeof SCHEMAS]: z.output<(typeof SCHEMAS)[Name]> };

const ROUTES: { [Name in keyof Inputs]: (emulator: SlackEmulator, input: Inputs[Name]) => Promise<unknown> | unknown } =
  {
    alert: (emulator, { kind, channel = ALERTS_CHANNEL, accountId, permissionSetArn }) => {
      const target = {
        accountId: accountId ?? EXAMPLE_TARGET.accountId,
        permissionSetArn: permissionSetArn ?? EXAMPLE_TARGET.permissionSetArn,
      };
      return emulator.postAlert(kind === 'legacy' ? legacyAlert(channel, target) : blockAlert(channel, target));
    },
    say: (emulator, { threadTs, ...message }) =>
      emulator.say({ ...message, ...(threadTs === undefined ? {} : { threadTs }) }),
    press: (emulator, { viewId, channel = '', ts = '', ...press }) =>
      viewId === undefined
        ? emulator.pressButton({ ...press, channel, ts })
        : emulator.pressInView({ ...press, viewId, actionId: press.actionId ?? press.name ?? '' }),
    submit: (emulator, input) => emulator.submitView(input),
    close: (emulator, input) => emulator.closeView(input),
    command: (emulator, input) => emulator.runCommand(input),
    shortcut: (emulator, input) => emulator.useShortcut(input),
    home: (emulator, input) => emulator.openAppHome(input),
    options: async (emulator, input) => ({ options: await emulator.loadOptions(input) }),
  };

/**
 * Makes a person act in Slack: `POST /sandbox/slack/<alert|say|press|submit|close|command|shortcut|home|options>`.
 * Answers 200 with the outcome, even if the app failed; 400 with a sentence for a malformed call or content Slack
 * refuses; 404 for an unknown path or something that is not on the person's screen; 405 for other methods.
 */
export async function handlePersonRoute(
  emulator: SlackEmulator,
  method: string,
  path: string,
  jsonBody: unknown,
): Promise<PersonAnswer> {
  const name = /^\/sandbox\/slack\/([a-z]+)$/.exec(path)?.[1];
  if (name === undefined || !isRoute(name)) return { status: 404, json: { error: `There is no ${path}.` } };
  if (method !== 'POST') return { status: 405, json: { error: `${path} takes POST.` } };
  return run(emulator, name, jsonBody);
}

async function run<Name extends keyof Inputs>(
  emulator: SlackEmulator,
  name: Name,
  jsonBody: unknown,
): Promise<PersonAnswer> {
  const parsed = SCHEMAS[name].safeParse(jsonBody);
  if (!parsed.success) return { status: 400, json: { error: parsed.error.issues.map(sentence).join('; ') } };
  try {
    const outcome = await ROUTES[name](emulator, parsed.data as Inputs[Name]);
    return { status: 200, json: { ok: succeeded(outcome), ...(outcome as object) } };
  } catch (error) {
    if (error instanceof NotOnScreenError) return { status: 404, json: { error: error.message } };
    if (error instanceof SlackError) return { status: 400, json: { error: `Slack refuses: ${error.message}` } };
    throw error;
  }
}

function isRoute(name: string): name is keyof Inputs {
  return Object.hasOwn(ROUTES, name);
}

function succeeded(outcome: unknown): boolean {
  const { problem, errors } = outcome as Partial<Outcome>;
  return problem === undefined && errors === undefined;
}

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
