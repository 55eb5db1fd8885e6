import * as z from 'zod';
import { accountId } from './shapes.ts';

const LOG_GROUP = /^arn:aws(?:-[a-z]+)*:logs:[a-z0-9-]+:\d{12}:log-group:[\w/.#-]{1,512}$/;

const source = z.enum(['lookup', 'logs'], { error: "write 'lookup' or 'logs'" });

/** Where activity is read from: the fields of `report` that say so. */
export const reportSource = {
  source: source.default('lookup'),
  sourceByAccount: z.record(accountId, source).default({}),
  logs: z
    .strictObject({
      logGroupArn: z
        .string({ error: 'write the ARN of the log group' })
        .transform((arn) => arn.replace(/:\*$/, ''))
        .pipe(
          z.string().regex(LOG_GROUP, {
            error:
              'write the ARN of a log group, like arn:aws:logs:eu-central-1:111122223333:log-group:organization-trail',
          }),
        ),
      roleArn: z
        .string()
        .regex(/^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, { error: 'write the ARN of a role' })
        .optional(),
    })
    .optional(),
};

type Source = z.output<typeof source>;

/** What of a checked configuration says where activity is read from. */
export interface ReportSource {
  readonly source: Source;
  readonly sourceByAccount: Readonly<Record<string, Source>>;
  readonly logs?: { readonly logGroupArn: string; readonly roleArn?: string | undefined } | undefined;
}

/** What does not fit together, each with the field of `report` it is about. */
export function sourceProblems(
  { source: chosen, sourceByAccount, logs }: ReportSource,
  ownAccount: string,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const used = [chosen, ...Object.values(sourceByAccount)].includes('logs');
  if (logs === undefined)
    return used
      ? [{ path: ['logs'], message: "an account is read from 'logs': write { logGroupArn } of the organization trail" }]
      : [];
  if (!used)
    return [{ path: ['logs'], message: "no account is read from it; set source, or sourceByAccount, to 'logs'" }];
  const [, , , , account] = logs.logGroupArn.split(':');
  if (account !== ownAccount && logs.roleArn === undefined)
    return [
      {
        path: ['logs', 'roleArn'],
        message: `the log group is in account ${account}: write a role there that may query it`,
      },
    ];
  if (logs.roleArn !== undefined && logs.roleArn.split(':')[4] !== account)
    return [{ path: ['logs', 'roleArn'], message: `must be a role of account ${account}, where the log group is` }];
  return [];
}
