import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { SO_FAR_READING_SECONDS } from '../../core/activity/report/so-far/so-far.ts';
import {
  ENVIRONMENT,
  type EnvironmentKey,
  FUNCTION_ENVIRONMENT,
  type FunctionName,
  SET_SOMETIMES,
} from '../../lambdas/shared/environment-names.ts';
import { taskInput } from '../../lambdas/shared/task-input.ts';
import { pascalCase } from '../../lib/functions/access-functions.ts';
import {
  DEPLOYED,
  flatten,
  only as onlyIn,
  type Resource,
  resources,
  sorted,
  statements,
  synthesize,
} from './synthesized.ts';

interface AslState {
  readonly TimeoutSeconds?: number | string;
  readonly Arguments?: { readonly FunctionName: string };
}

const workflow: { readonly States: Record<string, AslState> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../statemachines/access.asl.json'), 'utf8'),
);

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const only = (type: string, idPrefix?: string) => onlyIn(template, type, idPrefix);
const functionOf = (name: FunctionName) => only('AWS::Lambda::Function', `Functions${pascalCase(name)}Function`);

describe('the tables and logs', () => {
  test('no table can be lost with the stack, by a mistake or by a bad write', () => {
    const tables = resources(template, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(2);
    for (const [, { Properties, DeletionPolicy, UpdateReplacePolicy }] of tables) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
      expect(Properties.DeletionProtectionEnabled).toBe(true);
      expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(Properties.SSESpecification.SSEEnabled).toBe(true);
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(Properties.StreamSpecification.StreamViewType).toBe('NEW_AND_OLD_IMAGES');
      expect(Properties.KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
    }
  });

  test('requests that are due can be found by state and end, and old items expire', () => {
    const { Properties } = only('AWS::DynamoDB::Table', 'TablesRequests');
    expect(Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'by-state',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'endsAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'by-month',
        KeySchema: [
          { AttributeName: 'askedIn', KeyType: 'HASH' },
          { AttributeName: 'requestedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['state', 'breakGlass', 'review', 'find'],
        },
      },
    ]);
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
    expect(only('AWS::DynamoDB::Table', 'TablesAccess').Properties.TimeToLiveSpecification).toBeUndefined();
  });

  test('an update never replaces a table or a log, because their logical ids stay the same', () => {
    const ids = [...resources(template, 'AWS::DynamoDB::Table'), ...resources(template, 'AWS::Logs::LogGroup')].map(
      ([id]) => id,
    );
    expect(sorted(ids)).toEqual([
      'FunctionsAccessRecordsChangedLogsFD401E95',
      'FunctionsAccessRequestedLogsC7432144',
      'FunctionsAnnounceAccessLogs42C8EAC1',
      'FunctionsApiLogsB43A8217',
      'FunctionsAskForApprovalLogsB7B103D4',
      'FunctionsAuditToArchiveLogs946952C4',
      'FunctionsAuditToBusLogsFE4156C5',
      'FunctionsCheckAssignmentLogsD54346AC',
      'FunctionsCutSessionsLogsAB93EAE0',
      'FunctionsGrantAccessLogsAE6F2E8E',
      'FunctionsHoldAccessLogs29DBE6FE',
      'FunctionsReportOnAccessLogs72F9E67D',
      'FunctionsRevokeAccessLogs89403FBD',
      'FunctionsSweepAccessLogsD2EB62AB',
      'FunctionsTryAccessLogs51866BF0',
      'FunctionsWatchAssignmentsLogs61FE4898',
      'SlackEndpointLogsF21D71DE',
      'TablesAccessFC9D8B84',
      'TablesRequests3CA232D6',
      'WorkflowLogs8B0907C7',
    ]);
  });

  test('logs are kept as long as configured, and outlive the stack', () => {
    for (const [, { Properties, DeletionPolicy }] of resources(
      synthesize({ logRetentionDays: 30 }),
      'AWS::Logs::LogGroup',
    )) {
      expect(Properties.RetentionInDays).toBe(30);
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
      // CloudFormation adopts a kept log group only if its name is plain text.
      expect(typeof Properties.LogGroupName).toBe('string');
    }
  });
});

