import * as z from 'zod/mini';
import { ENDS_WITH, type EndsWith } from '../../model/decision.ts';
import { parseDuration } from '../../model/duration.ts';
import { ACCOUNT_ID, PERMISSION_SET_NAME } from '../../model/target.ts';
import { INVISIBLE } from '../../model/text.ts';
import { DAYS, type Day, type Hours, parseTimeOfDay, wallClock } from './hours.ts';
import type { AccountScope, ApproverRef, NameScope, Who } from './policy.ts';
import { parseTicketPattern, type TicketPattern } from './ticket/ticket-pattern.ts';

/** What is wrong with a value, as a phrase that follows the name of the field; `index`: the item of a list. */
export interface Problem {
  readonly problem: string;
  readonly index?: number;
}

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'problem' in value && typeof value.problem === 'string';

/** Makes a schema of a reader function, which returns the value or a problem. */
export function field<T extends NonNullable<unknown>>(read: (value: unknown) => T | Problem) {
  return z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      const result = read(value);
      if (!isProblem(result)) return result as T;
      const shown = result.index === undefined ? value : toList(value)[result.index];
      context.issues.push({
        code: 'custom',
        message: value === undefined ? result.problem : `${result.problem}, not ${show(shown)}`,
        input: value,
        path: result.index === undefined ? [] : [result.index],
      });
      return z.NEVER;
    }),
  );
}

/** A value as a message quotes it, shortened to keep the message on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const plain = value instanceof Set ? [...value] : value;
  const text = JSON.stringify(plain, (_key, member: unknown) => asText(member) ?? member);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The text of a number that JavaScript cannot represent; the table readers keep such numbers as objects. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  const isPlain = typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Set;
  return isPlain || value.toString === Object.prototype.toString ? undefined : String(value);
}

/** A list in any form that YAML or DynamoDB returns: a list, a string set, or one string for a list of one. */
function toList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  return typeof value === 'string' || typeof value === 'number' ? [value] : [];
}

/** A hint where an item is a map: YAML reads `[group: SRE]` as a list with a map. */
function mapHint(item: unknown): string {
  if (typeof item !== 'object' || item === null) return '';
  const [entry, more] = Object.entries(item);
  if (entry === undefined || more !== undefined || typeof entry[1] !== 'string') return '';
  const [key, value] = entry;
  return ` (YAML reads "${key}: ${value}" as a map: write ${key}:${value} without the space)`;
}

/** Invisible characters, and spaces that keyboards do not type: a name with one of them differs from how it looks. */
const UNSEEN = new RegExp(`${INVISIBLE.source}|(?![ \\u3000])\\p{Zs}`, 'u');

/** The start of a second item within one text: `group:SRE, group:Leads`. */
const SEVERAL = /[,;|]\s*(?:(?:user|group|ou|ou-direct|tag):|(?:everyone|\d{12})(?:$|[\s,;|]))/;

/** A list of at least one string. Each must have an accepted form and no spaces around it. */
function list(value: unknown, forms: string, accept: (item: string) => boolean): readonly string[] | Problem {
  const items = toList(value);
  if (items.length === 0) return { problem: `must list at least one of ${forms}` };
  const texts: string[] = [];
  for (const [index, item] of items.entries()) {
    // YAML reads an account id without quotes as a number. Twelve digits survive that; a lost leading zero is rejected
    // below.
    const text = typeof item === 'number' ? String(item) : item;
    if (typeof text !== 'string') return { problem: `must be ${forms}${mapHint(item)}`, index };
    const hidden = UNSEEN.exec(text)?.[0].codePointAt(0);
    if (hidden !== undefined)
      return {
        problem: `has a character that nobody sees (U+${hidden.toString(16).toUpperCase().padStart(4, '0')})`,
        index,
      };
    if (SEVERAL.test(text)) return { problem: 'is several items in one text; write each by itself', index };
    if (text !== text.trim() || !accept(text)) return { problem: `must be ${forms}`, index };
    texts.push(text);
  }
  return texts;
}

/** In every partition: commercial, GovCloud and China. */
export const PERMISSION_SET_ARN = /^arn:aws[a-z-]*:sso:::permissionSet\/[A-Za-z0-9.-]+\/[A-Za-z0-9./-]+$/;
const OU_ID = /^(?:ou|r)-[A-Za-z0-9-]+$/;

export const readWho = (value: unknown): Who | Problem => {
  const items = list(value, 'everyone, user:<id, user name or e-mail> or group:<id or name>', (item) => {
    return item === 'everyone' || /^(?:user|group):\S(?:.*\S)?$/.test(item);
  });
  if (isProblem(items)) return items;
  return {
    everyone: items.includes('everyone'),
    users: items.filter((item) => item.startsWith('user:')).map((item) => item.slice('user:'.length)),
    groups: items.filter((item) => item.startsWith('group:')).map((item) => item.slice('group:'.length)),
  };
};

export const readApprovers = (value: unknown): readonly ApproverRef[] | Problem => {
  const items = list(value, 'user:<id, user name or e-mail> or group:<id or name>', (item) =>
    /^(?:user|group):\S(?:.*\S)?$/.test(item),
  );
  return isProblem(items) ? items : [...new Set(items)];
};

