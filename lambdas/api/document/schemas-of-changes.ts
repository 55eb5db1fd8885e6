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
    'All policies as they are to be, as a policy file in YAML; what it does not have is removed',
  ),
  allowRemoving: described(
    z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(1000))),
    'So many policies may be removed; without, three, and none that denies or requires',
  ),
};

const remark = (description: string) => described(z.prefault(z.string().check(z.maxLength(500)), ''), description);

export const wantedPoliciesSchema = z.strictObject(wanted);
export const proposedPoliciesSchema = z.strictObject({ ...wanted, note: remark('Why, for the other operators') });
export const acceptedTextSchema = z.strictObject({
  textHash: described(z.string().check(z.regex(/^[0-9a-f]{64}$/)), 'Of the text that was looked at'),
});
export const withdrawnBecauseSchema = z.strictObject({ note: remark('Why, for the audit') });

export const policyCheckSchema = z.object({
  findings: described(
    z.array(z.object({ severity: z.enum(['error', 'warning', 'note']), text: z.string() })),
    'What glasshammer policy check says; with an error nothing can be proposed',
  ),
  differences: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['add', 'change', 'remove']),
      fields: described(
        z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
        'Of a change: what differs',
      ),
    }),
  ),
  plan: described(z.array(z.string()), 'Who would gain or lose what with no second person, a sentence each'),
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
  expiresAt: instant('From when on nobody can accept it'),
  note: z.string(),
  textHash: described(z.string(), 'SHA-256 of the text; the operator who accepts it says which they looked at'),
  allowRemoving: maybe(z.number()),
  decidedBy: maybe(z.object({ userId: z.string(), userName: z.string() })),
  decidedAt: maybe(instant('When it was accepted or withdrawn')),
});

export const policyChangeDetailSchema = z.extend(policyChangeSchema, {
  text: z.string(),
  stale: described(z.boolean(), 'The policies are not any more those it was made against'),
  check: policyCheckSchema,
});

export const policyChangesSchema = z.object({
  text: described(z.string(), 'The policies as they are, as a policy file in YAML'),
  proposals: described(z.array(policyChangeSchema), 'Those that wait, the oldest first'),
});

export type PolicyCheck = z.output<typeof policyCheckSchema>;
export type PolicyChange = z.output<typeof policyChangeSchema>;
export type PolicyChangeDetail = z.output<typeof policyChangeDetailSchema>;
export type PolicyChanges = z.output<typeof policyChangesSchema>;
