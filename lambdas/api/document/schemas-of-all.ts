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
  personas: described(z.array(z.enum(['auditor', 'operator'])), 'What the person may do beside asking and deciding'),
  portalUrl: z.string(),
  policyChanges: described(z.optional(z.boolean()), 'Operators may propose changes of the policies here'),
});

export const switchSchema = z.object({
  changed: described(z.boolean(), 'It was not so before'),
  frozen: maybe(turnSchema),
});

const revokedSchema = z.array(
  z.object({
    outcome: z.enum(['ending', 'cancelled', 'already-ending', 'already-over', 'stays', 'changed-meanwhile', 'failed']),
    error: described(
      z.optional(z.string()),
      'Of what failed, the name of the error; the same call again does what is left',
    ),
    request: requestSchema,
  }),
);

export const revokedAnswerSchema = z.object({ revoked: revokedSchema });

export const lockAnswerSchema = z.object({
  userId: z.string(),
  userName: z.string(),
  changed: described(z.boolean(), 'It was not so before'),
  locked: maybe(
    z.extend(turnSchema, {
      accounts: described(z.array(z.string()), 'Accounts whose running sessions are denied, by glasshammer lock'),
    }),
  ),
  revoked: described(
    revokedSchema,
    'What was ended with it. Sessions there are go on: glasshammer lock denies them, too',
  ),
});

export const policiesSchema = z.object({
  version: described(z.string(), 'Changes with every change of the access table'),
  policies: z.array(
    z.object({
      name: z.string(),
      problems: described(z.array(z.string()), 'Why it allows nothing; empty: it is in order'),
      record: described(z.record(z.string(), z.unknown()), 'As it is stored; docs/policy.md has the fields'),
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
  mode: described(z.enum(['report-only', 'enforcing']), 'Whether anything is removed'),
  modeBy: maybe(z.string()),
  modeAt: maybe(instant('When')),
  pass: described(
    maybe(
      z.object({
        startedAt: instant('When it began'),
        finishedAt: maybe(instant('When it was done')),
        checked: z.number(),
        found: z.number(),
        failures: z.number(),
      }),
    ),
    'The last full pass',
  ),
  findings: z.array(
    z.extend(personOrGroup, {
      status: z.enum(['told', 'to-remove', 'removed']),
      foundAt: instant('When it was found'),
      removeAt: maybe(instant('When it is removed')),
      madeBy: maybe(described(z.string(), 'Who made it, as CloudTrail names them')),
      madeAt: maybe(instant('When it was made')),
      action: described(z.enum(['warn', 'revoke']), 'What the rules say'),
    }),
  ),
});

export const healthSchema = z.object({
  status: described(
    z.enum(['ok', 'frozen', 'sweep-stands-still']),
    'sweep-stands-still: access whose workflow has died is taken back by nobody',
  ),
  frozen: maybe(turnSchema),
  sweptAt: maybe(instant('When the last sweep was')),
  open: described(maybe(z.record(z.string(), z.number())), 'Open requests by state; for auditors and operators'),
  reviewsOwed: described(maybe(z.number()), 'For auditors and operators'),
});

/** Query parameters that filter the list of all requests. */
export const LIST_QUERY = [
  { name: 'person', description: 'Id, user name or e-mail of who asked' },
  { name: 'account', description: 'Id of the account' },
  { name: 'set', description: 'Name or ARN of the permission set, or name or id of the group' },
  { name: 'state', description: `States with commas between: ${ALL_STATES.join(', ')}` },
  { name: 'from', description: 'Asked then or later; ISO 8601. Without, the 13 months before now, or before `to`' },
  { name: 'to', description: 'Asked before; ISO 8601' },
  { name: 'breakGlass', description: 'true or false' },
  { name: 'reviewed', description: 'Of broken glass: true, a review was given; false, it is owed or asked about' },
  { name: 'text', description: 'Part of a reason, a ticket, a name or an id' },
] as const;
