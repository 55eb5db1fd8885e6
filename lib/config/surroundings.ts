import * as z from 'zod';
import { partitionOf } from './schema/regions.ts';
import { days, email, keyArn, nonEmpty } from './schema/shapes.ts';

/** How archived events are locked and how long they are kept, or the organization's own bucket for them. */
export const auditSetting = z
  .strictObject({
    lock: z.enum(['governance', 'compliance'], { error: "write 'governance' or 'compliance'" }).optional(),
    retentionDays: days('the days an event is locked').optional(),
    expireAfterDays: days('the days after which an event is deleted').optional(),
    bucket: z
      .string({ error: 'write the name of a bucket' })
      .regex(/^(?!xn--|sthree-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
        error: ({ input }) => `"${input}" is no bucket; write its name alone, not its ARN`,
      })
      .optional(),
    bucketKeyArn: keyArn.optional(),
  })
  .superRefine((audit, context) => {
    const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (audit.bucket === undefined) {
      if (audit.bucketKeyArn !== undefined)
        problem('bucketKeyArn', 'is the key of a bucket of yours; name it in audit.bucket, or write dataKeyArn');
      return;
    }
    for (const field of ['lock', 'retentionDays', 'expireAfterDays'] as const)
      if (audit[field] !== undefined)
        problem(field, `is a matter of the bucket ${audit.bucket}, which is yours; set it there, and leave this out`);
  })
  .transform((audit) => ({ ...audit, lock: audit.lock ?? 'governance', retentionDays: audit.retentionDays ?? 365 }))
  .prefault({});

/** The monthly cost limit. */
const budgets = z
  .strictObject({
    monthly: z
      .number({ error: 'write US dollars a month as a number' })
      .positive({ error: 'write US dollars a month, more than 0' })
      .max(1_000_000, { error: 'write US dollars a month, at most 1000000' }),
    emails: nonEmpty(email, 'e-mail addresses')
      .max(10, { error: 'AWS Budgets tells ten addresses at most' })
      .optional(),
    onlyTag: z.string({ error: 'write the key of one of tags' }).optional(),
  })
  .optional();

/** The VPC of the functions. */
const vpc = z
  .strictObject({
    subnetIds: z
      .array(
        z.string().regex(/^subnet-[0-9a-f]{8,17}$/, {
          error: ({ input }) => `"${input}" is no subnet; write an id like subnet-0a1b2c3d4e5f60718`,
        }),
        { error: 'write a list of ids of subnets' },
      )
      .min(2, {
        error: 'write at least two, in different Availability Zones: when one is down, access must still be taken back',
      })
      .max(16, { error: 'Lambda takes 16 subnets at most' }),
    securityGroupIds: nonEmpty(
      z.string().regex(/^sg-[0-9a-f]{8,17}$/, {
        error: ({ input }) => `"${input}" is no security group; write an id like sg-0a1b2c3d4e5f60718`,
      }),
      'ids of security groups',
    ).max(5, { error: 'Lambda takes five security groups at most' }),
  })
  .optional();

/** The host name of the Slack endpoint. */
const customDomain = z
  .strictObject({
    name: z
      .string({ error: 'write a name such as glasshammer.example.com' })
      .regex(/^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, {
        error: 'write a name such as glasshammer.example.com, in small letters, without https://',
      }),
    certificateArn: z
      .string({ error: 'write the ARN of a certificate' })
      .regex(/^arn:aws(?:-[a-z]+)*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/, {
        error: 'write the ARN of a certificate of ACM, like arn:aws:acm:eu-central-1:111122223333:certificate/…',
      }),
  })
  .optional();

/** Settings about a deployment's surroundings: its costs, its network and its host name. */
export const surroundings = { budgets, vpc, customDomain };

interface Surrounded {
  readonly env: { readonly account: string; readonly region: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly alarms: { readonly emails: readonly string[] };
  readonly budgets?: z.output<typeof budgets>;
  readonly customDomain?: z.output<typeof customDomain>;
}

/** Contradictions between these settings and the rest of the configuration. */
export function surroundingProblems({
  env,
  tags,
  alarms,
  budgets: budget,
  customDomain: domain,
}: Surrounded): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const partition = partitionOf(env.region);
  const [, , , region, account] = domain?.certificateArn.split(':') ?? [];
  return [
    ...(budget !== undefined && partition !== undefined && partition !== 'aws'
      ? [{ path: ['budgets'], message: `AWS Budgets is not in the Regions of ${partition}; leave it out` }]
      : []),
    ...(budget !== undefined && budget.emails === undefined && alarms.emails.length === 0
      ? [{ path: ['budgets', 'emails'], message: 'nobody would be told; write an address here, or in alarms.emails' }]
      : []),
    ...(budget !== undefined && budget.emails === undefined && alarms.emails.length > 10
      ? [
          {
            path: ['budgets', 'emails'],
            message:
              'AWS Budgets tells ten addresses at most, and alarms.emails has more; write those who are to be told here',
          },
        ]
      : []),
    ...(budget?.onlyTag !== undefined && tags[budget.onlyTag] === undefined
      ? [{ path: ['budgets', 'onlyTag'], message: `"${budget.onlyTag}" is no key of tags; write one that is there` }]
      : []),
    ...(domain !== undefined && (region !== env.region || account !== env.account)
      ? [
          {
            path: ['customDomain', 'certificateArn'],
            message: `must be a certificate of account ${env.account} in ${env.region}, as env has them`,
          },
        ]
      : []),
  ];
}
