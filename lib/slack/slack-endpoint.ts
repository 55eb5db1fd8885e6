import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SLACK_ROUTES } from '../../slack/routes.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { keptLogGroup } from '../functions/kept-log-group.ts';

/**
 * Calls a second, and at once, that get through. A thousand people pressing buttons stay far below; a flood costs little and
 * cannot use up the account's functions, which the revoke needs too.
 */
const CALLS_PER_SECOND = 20;
const CALLS_AT_ONCE = 40;

/** What is logged of a call: enough to find it and nothing of what it says. No header, no body, no query. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

export interface SlackEndpointProps {
  readonly apiName: string;
  readonly handler: AccessFunction;
  readonly logRetention: RetentionDays;
}

/** The only door to the outside: four POST routes, throttled and logged. */
export class SlackEndpoint extends Construct {
  readonly api: HttpApi;
  /** `https://….execute-api.<region>.amazonaws.com`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { apiName, handler, logRetention }: SlackEndpointProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName,
      description: 'Where Slack calls Glasshammer.',
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    const integration = new HttpLambdaIntegration('Answer', handler.function);
    for (const path of Object.values(SLACK_ROUTES))
      this.api.addRoutes({ path, methods: [HttpMethod.POST], integration });

    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: CALLS_PER_SECOND, burstLimit: CALLS_AT_ONCE },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          keptLogGroup(this, `/aws/vendedlogs/apigateway/${apiName}`, logRetention),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        'Slack signs each call over its raw body, which an authorizer of an HTTP API is not given; access-requested checks the signature before anything else.',
    });
  }
}
