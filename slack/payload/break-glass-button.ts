import { parseDuration } from '../../core/model/duration.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import { ACCOUNT_ID, PERMISSION_SET_NAME } from '../../core/model/target.ts';
import { ACTIONS } from '../actions.ts';
import type { BlockAction, LegacyAction } from '../call.ts';

/**
 * What a button in an alert asks for. It proves nothing: whether the target exists and the person may have it is
 * decided elsewhere.
 */
export interface ButtonInput {
  readonly kind: 'ask';
  readonly wanted: WantedTarget;
  /** Absent: the configured default. */
  readonly durationSeconds?: number;
  /** Empty if the button has none. */
  readonly reason: string;
  readonly ticket: string;
}

/** A target as an alert names it, by id or by name. */
export type WantedTarget =
  | { readonly accountId: string; readonly permissionSet: string }
  /** Id or name of an Identity Center group. */
  | { readonly group: string };

export type ButtonReading =
  | ButtonInput
  | { readonly kind: 'not-ours' }
  | { readonly kind: 'unreadable'; readonly refusal: Refusal };

/** `arn:aws:sso:::permissionSet/<instance>/<set>`. Whether the permission set exists is checked elsewhere. */
const PERMISSION_SET_ARN = /^arn:aws[a-z-]*:sso:::permissionSet\/[\w.-]+\/[\w.-]+$/;

const KEYS = {
  account: ['account', 'accountId'],
  permissionSet: ['permissionSet', 'permissionSetArn'],
  group: ['group', 'groupId'],
  duration: ['duration'],
  reason: ['reason'],
  ticket: ['ticket'],
} as const;

type Field = keyof typeof KEYS;

/**
 * Reads what a pressed button asks for. Buttons that are not Glasshammer's are `not-ours`. A break-glass button that
 * cannot be read is refused with the reason, never guessed at.
 */
export function readBreakGlassButton(action: LegacyAction | BlockAction): ButtonReading {
  const name = action.kind === 'legacy-action' ? action.action.name : action.action.actionId;
  if (name.split(':', 1)[0] !== ACTIONS.breakGlass) return { kind: 'not-ours' };
  const value = action.action.value.trim();
  return action.kind === 'legacy-action' ? readLegacy(action.callbackId, value) : readBlock(value);
}

/** The account is in the attachment's `callback_id`, the permission set in the value of the pressed button. */
function readLegacy(callbackId: string, value: string): ButtonReading {
  const account = /^deployment_(\d{12})(?:_|$)/.exec(callbackId)?.[1];
  if (account === undefined) return unreadable('its callback_id is not deployment_<account id>_<anything>');
  if (!isPermissionSet(value)) return unreadable('its value is not the ARN of a permission set');
  return { kind: 'ask', wanted: { accountId: account, permissionSet: value }, reason: '', ticket: '' };
}

function readBlock(value: string): ButtonReading {
  return value.startsWith('{') ? readJson(value) : readShort(value);
}

/** `123456789012/AdministratorAccess` or `123456789012/AdministratorAccess/1h`; the permission set may be an ARN. */
function readShort(value: string): ButtonReading {
  const match = /^(\d{12})\/(arn:[^/]+\/[^/]+\/[^/]+|[^/]+)(?:\/([^/]+))?$/.exec(value);
  const [, accountId, permissionSet, duration] = match ?? [];
  if (accountId === undefined || permissionSet === undefined) {
    return unreadable('its value is neither JSON nor <account id>/<permission set>');
  }
  return ask({ account: accountId, permissionSet, duration });
}

function readJson(value: string): ButtonReading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return unreadable('its value is not JSON');
  }
  const fields: Partial<Record<Field, string>> = {};
  for (const [key, content] of Object.entries(parsed as object)) {
    const field = fieldOf(key);
    if (field === undefined) return unreadable(`its value has the unknown key "${key.slice(0, 40)}"`);
    if (typeof content !== 'string') return unreadable(`"${key}" in its value is not text in quotation marks`);
    if (fields[field] !== undefined) return unreadable(`its value names the ${field} twice`);
    fields[field] = content.trim();
  }
  return ask(fields);
}

function ask(fields: Partial<Record<Field, string>>): ButtonReading {
  const wanted = wantedOf(fields);
  if (typeof wanted === 'string') return unreadable(wanted);
  const { duration, reason = '', ticket = '' } = fields;
  if (duration === undefined) return { kind: 'ask', wanted, reason, ticket };
  const durationSeconds = parseDuration(duration);
  if (durationSeconds === undefined || durationSeconds <= 0) {
    return { kind: 'unreadable', refusal: refusal('malformed-duration', duration) };
  }
  return { kind: 'ask', wanted, durationSeconds, reason, ticket };
}

/** The target, or what is wrong with it. */
function wantedOf({ account, permissionSet, group }: Partial<Record<Field, string>>): WantedTarget | string {
  if (group !== undefined) {
    if (account !== undefined || permissionSet !== undefined) return 'its value names both a group and an account';
    return group === '' || group.length > 1024 ? 'its value names no group' : { group };
  }
  if (account === undefined || permissionSet === undefined)
    return 'its value must name an account and a permission set, or a group';
  if (!ACCOUNT_ID.test(account)) return 'its account is not an id of 12 digits';
  if (!isPermissionSet(permissionSet)) return 'its permission set is neither a name nor an ARN';
  return { accountId: account, permissionSet };
}

function isPermissionSet(text: string): boolean {
  return PERMISSION_SET_ARN.test(text) || PERMISSION_SET_NAME.test(text);
}

function fieldOf(key: string): Field | undefined {
  return (Object.keys(KEYS) as Field[]).find((field) => (KEYS[field] as readonly string[]).includes(key));
}

function unreadable(what: string): ButtonReading {
  return { kind: 'unreadable', refusal: refusal('unreadable-button', what) };
}