describe('the functions', () => {
  test('each runs on Node.js 24 on arm64, traced, with its own log', () => {
    expect(resources(template, 'AWS::Lambda::Function')).toHaveLength(DEPLOYED.length);
    for (const name of DEPLOYED) {
      const { Properties } = functionOf(name);
      expect(Properties).toMatchObject({
        FunctionName: `glasshammer-${name}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(flatten(Properties.LoggingConfig.LogGroup)).toContain(`Functions${pascalCase(name)}Logs`);
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });

  test('each has exactly the environment variables that it reads', () => {
    for (const name of DEPLOYED) {
      // This deployment has Slack and no console; every stack has a name and a version.
      const there: readonly EnvironmentKey[] = ['slackSecret', 'stack', 'version'];
      const set = (SET_SOMETIMES[name] ?? []).filter((key) => there.includes(key));
      const keys: readonly EnvironmentKey[] = [...FUNCTION_ENVIRONMENT[name], ...set];
      const { Variables } = functionOf(name).Properties.Environment;
      expect(sorted(Object.keys(Variables))).toEqual(sorted(keys.map((key) => ENVIRONMENT[key])));
    }
  });

  test('no secret is in an environment variable, only where to read it', () => {
    for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function')) {
      const secret = Properties.Environment.Variables[ENVIRONMENT.slackSecret];
      if (secret !== undefined) expect(flatten(secret)).toMatch(/^<SlackSecret\w+>$/);
    }
  });

  test('each times out before its caller does', () => {
    for (const name of DEPLOYED) {
      const waiting = Object.values(workflow.States)
        .filter((state) => state.Arguments?.FunctionName === `\${${pascalCase(name)}Function}`)
        .map((state) => state.TimeoutSeconds)
        .filter((seconds) => typeof seconds === 'number');
      const patience = Math.min(
        ...waiting,
        name === 'access-requested' || name === 'api' ? 29 : name === 'sweep-access' ? 300 : 900,
      );
      expect([name, functionOf(name).Properties.Timeout < patience]).toEqual([name, true]);
    }
  });
});

describe('the workflow', () => {
  const machine = () => only('AWS::StepFunctions::StateMachine').Properties;
  const placeholders = () =>
    sorted([...new Set([...JSON.stringify(workflow).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''))]);

  test('the deployed definition is the workflow file', () => {
    expect(JSON.parse(machine().DefinitionString)).toEqual(workflow);
  });

  test('every function that the file names exists, and the workflow may invoke exactly these', () => {
    expect(sorted(Object.keys(machine().DefinitionSubstitutions))).toEqual(placeholders());
    for (const [name, arn] of Object.entries(machine().DefinitionSubstitutions)) {
      expect(flatten(arn)).toMatch(new RegExp(`^<Functions${name}\\w+\\.Arn>$`));
    }
    const invoked = statements(template).filter((s) => s.actions.includes('lambda:InvokeFunction'));
    expect(sorted(invoked.map((s) => s.owner))).toEqual(['Workflow']);
    expect(sorted(invoked.find((s) => s.owner === 'Workflow')?.resources ?? [])).toEqual(
      sorted(Object.values(machine().DefinitionSubstitutions).map(flatten)),
    );
  });

  test('the activity so far is answered before the function times out', () => {
    const { Timeout } = only('AWS::Lambda::Function', 'FunctionsReportOnAccess').Properties;
    expect(Timeout).toBeGreaterThanOrEqual(SO_FAR_READING_SECONDS + 20);
  });

  test('the function that answers Slack may not invoke the one that reads activity and sends reports', () => {
    const calls = statements(template).filter((s) => s.actions.includes('lambda:InvokeFunction'));
    expect(calls.map((s) => s.owner)).not.toContain('AccessRequested');
    expect(calls.map((s) => s.owner)).not.toContain('Api');
  });

  test('every execution is logged and traced, and no task token is logged', () => {
    expect(machine().LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    expect(machine().TracingConfiguration).toEqual({ Enabled: true });
    expect(only('AWS::Logs::LogGroup', 'WorkflowLogs').Properties.LogGroupName).toBe(
      '/aws/vendedlogs/states/glasshammer-access',
    );
  });

  test('its role can be used by this workflow alone', () => {
    const [trust] = only('AWS::IAM::Role', 'WorkflowRole').Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Condition.ArnEquals['aws:SourceArn']).toBe(
      'arn:aws:states:eu-central-1:111122223333:stateMachine:glasshammer-access',
    );
  });

  test('the functions that start or wake it name the workflow that is deployed', () => {
    expect(machine().StateMachineName).toBe('glasshammer-access');
    const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:glasshammer-access';
    const starters = statements(template).filter((s) => s.actions.includes('states:StartExecution'));
    expect(sorted(starters.map((s) => s.owner))).toEqual([
      'AccessRequested',
      'Api',
      'RevokeAccess',
      'SweepAccess',
      'TryAccess',
      'WatchAssignments',
    ]);
    for (const starter of starters) expect(starter.resources).toEqual([arn]);
    const wakers = statements(template).filter((s) => s.actions.includes('states:SendTaskSuccess'));
    expect(sorted(wakers.map((s) => s.owner))).toEqual([
      'AccessRequested',
      'Api',
      'AskForApproval',
      // A request that joins an access wakes the workflow that holds it.
      'GrantAccess',
      'SweepAccess',
      'TryAccess',
      'WatchAssignments',
    ]);
    for (const waker of wakers) expect(waker.resources).toEqual([arn]);
  });
});

describe('what runs by itself', () => {
  const target = (rule: Resource) => rule.Properties.Targets[0];

  test('a workflow that failed, timed out or was aborted is sent to the revoke, with retries for a day', () => {
    const rule = only('AWS::Events::Rule', 'StoppedWorkflow');
    expect(rule.Properties.State).toBe('ENABLED');
    expect(rule.Properties.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: ['arn:aws:states:eu-central-1:111122223333:stateMachine:glasshammer-access'],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    });
    expect(flatten(target(rule).Arn)).toMatch(/^<FunctionsRevokeAccessFunction/);
    expect(target(rule).RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
    expect(target(rule).Input ?? target(rule).InputPath ?? target(rule).InputTransformer).toBeUndefined();
  });

  test('the sweep runs every five minutes', () => {
    const rule = only('AWS::Events::Rule', 'Sweep');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
    expect(flatten(target(rule).Arn)).toMatch(/^<FunctionsSweepAccessFunction/);
  });

  test('EventBridge may call what its rules name, and a queue keeps events that could not be handled', () => {
    for (const [prefix, crashed] of [
      ['StoppedWorkflow', 'StoppedWorkflow'],
      ['Sweep', 'Sweep'],
      ['AccessRecheck', 'AccessRecheck'],
      // One function makes both, and has one queue for what crashes: the one whose alarm cannot wait.
      ['ReviewReminders', 'AccessRecheck'],
    ] as const) {
      const rule = only('AWS::Events::Rule', prefix);
      const queue = flatten(target(rule).DeadLetterConfig.Arn);
      expect(queue).toMatch(new RegExp(`^<${prefix}DeadLetters`));
      const allowed = resources(template, 'AWS::Lambda::Permission').filter(
        ([, { Properties }]) =>
          Properties.Principal === 'events.amazonaws.com' &&
          flatten(Properties.FunctionName) === flatten(target(rule).Arn) &&
          flatten(Properties.SourceArn).startsWith(`<${prefix}Rule`),
      );
      expect(allowed).toHaveLength(1);
      const ofFunction = flatten(target(rule).Arn).replace('.Arn', '');
      const lost = resources(template, 'AWS::Lambda::EventInvokeConfig').filter(
        ([, { Properties }]) => flatten(Properties.FunctionName) === ofFunction,
      );
      expect(lost.map(([, { Properties }]) => flatten(Properties.DestinationConfig.OnFailure.Destination))).toEqual([
        expect.stringMatching(new RegExp(`^<${crashed}DeadLetters`)),
      ]);
    }
  });

  test('what justifies active access is checked every five minutes, and a lost check is kept in a queue', () => {
    const rule = only('AWS::Events::Rule', 'AccessRecheck');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
    expect(flatten(target(rule).Arn)).toMatch(/^<FunctionsAskForApprovalFunction/);
    expect(flatten(target(rule).DeadLetterConfig.Arn)).toMatch(/^<AccessRecheckDeadLetters/);
    expect(taskInput.approval.parse(JSON.parse(target(rule).Input))).toEqual({ recheckAccess: true });
  });

  test('reviews that are owed are looked up every hour', () => {
    const rule = only('AWS::Events::Rule', 'ReviewReminders');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
    expect(flatten(target(rule).Arn)).toMatch(/^<FunctionsAskForApprovalFunction/);
    expect(() => taskInput.approval.parse(JSON.parse(target(rule).Input))).not.toThrow();
  });

  test('dead letters are encrypted, kept for two weeks and sent over TLS only', () => {
    for (const [, { Properties }] of resources(template, 'AWS::SQS::Queue')) {
      expect(Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
    for (const [, { Properties }] of resources(template, 'AWS::SQS::QueuePolicy')) {
      expect(Properties.PolicyDocument.Statement[0]).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });
});

test('a changed record counts at once: a function reads the stream, and failed records go to a queue', () => {
  const { Properties, DependsOn } = only('AWS::Lambda::EventSourceMapping', 'AccessRecords');
  expect(flatten(Properties.EventSourceArn)).toMatch(/^<TablesAccess\w+\.StreamArn>$/);
  expect(Properties.BisectBatchOnFunctionError).toBe(true);
  expect(flatten(Properties.DestinationConfig.OnFailure.Destination)).toMatch(/^<AccessRecordsDeadLetters/);
  expect(DependsOn?.some((id) => id.startsWith('FunctionsAccessRecordsChangedRoleDefaultPolicy'))).toBe(true);
});
