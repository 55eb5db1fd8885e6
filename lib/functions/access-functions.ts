import { join } from 'node:path';
import { Construct } from 'constructs';
import {
  CHANGING_FUNCTIONS,
  ENVIRONMENT,
  type EnvironmentKey,
  FUNCTION_ENVIRONMENT,
  type FunctionName,
  SET_SOMETIMES,
  SETTINGS_FILE,
} from '../../lambdas/shared/environment-names.ts';
import type { AuditTargets } from '../audit/audit.ts';
import { EVENTS_PREFIX, LISTS_PREFIX } from '../audit/audit-archive.ts';
import { deployedFunctions, wantedBy } from '../config/deployed-functions.ts';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { settingsFrom } from '../config/settings-from-config.ts';
import { checkoutVersion } from '../config/version.ts';
import { functionRights } from '../rights/function-rights.ts';
import { vpcRights } from '../rights/vpc-rights.ts';
import type { SlackSecret } from '../slack/slack-secret.ts';
import type { Tables } from '../tables.ts';
import { AccessFunction } from './access-function.ts';

/**
 * Timeouts are shorter than the caller's. The workflow file has the timeouts of its tasks, and a test compares. Slack
 * waits only three seconds, but the function may take longer: after a cold start, a late first answer is better than
 * none.
 */
const SIZES: Record<FunctionName, { readonly timeoutSeconds: number; readonly memory: number; readonly what: string }> =
  {
    // Memory buys processor time, and Slack waits at most three seconds for the first answer.
    'access-requested': { timeoutSeconds: 10, memory: 1024, what: 'Answers Slack: buttons, forms, commands.' },
    api: { timeoutSeconds: 15, memory: 1024, what: 'Answers signed calls: asks, votes, ends.' },
    'ask-for-approval': { timeoutSeconds: 50, memory: 512, what: 'Asks approvers, reminds them.' },
    'grant-access': {
      timeoutSeconds: 50,
      memory: 512,
      what: 'Decides again, takes the lease, asks for the assignment.',
    },
    'check-assignment': { timeoutSeconds: 30, memory: 256, what: 'Asks Identity Center how a change is going.' },
    // Shorter than the workflow waits for its shortest announcement, so no message is sent after the workflow has gone
    // on.
    'announce-access': { timeoutSeconds: 14, memory: 512, what: 'Tells people what has become of a request.' },
    'hold-access': { timeoutSeconds: 20, memory: 256, what: 'Stores the token that ends access early.' },
    'revoke-access': { timeoutSeconds: 50, memory: 512, what: 'Takes access back.' },
    'cut-sessions': {
      timeoutSeconds: 50,
      memory: 512,
      what: 'Denies the sessions that were begun before an access ended.',
    },
    // The sweep starts every five minutes (300 seconds), so two sweeps never overlap.
    'sweep-access': {
      timeoutSeconds: 270,
      memory: 512,
      what: 'Ends every lease past its end, whatever became of its workflow.',
    },
    // A step of the full pass makes up to 300 calls, ten a second.
    'watch-assignments': {
      timeoutSeconds: 120,
      memory: 512,
      what: 'Hears of assignments made or removed by others, and looks for them.',
    },
    'report-on-access': { timeoutSeconds: 55, memory: 1024, what: 'Reports what was done with the access.' },
    'try-access': { timeoutSeconds: 50, memory: 512, what: 'Asks for access as the canary, looks at it, ends it.' },
    // It reads the whole directory and all accounts while an operator waits; API Gateway waits 29 seconds.
    'change-policies': { timeoutSeconds: 28, memory: 1024, what: 'Takes changes of the policies from two operators.' },
    'access-records-changed': { timeoutSeconds: 30, memory: 256, what: 'Notes that the access table has changed.' },
    'audit-to-bus': { timeoutSeconds: 60, memory: 256, what: 'Tells the event bus what has happened.' },
    'audit-to-archive': { timeoutSeconds: 60, memory: 256, what: 'Archives what has happened.' },
  };

export interface AccessFunctionsProps {
  readonly config: CheckedConfig;
  /** Folder with one folder of bundled code per function. */
  readonly codeRoot: string;
  readonly tables: Tables;
  /** Set where there is Slack. */
  readonly slackSecret?: SlackSecret | undefined;
  readonly auditTargets: AuditTargets;
}

