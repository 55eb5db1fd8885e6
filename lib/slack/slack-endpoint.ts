import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SLACK_ROUTES } from '../../slack/routes.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { keptLogGroup } from '../functions/kept-log-group.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { callsTurnedAway } from '../monitoring/turned-away.ts';

/**
 * Limits of each route in calls per second and in a burst: a flood on one route leaves the others reachable. A thousand
 * people pressing buttons stay far below. All limits together cannot use up the account's Lambda concurrency, which
 * revoke-access needs too.
 */
const THROTTLES: Readonly<
  Record<(typeof SLACK_ROUTES)[keyof typeof SLACK_ROUTES], { readonly perSecond: number; readonly atOnce: number }>
> = {
  // Buttons and forms. An incident may bring more than a hundred within a second, and Slack does not retry.
  '/slack/interactivity': { perSecond: 25, atOnce: 200 },
  '/slack/commands': { perSecond: 10, atOnce: 40 },
  // Slack calls after every few letters that a person types.
  '/slack/options': { perSecond: 20, atOnce: 40 },
  '/slack/events': { perSecond: 10, atOnce: 40 },
};

/** For a route without its own limits; there should be none. */
const OTHERWISE = { rateLimit: 5, burstLimit: 10 };

/** Name of the metric that counts calls that were throttled. */
const TURNED_AWAY = 'CallTurnedAway';

/** Access log fields: enough to find a call, and nothing of its content. No header, no body, no query. */
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
  /** The organization's own host name. @default - API Gateway's */
  readonly domain?: CheckedConfig['customDomain'];
}

/** The HTTP API that Slack calls: four POST routes, each with its own limits, and an access log. */
export class SlackEndpoint extends Construct {
  readonly api: HttpApi;
  /**
   * The address Slack calls, without a slash at the end: `https://….execute-api.<region>.amazonaws.com`, or your own
   * host name.
   */
  readonly url: string;
  /** What your own host name must point at, as an alias or CNAME. */
  readonly domainTarget?: string;
  /** Calls that were throttled. */
  readonly turnedAway: Metric;

  constructor(scope: Construct, id: string, { apiName, handler, logRetention, domain }: SlackEndpointProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName,
      description: 'Where Slack calls Glasshammer.',
      createDefaultStage: false,
    });
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`;
    const integration = new HttpLambdaIntegration('Answer', handler.function);
    const routes = Object.values(SLACK_ROUTES).flatMap((path) =>
      this.api.addRoutes({ path, methods: [HttpMethod.POST], integration }),
    );
    const logs = keptLogGroup(this, `/aws/vendedlogs/apigateway/${apiName}`, logRetention);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: OTHERWISE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      Object.values(SLACK_ROUTES).map((path) => {
        const { perSecond, atOnce } = THROTTLES[path];
        return [`POST ${path}`, { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: atOnce }];
      }),
    );
    // API Gateway refuses a stage whose settings name a route that does not exist yet.
    stage.node.addDependency(...routes);
    if (domain) {
      const named = new DomainName(this, 'Domain', {
        domainName: domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        securityPolicy: SecurityPolicy.TLS_1_2,
      });
      new ApiMapping(this, 'Mapping', { api: this.api, domainName: named, stage });
      this.domainTarget = named.regionalDomainName;
    }
    this.turnedAway = callsTurnedAway(this, logs, TURNED_AWAY);
    answerFinding(
      this.api,
      'APIG4',
      'Slack signs each call over its raw body, which an authorizer of an HTTP API is not given; access-requested checks the signature before anything else.',
    );
  }
}
