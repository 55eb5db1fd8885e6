import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { keptLogGroup } from '../functions/kept-log-group.ts';
import { callsTurnedAway } from '../monitoring/turned-away.ts';
import { POLICY_CHANGES, STAGE } from '../rights/door-policy.ts';

/** Limits in calls per second and in a burst: enough for people with open pages, each of which makes a few calls. */
const THROTTLE = { rateLimit: 50, burstLimit: 150 };

/** Name of the metric that counts calls that were throttled. */
const TURNED_AWAY = 'ConsoleCallTurnedAway';

/** Access log fields: enough to find a call, and nothing of its content. No header, no body, no query, no token. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  responseLatency: '$context.responseLatency',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

export interface BrowserDoorProps {
  readonly apiName: string;
  readonly logRetention: RetentionDays;
}

/**
 * The API of the web console. This HTTP API verifies the issuer, the audience and the expiry of each token before it
 * calls a function.
 */
export class BrowserDoor extends Construct {
  readonly api: HttpApi;
  /** Calls that ended with a 5xx error. */
  readonly failed: Metric;
  /** Calls that were throttled. */
  readonly turnedAway: Metric;

  constructor(scope: Construct, id: string, { apiName, logRetention }: BrowserDoorProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName,
      description: 'Where the web console calls Glasshammer, with the token of the person who signed in.',
      createDefaultStage: false,
    });
    const logs = keptLogGroup(this, `/aws/vendedlogs/apigateway/${apiName}`, logRetention);
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.failed = this.api.metricServerError({ statistic: 'Sum' });
    this.turnedAway = callsTurnedAway(this, logs, TURNED_AWAY);
  }

  /** Adds the routes. They accept only tokens of this issuer that were made for this client. */
  openTo(
    {
      handler,
      policyChanges,
    }: { readonly handler: AccessFunction; readonly policyChanges?: AccessFunction | undefined },
    issuer: string,
    clientId: string,
  ): void {
    const authorizer = new HttpJwtAuthorizer('SignedIn', issuer, { jwtAudience: [clientId] });
    const methods = [HttpMethod.GET, HttpMethod.POST];
    if (policyChanges !== undefined) {
      // API Gateway takes the most specific route.
      const integration = new HttpLambdaIntegration('ChangePolicies', policyChanges.function);
      const changes = `/${STAGE}/people/{userId}/${POLICY_CHANGES}`;
      for (const path of [changes, `${changes}/{proxy+}`])
        this.api.addRoutes({ path, methods, integration, authorizer });
    }
    this.api.addRoutes({
      path: `/${STAGE}/{proxy+}`,
      methods,
      integration: new HttpLambdaIntegration('Answer', handler.function),
      authorizer,
    });
  }
}
