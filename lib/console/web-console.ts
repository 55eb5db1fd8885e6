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
  /** Folder with one folder of built files for the console. */
  readonly codeRoot: string;
  /** The function of the API. */
  readonly handler: AccessFunction;
  /** Answers what is about changes of the policies. @default - nobody does */
  readonly policyChanges?: AccessFunction | undefined;
  /** The functions that tell people of requests, each with a link to its page. */
  readonly tellers: readonly AccessFunction[];
}

/** The web console: its pages, the sign-in before it, and the door by which it calls the API. */
export class WebConsole extends Construct {
  /** `https://…`, without a slash at the end. */
  readonly url: string;
  /** Name of the distribution, for an address of one's own to point at. */
  readonly distributionName: string;
  /** What the application of Identity Center is told: where assertions go, and for whom they are. */
  readonly assertionUrl: string;
  readonly audience: string;
  /** Calls that ended in an error of ours. */
  readonly failed: Metric;
  /** Calls of it that were turned away because there were too many. */
  readonly turnedAway: Metric;

  constructor(
    scope: Construct,
    id: string,
    { config, settings, prefix, codeRoot, handler, policyChanges, tellers }: WebConsoleProps,
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
    for (const { function: teller } of tellers) teller.addEnvironment(ENVIRONMENT.consoleUrl, site.url);
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
