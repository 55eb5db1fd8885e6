import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, type Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { type DoorPlace, doorPolicy, POLICY_CHANGES, STAGE } from '../rights/door-policy.ts';

/**
 * Limits of the API, in calls per second and in a burst: enough for people and scripts at terminals. Calls above the
 * limits never reach Lambda, so they cannot use up the account's concurrency, which revoke-access needs too.
 */
const THROTTLE = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };

export interface ApiDoorProps {
  readonly apiName: string;
  readonly handler: AccessFunction;
  /** The function that answers calls about policy changes. @default - none; no such calls are answered */
  readonly policyChanges?: AccessFunction | undefined;
  readonly place: DoorPlace;
}

/**
 * The API for signed calls. It is a REST API because only a REST API has a resource policy, and in that policy AWS
 * compares the path of a call with the user of its session.
 */
export class ApiDoor extends Construct {
  /** `https://….execute-api.<region>.amazonaws.com/v1`, without a slash at the end. */
  readonly url: string;
  /** Calls that ended with a 5xx error. */
  readonly failed: Metric;
  /** Calls that ended with a 4xx error: the caller or the request was refused, or there were too many calls. */
  readonly refused: Metric;

  constructor(scope: Construct, id: string, { apiName, handler, policyChanges, place }: ApiDoorProps) {
    super(scope, id);
    const api = new RestApi(this, 'Api', {
      restApiName: apiName,
      description: 'Where people call Glasshammer with their Identity Center session.',
      endpointTypes: [EndpointType.REGIONAL],
      // The role for API Gateway's logs is a setting of the whole account, so this stack does not change it.
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
      // API Gateway prefers a literal path to `{proxy+}`.
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
