import * as z from 'zod/mini';
import { described, instant, maybe } from './schemas.ts';

/*
 * Bodies and answers of the operations by which operators change policies. Answers only grow: fields are added, never
 * removed.
 */

/**
 * The longest policy file, in characters (UTF-16 units). These have at most 180,000 bytes, and a DynamoDB item holds
 * 400 KB. `LARGEST_BODY_BYTES` has room for them in any JSON.
 */
const LONGEST_TEXT = 60_000;

const wanted = {
  text: described(
    z.string().check(z.minLength(1), z.maxLength(LONGEST_TEXT)),
    'All policies after the change, as a policy file in YAML; a policy that is not in it is removed',
  ),
  allowRemoving: described(
    z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(1000))),
    'How many policies the change may remove; if absent, three, and no deny or require policy',
  ),
};

const remark = (description: string) => described(z.prefault(z.string().check(z.maxLength(500)), ''), description);

export const wantedPoliciesSchema = z.strictObject(wanted);
export const proposedPoliciesSchema = z.strictObject({ ...wanted, note: remark('Why, for the other operators') });
export const acceptedTextSchema = z.strictObject({
  textHash: described(z.string().check(z.regex(/^[0-9a-f]{64}$/)), 'SHA-256 of the text that the operator looked at'),
});
export const withdrawnBecauseSchema = z.strictObject({ note: remark('Why, for the audit') });

export const policyCheckSchema = z.object({
  findings: described(
    z.array(z.object({ severity: z.enum(['error', 'warning', 'note']), text: z.string() })),
    'The findings of `glasshammer policy check`; with an error, the change cannot be proposed',
  ),
  differences: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['add', 'change', 'remove']),
      fields: described(
        z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
        'If the policy is changed: the fields that differ',
      ),
    }),
  ),
  plan: described(z.array(z.string()), 'Who would gain or lose access without approval, one sentence each'),
  refusal: described(
    maybe(z.object({ reason: z.string(), sentence: z.string() })),
    'Why it cannot be proposed or accepted',
  ),
});

export const policyChangeSchema = z.object({
  id: z.string(),
  state: z.enum(['proposed', 'accepted', 'withdrawn']),
  proposedBy: z.object({ userId: z.string(), userName: z.string() }),
  proposedAt: instant('When it was proposed'),
  expiresAt: instant('When it expires; it cannot be accepted after that'),
  note: z.string(),
  textHash: described(z.string(), 'SHA-256 of the text; the operator who accepts the change sends it back'),
  allowRemoving: maybe(z.number()),
  decidedBy: maybe(z.object({ userId: z.string(), userName: z.string() })),
  decidedAt: maybe(instant('When it was accepted or withdrawn')),
});

export const policyChangeDetailSchema = z.extend(policyChangeSchema, {
  text: z.string(),
  stale: described(z.boolean(), 'Whether the policies have changed since it was proposed'),
  check: policyCheckSchema,
});

export const policyChangesSchema = z.object({
  text: described(z.string(), 'The current policies, as a policy file in YAML'),
  proposals: described(z.array(policyChangeSchema), 'Proposed changes that wait, oldest first'),
});

export type PolicyCheck = z.output<typeof policyCheckSchema>;
export type PolicyChange = z.output<typeof policyChangeSchema>;
export type PolicyChangeDetail = z.output<typeof policyChangeDetailSchema>;
export type PolicyChanges = z.output<typeof policyChangesSchema>;
