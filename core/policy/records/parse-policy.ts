import * as z from 'zod/mini';
import { ENDS_WITH } from '../../model/decision.ts';
import { isNear } from './near.ts';
import {
  field,
  hoursSchema,
  readAccounts,
  readApprovers,
  readCount,
  readDuration,
  readEndsWith,
  readGroups,
  readLength,
  readPattern,
  readPermissionSets,
  readSwitch,
  readWho,
  show,
} from './parse-fields.ts';
import { type ApprovalRule, type ApproverRef, DEFAULT_TIMING, EFFECTS, type Policy, type Scope } from './policy.ts';

/** A parsed policy, or everything that is wrong with it: one sentence each, with policy, field and fix. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | {
      readonly ok: false;
      readonly name: string;
      readonly problems: readonly string[];
      /** For each problem the path of its field; empty where the problem is in no field. */
      readonly fields: readonly string[];
    };

const scopeShape = {
  who: field(readWho),
  accounts: z.optional(field(readAccounts)),
  permissionSets: z.optional(field(readPermissionSets)),
  groups: z.optional(field(readGroups)),
  hours: z.optional(hoursSchema),
};

const conditionsShape = {
  maxDuration: z.optional(field(readDuration)),
  cooldown: z.optional(field(readDuration)),
  perDay: z.optional(field(readDuration)),
  reason: z.optional(z.strictObject({ minLength: field(readLength) })),
  ticket: z.optional(z.strictObject({ pattern: field(readPattern) })),
  leased: z.optional(field(readSwitch)),
};

const approvalSchema = z.strictObject({
  approvers: field(readApprovers),
  count: z.optional(field(readCount)),
  self: z.optional(field(readSwitch)),
  expires: z.optional(field(readDuration)),
  remind: z.optional(field(readDuration)),
  escalate: z.optional(z.strictObject({ after: field(readDuration), to: field(readApprovers) })),
});

const requiredApprovalSchema = z.strictObject({
  approvers: z.optional(field(readApprovers)),
  count: z.optional(field(readCount)),
  self: z.optional(
    field((value) =>
      value === false ? { on: false } : { problem: 'can only be false: a require takes away, it never allows' },
    ),
  ),
});

const SCHEMAS = {
  allow: z.strictObject({
    ...scopeShape,
    ...conditionsShape,
    approval: z.optional(approvalSchema),
    breakGlass: z.optional(field(readSwitch)),
    endsWith: z.optional(field(readEndsWith)),
  }),
  deny: z.strictObject(scopeShape),
  require: z.strictObject({ ...scopeShape, ...conditionsShape, approval: z.optional(requiredApprovalSchema) }),
} as const;

/** Every field that a policy of any effect can have. */
export const POLICY_FIELDS: readonly string[] = [...Object.keys(SCHEMAS.allow.shape), 'name', 'effect'];

/** Fields that are maps, with their members; for the message when something else was written. */
const MAPS: Readonly<Record<string, string>> = {
  approval: 'approvers, count, self, expires, remind, escalate',
  'approval.escalate': 'after and to',
  reason: 'minLength',
  ticket: 'pattern',
  hours: 'days, from, to, timeZone',
};

/** The field that a problem phrase begins with, if any: `approval.escalate.after`, `accounts[1]`. */
const FIELD = /^[a-zA-Z]+(?:\.[a-zA-Z]+|\[\d+\])*(?= )/;

/** Names are part of keys (`policy#…`) and of messages, so only plain characters are allowed. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Parses one policy, strictly: anything unknown is an error, because a misspelt field would otherwise silently allow
 * more than its author meant.
 *
 * @param raw an entry of a policy file, or an item of the access table as lib-dynamodb returns it
 * @param name for items of the table, the name in their id; entries of a file have a `name` field
 */
