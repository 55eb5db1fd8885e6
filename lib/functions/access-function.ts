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
  /** JSON that is deployed as a file beside the code. @default - nothing */
  readonly settings?: string | undefined;
  readonly timeoutSeconds: number;
  /** Megabytes; Lambda gives processor time in proportion. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: readonly Right[];
  readonly logRetention: RetentionDays;
  /** Reserved concurrency. @default - none */
  readonly reservedConcurrency?: number | undefined;
  /** The VPC it runs in; `rights` must include what Lambda needs for it. @default - Lambda's own network */
  readonly vpc?: CheckedConfig['vpc'];
  /** Set where something outside the stack must know the role. @default - generated */
  readonly roleName?: string;
}

/**
 * A function with its own role, which has the given rights, may write its own log and send traces, and may do nothing
 * else.
 */
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
    // By ids: a VPC lookup would need AWS credentials at synthesis.
    if (props.vpc)
      (this.function.node.defaultChild as CfnFunction).vpcConfig = {
        subnetIds: [...props.vpc.subnetIds],
        securityGroupIds: [...props.vpc.securityGroupIds],
      };
  }

  /**
   * Sends asynchronous events that keep failing to the dead-letter queue, which has an alarm. EventBridge's retries end
   * when Lambda has the event in its own queue. From there Lambda runs a function that fails twice more, after one and
   * after two minutes, and a throttled one again until the event is too old.
   *
   * @param maxAgeSeconds how long Lambda keeps an event in its own queue; 60 seconds to 6 hours
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
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
    // When the destination is set, Lambda checks that the role may send to it.
    config.node.addDependency(this.role);
  }
}
