import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { FUNCTION_NAMES, type FunctionName } from '../../lambdas/shared/environment-names.ts';
import { type AccessFunctions, pascalCase } from '../functions/access-functions.ts';
import { keptLogGroup } from '../functions/kept-log-group.ts';
import { explainWildcard, grantRights } from '../rights/rights.ts';

export interface AccessWorkflowProps {
  readonly stateMachineName: string;
  /** The state machine's ARN, known in advance because its name is fixed. */
  readonly stateMachineArn: string;
  readonly functions: AccessFunctions;
  /** Path of the workflow file. */
  readonly definitionPath: string;
  readonly logRetention: RetentionDays;
}

/**
 * The workflow of one request, from `statemachines/access.asl.json`, the same file that the sandbox and the tests run.
 */
export class AccessWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: AccessWorkflowProps) {
    super(scope, id);
    // Without white space the file is a third shorter; as a string, its changes show in `cdk diff`.
    const written = JSON.stringify(JSON.parse(readFileSync(props.definitionPath, 'utf8')));
    // The file names Step Functions' service integrations in the partition `aws`; GovCloud has its own partition.
    const [, partition] = props.stateMachineArn.split(':');
    const definition = written.replaceAll('"arn:aws:states:::', `"arn:${partition}:states:::`);
    const called = functionsIn(definition).map((name) => [name, props.functions.get(name).function] as const);

    const role = new Role(this, 'Role', {
      // Only this state machine may use the role, so nobody can use it in another one.
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnEquals: { 'aws:SourceArn': props.stateMachineArn },
        },
      }),
      description: `${props.stateMachineName}: invokes the functions its file names`,
    });
    grantRights(role, [{ actions: ['lambda:InvokeFunction'], resources: called.map(([, made]) => made.functionArn) }]);
    explainWildcard(
      role,
      '*',
      'Log delivery and X-Ray have no resources to name; Step Functions asks for exactly these actions to log and trace.',
    );

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: props.stateMachineName,
      role,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(called.map(([name, made]) => [placeholder(name), made.functionArn])),
      tracingEnabled: true,
      logs: {
        // Step Functions puts log groups with any other prefix into a resource policy of limited size.
        destination: keptLogGroup(this, `/aws/vendedlogs/states/${props.stateMachineName}`, props.logRetention),
        level: LogLevel.ALL,
        // Execution data includes task tokens, and a task token can end a request's wait.
        includeExecutionData: false,
      },
    });
  }
}

function placeholder(name: FunctionName): string {
  return `${pascalCase(name)}Function`;
}

/** The functions that a workflow file names as `${…Function}`. Synthesis fails for an unknown name. */
function functionsIn(definition: string): FunctionName[] {
  const names = new Set([...definition.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? ''));
  return [...names].map((wanted) => {
    const name = FUNCTION_NAMES.find((candidate) => placeholder(candidate) === wanted);
    if (!name) throw new Error(`the workflow file names \${${wanted}}, and there is no such function`);
    return name;
  });
}
