import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { answerFinding } from '../hardening/answer-finding.ts';

/**
 * The app's signing secret and bot token, `{ "signingSecret": "…", "botToken": "…" }`, filled in by hand after the deployment.
 *
 * Until then the signing secret is a random value that nobody has seen. A placeholder from a public repository would let anybody
 * sign calls in the meantime.
 */
export class SlackSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Slack app of Glasshammer: signingSecret and botToken. Filled in by hand; see docs/deploy.md.',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ botToken: 'not filled in yet' }),
        generateStringKey: 'signingSecret',
        excludePunctuation: true,
        passwordLength: 64,
      },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    answerFinding(
      this.secret,
      'SMG4',
      'Slack gives out both values and has no interface to rotate the signing secret; docs/deploy.md says how to by hand.',
    );
  }

  /** What an operator runs to fill the secret in: the values are read from a file, so they stay out of the shell's history. */
  get fillCommand(): string {
    return `aws secretsmanager put-secret-value --secret-id ${this.secret.secretArn} --secret-string file://slack-secret.json`;
  }
}