export function parsePolicy(raw: unknown, name?: string): ParsedPolicy {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return {
      ok: false,
      name: name ?? '',
      problems: [`${title(name)}: must be a map of fields, not ${show(raw)}`],
      fields: [''],
    };
  }
  const { id: _id, name: ownName, effect, ...fields } = raw as Record<string, unknown>;
  const known = name ?? (typeof ownName === 'string' ? ownName : '');
  const fail = (...phrases: string[]): ParsedPolicy => ({
    ok: false,
    name: known,
    problems: phrases.map((phrase) => `${title(known)}: ${phrase}`),
    fields: phrases.map((phrase) => FIELD.exec(phrase)?.[0] ?? ''),
  });

  if ('<<' in fields) return fail('<< (merge) is not supported; repeat the fields');
  if (name === undefined && ownName === undefined) return fail('name is missing');
  if (typeof ownName === 'number') return fail(`name must be in quotes: "${ownName}"`);
  if (name !== undefined && ownName !== undefined && ownName !== name) {
    return fail(`name must equal the name in its id, "${name}", not ${show(ownName)}`);
  }
  if (!NAME.test(known)) {
    return fail(`name must be 1 to 100 letters, digits, dots, dashes or underscores, not ${show(ownName ?? name)}`);
  }
  if (!isEffect(effect)) {
    return fail(
      effect === undefined
        ? 'effect is missing: write allow, deny or require'
        : `effect must be allow, deny or require, not ${show(effect)}`,
    );
  }
  const parsed = SCHEMAS[effect].safeParse(fields);
  if (!parsed.success) return fail(...parsed.error.issues.flatMap((issue) => phrases(issue, effect, fields)));
  const policy = build(effect, known, parsed.data);
  const problems = contradictions(policy);
  return problems.length > 0 ? fail(...problems) : { ok: true, policy };
}

function isEffect(value: unknown): value is Policy['effect'] {
  return (EFFECTS as readonly unknown[]).includes(value);
}

function title(name: string | undefined): string {
  return name === undefined || name === '' ? 'policy without a name' : `policy "${name}"`;
}

type Parsed = z.output<typeof SCHEMAS.allow> | z.output<typeof SCHEMAS.deny> | z.output<typeof SCHEMAS.require>;

function build(effect: Policy['effect'], name: string, parsed: Parsed): Policy {
  const { who, accounts, permissionSets, groups, hours } = parsed;
  if (effect === 'deny') return { effect, name, scope: defined({ who, accounts, permissionSets, groups, hours }) };
  const conditions = parsed as z.output<typeof SCHEMAS.allow | typeof SCHEMAS.require>;
  const leased = conditions.leased?.on === true ? { leased: true as const } : {};
  const scope: Scope = defined({ who: { ...who, ...leased }, accounts, permissionSets, groups, hours });
  const shared = defined({
    maxDurationSeconds: conditions.maxDuration,
    cooldownSeconds: conditions.cooldown,
    perDaySeconds: conditions.perDay,
    reason: conditions.reason,
    ticket: conditions.ticket,
  });
  if (effect === 'require') {
    const { approval } = parsed as z.output<typeof SCHEMAS.require>;
    if (approval === undefined) return { effect, name, scope, ...shared };
    const { approvers, count, self } = approval;
    const demanded = defined({ approvers, count, self: self === undefined ? undefined : (false as const) });
    return { effect, name, scope, ...shared, approval: { ...demanded, ...leased } };
  }
  const { approval, breakGlass, endsWith = [] } = parsed as z.output<typeof SCHEMAS.allow>;
  const ends = ENDS_WITH.filter((one) => endsWith.includes(one) || (one === 'membership' && leased.leased === true));
  return {
    effect,
    name,
    scope,
    ...shared,
    ...(approval === undefined ? {} : { approval: { ...buildApproval(approval), ...leased } }),
    breakGlass: breakGlass?.on ?? false,
    ...(ends.length === 0 ? {} : { endsWith: ends }),
  };
}

function buildApproval(approval: z.output<typeof approvalSchema>): ApprovalRule {
  const { approvers, count = 1, self, expires, remind, escalate } = approval;
  return {
    approvers,
    count,
    self: self?.on ?? false,
    expiresSeconds: expires ?? DEFAULT_TIMING.expiresSeconds,
    remindSeconds: remind ?? DEFAULT_TIMING.remindSeconds,
    ...(escalate === undefined ? {} : { escalate: { afterSeconds: escalate.after, to: escalate.to } }),
  };
}