/** Every function that the configuration needs, each with only its own environment variables and rights. */
export class AccessFunctions extends Construct {
  private readonly byName: ReadonlyMap<FunctionName, AccessFunction>;

  constructor(
    scope: Construct,
    id: string,
    { config, codeRoot, tables, slackSecret, auditTargets }: AccessFunctionsProps,
  ) {
    super(scope, id);
    const names = namesFor(config);
    const rights = functionRights(config, {
      accessTable: tables.access.tableArn,
      accessTableStream: tables.accessStreamArn,
      accessTableStreamsName: tables.accessStreamsName,
      requestTable: tables.requests.tableArn,
      slackSecret: slackSecret?.secret.secretArn,
      stateMachine: names.stateMachineArn,
      requestTableStream: tables.requestsStreamArn,
      requestTableStreamsName: tables.requestsStreamsName,
      auditBus: auditTargets.bus.eventBusArn,
      auditEvents: auditTargets.archive.bucket.arnForObjects(`${EVENTS_PREFIX}*`),
      auditEventsName: auditTargets.archive.nameOf(EVENTS_PREFIX),
      auditLists: auditTargets.archive.bucket.arnForObjects(`${LISTS_PREFIX}*`),
      auditListsName: auditTargets.archive.nameOf(LISTS_PREFIX),
    });
    const values: Partial<Record<EnvironmentKey, string | undefined>> = {
      accessTable: tables.access.tableName,
      requestTable: tables.requests.tableName,
      slackSecret: slackSecret?.secret.secretArn,
      stateMachine: names.stateMachineArn,
      instance: config.instanceArn,
      identityStore: config.identityStoreId,
      auditBus: auditTargets.bus.eventBusName,
      auditBucket: auditTargets.archive.bucket.bucketName,
      settings: SETTINGS_FILE,
      stack: config.stackName,
      version: checkoutVersion(),
    };
    const settings = JSON.stringify(settingsFrom(config));
    const { reservedConcurrency } = config;
    const reserved: Partial<Record<FunctionName, number | undefined>> = {
      'access-requested': reservedConcurrency.accessRequested,
      'revoke-access': reservedConcurrency.revokeAccess,
    };
    const roleNames: Partial<Record<FunctionName, string>> = {
      'report-on-access': names.reportRole,
      'cut-sessions': names.cutRole,
      ...names.changingRoles,
    };
    this.byName = new Map(
      deployedFunctions(wantedBy(config)).map((name) => {
        const { timeoutSeconds, memory, what } = SIZES[name];
        const environment = Object.fromEntries(
          [...FUNCTION_ENVIRONMENT[name], ...(SET_SOMETIMES[name] ?? [])].flatMap((key) => {
            const value = values[key];
            return value === undefined ? [] : [[ENVIRONMENT[key], value]];
          }),
        );
        const made = new AccessFunction(this, pascalCase(name), {
          functionName: `${names.prefix}-${name}`,
          description: what,
          codePath: join(codeRoot, name),
          settings: (FUNCTION_ENVIRONMENT[name] as readonly EnvironmentKey[]).includes('settings')
            ? settings
            : undefined,
          timeoutSeconds,
          memory,
          environment,
          rights: [...rights[name], ...vpcRights(config, `${names.prefix}-${name}`)],
          vpc: config.vpc,
          logRetention: config.logRetentionDays,
          reservedConcurrency: reserved[name],
          ...(roleNames[name] !== undefined && { roleName: roleNames[name] }),
        });
        return [name, made] as const;
      }),
    );
    const changing = CHANGING_FUNCTIONS.map((name) => this.get(name).role.roleArn);
    this.get('watch-assignments').function.addEnvironment(ENVIRONMENT.ownRoles, changing.join(','));
  }

  get(name: FunctionName): AccessFunction {
    const made = this.byName.get(name);
    if (!made) throw new Error(`there is no function ${name}`);
    return made;
  }

  /** The functions that read this optional environment variable. */
  reading(key: EnvironmentKey): readonly AccessFunction[] {
    return this.all().flatMap(([name, made]) => (SET_SOMETIMES[name]?.includes(key) === true ? [made] : []));
  }

  all(): readonly (readonly [FunctionName, AccessFunction])[] {
    return [...this.byName];
  }
}

/** `grant-access` -> `GrantAccess`: the form of construct ids and of the workflow file's placeholders. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
