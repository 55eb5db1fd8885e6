import * as z from 'zod/mini';
import { ALL_STATES } from '../../../core/model/life-cycle.ts';
import { described, instant, maybe, requestSchema } from './schemas.ts';

/*
 * Answers to auditors and operators. Answers only grow: fields are added, never removed.
 */

const turnSchema = z.object({ by: z.string(), at: instant('When'), reason: z.string() });

export const profileSchema = z.object({
  userId: z.string(),
  userName: z.string(),
  displayName: z.string(),
  email: z.string(),
  personas: described(z.array(z.enum(['auditor', 'operator'])), 'Whether the person is an auditor or an operator'),
  portalUrl: z.string(),
  policyChanges: described(z.optional(z.boolean()), 'Whether operators may propose changes of the policies here'),
});

export const switchSchema = z.object({
  changed: described(z.boolean(), 'Whether this call changed anything'),
  frozen: maybe(turnSchema),
});

const revokedSchema = z.array(
  z.object({
    outcome: z.enum(['ending', 'cancelled', 'already-ending', 'already-over', 'stays', 'changed-meanwhile', 'failed']),
    error: described(z.optional(z.string()), 'If it failed, the name of the error; repeat the same call to try again'),
    request: requestSchema,
  }),
);

export const revokedAnswerSchema = z.object({ revoked: revokedSchema });

export const lockAnswerSchema = z.object({
  userId: z.string(),
  userName: z.string(),
  changed: described(z.boolean(), 'Whether this call changed anything'),
  locked: maybe(
    z.extend(turnSchema, {
      accounts: described(
        z.array(z.string()),
        'Accounts in which running sessions are denied; `glasshammer lock` denies them',
      ),
    }),
  ),
  revoked: described(
    revokedSchema,
    'Requests that the lock ended. Running sessions go on; only `glasshammer lock` denies these, too',
  ),
});

export const policiesSchema = z.object({
  version: described(z.string(), 'Changes with every change of the access table'),
  policies: z.array(
    z.object({
      name: z.string(),
      problems: described(z.array(z.string()), 'Why the policy is invalid; empty if it is in order'),
      record: described(z.record(z.string(), z.unknown()), 'The record as it is stored; docs/policy.md has the fields'),
    }),
  ),
});

const personOrGroup = z.object({
  principalId: z.string(),
  principalName: maybe(z.string()),
  accountId: maybe(z.string()),
  accountName: maybe(z.string()),
  permissionSetArn: maybe(z.string()),
  permissionSet: maybe(z.string()),
  groupId: maybe(z.string()),
  groupName: maybe(z.string()),
});

export const driftSchema = z.object({
  mode: described(
    z.enum(['report-only', 'enforcing']),
    'report-only: findings are only reported; enforcing: they are removed where the drift rules say so',
  ),
  modeBy: maybe(z.string()),
  modeAt: maybe(instant('When')),
  pass: described(
    maybe(
      z.object({
        startedAt: instant('When it began'),
        finishedAt: maybe(instant('When it finished')),
        checked: z.number(),
        found: z.number(),
        failures: z.number(),
      }),
    ),
    'The last full drift pass',
  ),
  findings: z.array(
    z.extend(personOrGroup, {
      status: z.enum(['told', 'to-remove', 'removed']),
      foundAt: instant('When it was found'),
      removeAt: maybe(instant('When it will be removed')),
      madeBy: maybe(described(z.string(), 'Who made it, as CloudTrail names the identity')),
      madeAt: maybe(instant('When it was made')),
      action: described(z.enum(['warn', 'revoke']), 'What the drift rules say to do'),
    }),
  ),
});

export const healthSchema = z.object({
  status: described(
    z.enum(['ok', 'frozen', 'sweep-stands-still']),
    'sweep-stands-still: the sweep does not run, so access whose workflow has died is not taken back',
  ),
  frozen: maybe(turnSchema),
  sweptAt: maybe(instant('When the last sweep ran')),
  open: described(maybe(z.record(z.string(), z.number())), 'Open requests by state; for auditors and operators'),
  reviewsOwed: described(maybe(z.number()), 'Reviews that are owed; for auditors and operators'),
});

/** Query parameters that filter the list of all requests. */
export const LIST_QUERY = [
  { name: 'person', description: 'Id, user name or e-mail of the requester' },
  { name: 'account', description: 'Id of the account' },
  { name: 'set', description: 'Name or ARN of the permission set, or name or id of the group' },
  { name: 'state', description: `States, separated by commas: ${ALL_STATES.join(', ')}` },
  {
    name: 'from',
    description: 'Requests asked for at this time or later; ISO 8601. If absent, 13 months before `to`, or before now',
  },
  { name: 'to', description: 'Requests asked for before this time; ISO 8601' },
  { name: 'breakGlass', description: 'true: only break-glass requests; false: only others' },
  {
    name: 'reviewed',
    description: 'Of break-glass access: true, the review is acknowledged; false, it is owed or questioned',
  },
  { name: 'text', description: 'Part of a reason, a ticket, a name or an id' },
] as const;
