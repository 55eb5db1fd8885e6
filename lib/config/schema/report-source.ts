import * as z from 'zod';
import { accountId } from './shapes.ts';

const LOG_GROUP = /^arn:aws(?:-[a-z]+)*:logs:[a-z0-9-]+:\d{12}:log-group:[\w/.#-]{1,512}$/;

const source = z.enum(['lookup', 'logs', 'athena'], { error: "write 'lookup', 'logs' or 'athena'" });

const roleArn = z
  .string({ error: 'write the ARN of a role' })
  .regex(/^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, { error: 'write the ARN of a role' });

/** A database or table name that Glue accepts and that needs no quoting in a query. */
const tableName = z.string().regex(/^[a-z0-9_]{1,128}$/, { error: 'write a name of lower-case letters, digits and _' });

/** The fields of `report` that say where activity is read from. */
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
      roleArn: roleArn.optional(),
    })
    .optional(),
  athena: z
    .strictObject({
      roleArn,
      region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'write a Region, like eu-central-1' }),
      database: tableName,
      table: tableName,
      workgroup: z.string().regex(/^[\w.-]{1,128}$/, { error: 'write the name of a workgroup' }),
    })
    .optional(),
};

type Source = z.output<typeof source>;

/** Those fields of a checked configuration. */
export interface ReportSource {
  readonly source: Source;
  readonly sourceByAccount: Readonly<Record<string, Source>>;
  readonly logs?: { readonly logGroupArn: string; readonly roleArn?: string | undefined } | undefined;
  readonly athena?: z.output<typeof reportSource.athena>;
}

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Contradictions between these fields, each with its field of `report`. */
export function sourceProblems(report: ReportSource, ownAccount: string): readonly Problem[] {
  return [...logsProblems(report, ownAccount), ...athenaProblems(report)];
}

function isUsed({ source: chosen, sourceByAccount }: ReportSource, wanted: Source): boolean {
  return [chosen, ...Object.values(sourceByAccount)].includes(wanted);
}

function athenaProblems(report: ReportSource): readonly Problem[] {
  const used = isUsed(report, 'athena');
  if (used === (report.athena !== undefined)) return [];
  const message = used
    ? "an account is read from 'athena': write { roleArn, region, database, table, workgroup } of the organization trail’s table"
    : "no account is read from it; set source, or sourceByAccount, to 'athena'";
  return [{ path: ['athena'], message }];
}

function logsProblems(report: ReportSource, ownAccount: string): readonly Problem[] {
  const { logs } = report;
  const used = isUsed(report, 'logs');
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