export const readAccounts = (value: unknown): AccountScope | Problem => {
  const items = list(
    value,
    'a 12-digit account id in quotes, ou:<ou-… or r-… id>, ou-direct:<id>, tag:<key>=<value> or "*"',
    (item) =>
      item === '*' ||
      ACCOUNT_ID.test(item) ||
      (/^ou(?:-direct)?:/.test(item) && OU_ID.test(item.slice(item.indexOf(':') + 1))) ||
      /^tag:[^=\s][^=]*=/.test(item),
  );
  if (isProblem(items)) return items;
  const after = (prefix: string) =>
    items.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length));
  return {
    all: items.includes('*'),
    ids: new Set(items.filter((item) => ACCOUNT_ID.test(item))),
    ous: after('ou:'),
    directOus: after('ou-direct:'),
    tags: after('tag:').map((tag) => ({ key: tag.slice(0, tag.indexOf('=')), value: tag.slice(tag.indexOf('=') + 1) })),
  };
};

export const readPermissionSets = (value: unknown): NameScope | Problem =>
  toNames(
    list(value, 'the name or ARN of a permission set, or "*"', (item) => {
      return item === '*' || PERMISSION_SET_NAME.test(item) || PERMISSION_SET_ARN.test(item);
    }),
  );

export const readGroups = (value: unknown): NameScope | Problem =>
  toNames(
    list(
      value,
      'the id or name of a group (without "group:"), or "*"',
      (item) => item !== '' && !item.startsWith('group:'),
    ),
  );

function toNames(items: readonly string[] | Problem): NameScope | Problem {
  if (isProblem(items)) return items;
  return { all: items.includes('*'), names: new Set(items.filter((item) => item !== '*')) };
}

const LONGEST_SECONDS = 180 * 86_400;

export const readDuration = (value: unknown): number | Problem => {
  const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (seconds !== undefined && seconds <= LONGEST_SECONDS) return seconds;
  return { problem: 'must be a duration with a unit and at most 180d, such as "4h", "30m" or "1d"' };
};

const MOST_VOTES = 20;

export const readCount = (value: unknown): number | Problem => readWhole(value, MOST_VOTES);

export const readLength = (value: unknown): number | Problem => readWhole(value, 1000);

function readWhole(value: unknown, most: number): number | Problem {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    return { problem: 'must be a whole number of at least 1' };
  return value > most ? { problem: `must be at most ${most}` } : value;
}

/** An object, so that `false` is not mistaken for an absent value. */
export const readSwitch = (value: unknown): { readonly on: boolean } | Problem =>
  typeof value === 'boolean' ? { on: value } : { problem: 'must be true or false' };

export const readEndsWith = (value: unknown): readonly EndsWith[] | Problem => {
  const items = list(value, ENDS_WITH.join(', '), (item) => (ENDS_WITH as readonly string[]).includes(item));
  return isProblem(items) ? items : ENDS_WITH.filter((one) => items.includes(one));
};

export const readPattern = (value: unknown): TicketPattern | Problem =>
  typeof value === 'string'
    ? parseTicketPattern(value)
    : { problem: "must be a regular expression, such as '^INC-[0-9]+$'" };

const readDays = (value: unknown): readonly Day[] | Problem => {
  const items = list(value, 'mon, tue, wed, thu, fri, sat or sun', (item) =>
    (DAYS as readonly string[]).includes(item),
  );
  return isProblem(items) ? items : (items as readonly Day[]);
};

/** An object, so that midnight (minute 0) is not mistaken for an absent value. */
const readTimeOfDay = (value: unknown): { readonly minute: number } | Problem => {
  const minute = typeof value === 'string' ? parseTimeOfDay(value) : undefined;
  return minute === undefined ? { problem: 'must be a time of day in quotes, from "00:00" to "24:00"' } : { minute };
};

/** Keeps the name as its author wrote it: Intl would turn Asia/Kolkata into Asia/Calcutta. */
const readTimeZone = (value: unknown): { readonly name: string; readonly clock: Intl.DateTimeFormat } | Problem => {
  const clock = typeof value === 'string' ? wallClock(value) : undefined;
  if (typeof value !== 'string' || clock === undefined)
    return { problem: 'must be the name of a time zone, such as Europe/Berlin or UTC' };
  return { name: value, clock };
};

const hoursShape = z.strictObject({
  days: z.optional(field(readDays)),
  from: z.optional(field(readTimeOfDay)),
  to: z.optional(field(readTimeOfDay)),
  timeZone: field(readTimeZone),
});

/** The hours of a policy. Without days they apply every day, without times the whole day. */
export const hoursSchema = z.pipe(
  hoursShape,
  z.transform((value, context): Hours => {
    const { days = DAYS, from, to, timeZone } = value;
    const problem = (message: string, path: string[]) =>
      context.issues.push({ code: 'custom', message, input: value, path });
    if ((from === undefined) !== (to === undefined)) problem('must have both from and to, or neither', []);
    if (from !== undefined && from.minute === to?.minute)
      problem('is the same as from; the whole day is "00:00" to "24:00"', ['to']);
    if (from?.minute === 24 * 60) problem('must be before "24:00"', ['from']);
    return {
      days: new Set(days),
      fromMinute: from?.minute ?? 0,
      toMinute: to?.minute ?? 24 * 60,
      timeZone: timeZone.name,
      clock: timeZone.clock,
    };
  }),
);
