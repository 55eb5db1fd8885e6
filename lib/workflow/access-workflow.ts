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
  /** Its ARN, which is known beforehand because the name is. */
  readonly stateMachineArn: string;
  readonly functions: AccessFunctions;
  /** The workflow file. */
  readonly definitionPath: string;
  readonly logRetention: RetentionDays;
}

/** The life of one request, from `statemachines/access.asl.json`: the very file that runs everywhere else. */
export class AccessWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: AccessWorkflowProps) {
    super(scope, id);
    // Without its white space, the file is a third shorter; as a string, a change of it shows in `cdk diff`.
    const written = JSON.stringify(JSON.parse(readFileSync(props.definitionPath, 'utf8')));
    // The file names Step Functions' integrations as they are called in most Regions; GovCloud has its own.
    const [, partition] = props.stateMachineArn.split(':');
    const definition = written.replaceAll('"arn:aws:states:::', `"arn:${partition}:states:::`);
    const called = functionsIn(definition).map((name) => [name, props.functions.get(name).function] as const);

    const role = new Role(this, 'Role', {
      // For our own workflow only, so that nobody makes Step Functions use this role for another one.
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
        // Step Functions caps the resource policy of log groups under any other prefix.
        destination: keptLogGroup(this, `/aws/vendedlogs/states/${props.stateMachineName}`, props.logRetention),
        level: LogLevel.ALL,
        // Execution data holds task tokens, and a task token ends somebody's wait.
        includeExecutionData: false,
      },
    });
  }
}

function placeholder(name: FunctionName): string {
  return `${pascalCase(name)}Function`;
}

/** The functions a workflow file names, by `${…Function}`. A name that belongs to no function fails the synthesis. */
function functionsIn(definition: string): FunctionName[] {
  const names = new Set([...definition.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? ''));
  return [...names].map((wanted) => {
    const name = FUNCTION_NAMES.find((candidate) => placeholder(candidate) === wanted);
    if (!name) throw new Error(`the workflow file names \${${wanted}}, and there is no such function`);
    return name;
  });
}
