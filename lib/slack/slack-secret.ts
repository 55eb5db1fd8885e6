import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { answerFinding } from '../hardening/answer-finding.ts';

/**
 * The Slack app's signing secret and bot token, `{ "signingSecret": "…", "botToken": "…" }`. An operator fills them in
 * after the deployment.
 *
 * Until then the signing secret is random and unknown. With a fixed placeholder from a public repository, anybody could
 * sign calls meanwhile.
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

  /** The command that fills in the secret. It reads the values from a file, so they stay out of the shell's history. */
  get fillCommand(): string {
    return `aws secretsmanager put-secret-value --secret-id ${this.secret.secretArn} --secret-string file://slack-secret.json`;
  }
}
