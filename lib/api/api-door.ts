import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, type Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { type DoorPlace, doorPolicy, POLICY_CHANGES, STAGE } from '../rights/door-policy.ts';

/**
 * Calls a second, and at once, that get through: people at terminals, and what waits for an answer there. What is more cannot use up
 * the account's functions, which the revoke needs too.
 */
const THROTTLE = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };

export interface ApiDoorProps {
  readonly apiName: string;
  readonly handler: AccessFunction;
  /** Answers what is about changes of the policies. @default - nobody does */
  readonly policyChanges?: AccessFunction | undefined;
  readonly place: DoorPlace;
}

/**
 * The door for signed calls: a REST API, because only that has a resource policy, in which AWS holds the path against the user whose
 * session it is.
 */
export class ApiDoor extends Construct {
  /** `https://….execute-api.<region>.amazonaws.com/v1`, without a slash at the end. */
  readonly url: string;
  /** Calls that ended in an error of ours. */
  readonly failed: Metric;
  /** Calls that were refused: for whoever signed them, for what they ask, or because there were too many. */
  readonly refused: Metric;

  constructor(scope: Construct, id: string, { apiName, handler, policyChanges, place }: ApiDoorProps) {
    super(scope, id);
    const api = new RestApi(this, 'Api', {
      restApiName: apiName,
      description: 'Where people call Glasshammer with their Identity Center session.',
      endpointTypes: [EndpointType.REGIONAL],
      // A role for API Gateway's logs is a setting of the whole account, which is not this stack's to change.
      cloudWatchRole: false,
      policy: policyOf(place),
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
      defaultIntegration: new LambdaIntegration(handler.function),
      deployOptions: { stageName: STAGE, tracingEnabled: true, ...THROTTLE },
    });
    const person = api.root.addResource('people').addResource('{userId}');
    const rest = person.addResource('{proxy+}');
    const methods = [api.root.addResource('whoami').addMethod('GET'), rest.addMethod('GET'), rest.addMethod('POST')];
    if (policyChanges !== undefined) {
      // A path that is written out goes before the one that stands for all.
      const changes = person.addResource(POLICY_CHANGES);
      const integration = new LambdaIntegration(policyChanges.function);
      for (const resource of [changes, changes.addResource('{proxy+}')])
        methods.push(resource.addMethod('GET', integration), resource.addMethod('POST', integration));
    }
    this.url = `https://${api.restApiId}.execute-api.${place.region}.${Stack.of(this).urlSuffix}/${STAGE}`;
    this.failed = api.metricServerError({ statistic: 'Sum' });
    this.refused = api.metricClientError({ statistic: 'Sum' });
    answerFindings(api, methods);
  }
}

function policyOf(place: DoorPlace): PolicyDocument {
  return new PolicyDocument({
    statements: doorPolicy(place).map(
      ({ effect, resources, notResources, conditions }) =>
        new PolicyStatement({
          effect: effect === 'Allow' ? Effect.ALLOW : Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['execute-api:Invoke'],
          ...(resources && { resources: [...resources] }),
          ...(notResources && { notResources: [...notResources] }),
          ...(conditions && { conditions }),
        }),
    ),
  });
}

/** Answers the findings of cdk-nag where they arise. */
function answerFindings(api: RestApi, methods: readonly Method[]): void {
  answerFinding(api, 'APIG2', 'The function reads every body with a schema and says which field does not fit.');
  const logs = "API Gateway's log needs a role set for the whole account; the function logs each call that reaches it.";
  const stage = api.deploymentStage;
  answerFinding(stage, 'APIG1', logs);
  answerFinding(stage, 'APIG6', logs);
  answerFinding(
    stage,
    'APIG3',
    'Every call is signed, and admitted by a policy: docs/decisions/0021-no-firewall-before-the-api.md.',
  );
  for (const method of methods)
    answerFinding(
      method,
      'COG4',
      'Callers are AWS sessions of Identity Center, which IAM authorizes; there is no user pool.',
    );
}