/** Without the members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

/** Fields that contradict each other. */
function contradictions(policy: Policy): string[] {
  const problems = scopeProblems(policy);
  if (policy.effect === 'deny') return problems;

  const { approval } = policy;
  if (policy.effect === 'require') {
    const { maxDurationSeconds, cooldownSeconds, perDaySeconds, reason, ticket } = policy;
    const demands = [maxDurationSeconds, cooldownSeconds, perDaySeconds, reason, ticket, approval];
    if (demands.every((demand) => demand === undefined)) {
      problems.push('a require must require something: maxDuration, cooldown, perDay, reason, ticket or approval');
    }
    if (approval !== undefined && Object.keys(approval).every((key) => key === 'leased')) {
      problems.push('approval must say approvers, count or self: false');
    }
  }
  const { approvers, count = 1 } = approval ?? {};
  const { maxDurationSeconds, perDaySeconds } = policy;
  if (maxDurationSeconds !== undefined && perDaySeconds !== undefined && perDaySeconds < maxDurationSeconds)
    problems.push('perDay must not be shorter than maxDuration');
  if (approvers !== undefined && count > approvers.length && !approvers.some(isGroupRef)) {
    problems.push(`approval.count must be at most ${approvers.length}, the number of approvers it names, not ${count}`);
  }
  if (policy.effect === 'allow' && policy.approval?.escalate !== undefined) {
    const { escalate, expiresSeconds } = policy.approval;
    if (escalate.afterSeconds >= expiresSeconds)
      problems.push('approval.escalate.after must be shorter than approval.expires');
  }
  return problems;
}

function scopeProblems({ effect, scope }: Policy): string[] {
  const names = new Set(Object.keys(scope));
  const [byAccount, bySet] = [names.has('accounts'), names.has('permissionSets')];
  if (names.has('groups')) {
    return byAccount || bySet ? ['groups cannot be combined with accounts or permissionSets; write two policies'] : [];
  }
  if (effect !== 'allow' || (byAccount && bySet)) return [];
  if (bySet) return ['accounts is missing beside permissionSets; every account is "*"'];
  if (byAccount) return ['permissionSets is missing beside accounts; every permission set is "*"'];
  return ['an allow needs accounts and permissionSets, or groups'];
}

function isGroupRef(ref: ApproverRef): boolean {
  return ref.startsWith('group:');
}

/** A schema issue as phrases that can follow the name of the policy. */
function phrases(issue: z.core.$ZodIssue, effect: Policy['effect'], fields: Record<string, unknown>): string[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, effect));
  if (issue.code === 'custom') return [`${path} ${issue.message}`.trim()];
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    fields,
  );
  const holds = MAPS[path];
  if (value === undefined) return [`${path} is missing`];
  return [
    holds === undefined
      ? `${path} cannot be ${show(value)}`
      : `${path} must be a map with ${holds}, not ${show(value)}`,
  ];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function unknownKey(path: string, key: string, effect: Policy['effect']): string {
  const full = path === '' ? key : `${path}.${key}`;
  if (path === '' && POLICY_FIELDS.includes(key))
    return `${full} has no meaning in a policy with effect ${effect}; remove it`;
  if (path === 'approval' && Object.keys(approvalSchema.shape).includes(key)) {
    return `${full} has no meaning in a policy with effect ${effect}; remove it`;
  }
  const candidates = path === '' ? POLICY_FIELDS : (MAPS[path] ?? '').split(/, | and /);
  const named = candidates.filter((candidate) => candidate !== '');
  const meant = named.find((candidate) => isNear(candidate, key)) ?? named.find((candidate) => holds(candidate, key));
  return `${full} is not a field${meant === undefined ? `; fields are ${named.join(', ')}` : `; did you mean ${meant}?`}`;
}

/** Matches `durations` with maxDuration, and `approver` with approvers. */
function holds(candidate: string, key: string): boolean {
  const word = key.toLowerCase().replace(/s$/, '');
  return word.length > 3 && candidate.toLowerCase().includes(word);
}
