import { join } from 'node:path';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { keptLogGroup } from '../functions/kept-log-group.ts';
import { STAGE } from '../rights/door-policy.ts';
import { BrowserDoor } from './browser-door.ts';
import { ConsoleSignIn } from './console-sign-in.ts';
import { ConsoleSite } from './console-site.ts';

export interface WebConsoleProps {
  readonly config: CheckedConfig;
  readonly settings: NonNullable<CheckedConfig['console']>;
  readonly prefix: string;
  /** Folder of the built code; its folder `console` holds the console's files. */
  readonly codeRoot: string;
  /** The function that answers calls of the API. */
  readonly handler: AccessFunction;
  /** The function that answers calls about policy changes. @default - none; no such calls are answered */
  readonly policyChanges?: AccessFunction | undefined;
  /** The functions that send messages about requests, each with a link to the request's page. */
  readonly notifiers: readonly AccessFunction[];
}

/** The web console: its pages, its sign-in, and the HTTP API that the pages call. */
export class WebConsole extends Construct {
  /** `https://…`, without a slash at the end. */
  readonly url: string;
  /** Name of the distribution; your own host name points at it. */
  readonly distributionName: string;
  /** Settings of the SAML application in Identity Center: the assertion consumer service URL, and the audience. */
  readonly assertionUrl: string;
  readonly audience: string;
  /** Calls that ended with a 5xx error. */
  readonly failed: Metric;
  /** Calls of the console that were throttled. */
  readonly turnedAway: Metric;

  constructor(
    scope: Construct,
    id: string,
    { config, settings, prefix, codeRoot, handler, policyChanges, notifiers }: WebConsoleProps,
  ) {
    super(scope, id);
    const { account, region } = config.env;
    const signIn = new ConsoleSignIn(this, 'SignIn', {
      poolName: `${prefix}-console`,
      prefix: settings.signInPrefix ?? `${prefix}-${account}`,
      region,
      samlMetadataUrl: settings.samlMetadataUrl,
    });
    const door = new BrowserDoor(this, 'Door', { apiName: `${prefix}-console`, logRetention: config.logRetentionDays });
    const site = new ConsoleSite(this, 'Site', {
      prefix,
      apiDomain: `${door.api.apiId}.execute-api.${region}.amazonaws.com`,
      signInUrl: signIn.url,
      domain: settings.domain,
    });
    const { userPoolClientId: clientId } = signIn.clientFor(site.url);
    door.openTo({ handler, policyChanges }, signIn.issuer, clientId);
    for (const { function: notifier } of notifiers) notifier.addEnvironment(ENVIRONMENT.consoleUrl, site.url);
    for (const answering of [handler, ...(policyChanges === undefined ? [] : [policyChanges])]) {
      answering.function.addEnvironment(ENVIRONMENT.consoleIssuer, signIn.issuer);
      answering.function.addEnvironment(ENVIRONMENT.consoleClient, clientId);
    }
    site.deploy(
      join(codeRoot, 'console'),
      {
        authorizeUrl: `${signIn.url}/oauth2/authorize`,
        tokenUrl: `${signIn.url}/oauth2/token`,
        logoutUrl: `${signIn.url}/logout`,
        clientId,
        portalUrl: config.portalUrl,
        api: `/${STAGE}`,
      },
      keptLogGroup(this, `/aws/lambda/${prefix}-console-files`, config.logRetentionDays),
    );
    this.url = site.url;
    this.distributionName = site.distribution.distributionDomainName;
    this.assertionUrl = signIn.assertionUrl;
    this.audience = signIn.audience;
    this.failed = door.failed;
    this.turnedAway = door.turnedAway;
  }
}
