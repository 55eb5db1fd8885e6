import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnEventInvokeConfig,
  type CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { explainWildcard, grantRights, type Right } from '../rights/rights.ts';
import { codeWithSettings } from './code-with-settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import { keptLogGroup } from './kept-log-group.ts';

export interface AccessFunctionProps {
  readonly functionName: string;
  readonly description: string;
  /** Folder with the bundled `index.mjs`. */
  readonly codePath: string;
  /** What goes beside it as a file, as JSON. @default - nothing */
  readonly settings?: string | undefined;
  readonly timeoutSeconds: number;
  /** Megabytes; processor time comes with it. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: readonly Right[];
  readonly logRetention: RetentionDays;
  /** Invocations at once that are kept for it. @default - none */
  readonly reservedConcurrency?: number | undefined;
  /** Where it runs; its rights are among `rights`. @default - Lambda's own network */
  readonly vpc?: CheckedConfig['vpc'];
  /** Only where somebody outside the stack must know the role. @default - generated */
  readonly roleName?: string;
}

/** A function with a role of its own, which may do what `rights` says, write its own log and trace itself, and nothing else. */
export class AccessFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: AccessFunctionProps) {
    super(scope, id);
    this.logs = keptLogGroup(this, `/aws/lambda/${props.functionName}`, props.logRetention);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${props.functionName}: exactly what this function does`,
      ...(props.roleName && { roleName: props.roleName }),
    });
    grantRights(this.role, [
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logs.logGroupArn] },
      ...props.rights,
    ]);
    explainWildcard(this.role, '*', 'X-Ray has no resources to name: xray:PutTraceSegments and PutTelemetryRecords.');
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeWithSettings(props.codePath, props.settings),
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memory,
      environment: { ...props.environment },
      role: this.role,
      logGroup: this.logs,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    // By ids: looking a VPC up would need credentials to synthesize.
    if (props.vpc)
      (this.function.node.defaultChild as CfnFunction).vpcConfig = {
        subnetIds: [...props.vpc.subnetIds],
        securityGroupIds: [...props.vpc.securityGroupIds],
      };
  }

  /**
   * What happens when an event that nobody waits for keeps failing: it goes to the dead letters, where an alarm finds it.
   *
   * @param maxAgeSeconds 60 seconds to 6 hours; how old an event may become in Lambda's own queue
   */
  catchLostEvents(deadLetters: DeadLetters, maxAgeSeconds: number): void {
    grantRights(this.role, [{ actions: ['sqs:SendMessage'], resources: [deadLetters.queue.queueArn] }]);
    const config = new CfnEventInvokeConfig(this, 'LostEvents', {
      functionName: this.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: maxAgeSeconds,
      destinationConfig: { onFailure: { destination: deadLetters.queue.queueArn } },
    });
    // Lambda checks the role's right to send when the destination is set.
    config.node.addDependency(this.role);
  }
}
