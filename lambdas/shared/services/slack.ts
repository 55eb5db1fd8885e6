import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSlackSecret } from '../../../gateways/secrets.ts';
import { createChat } from '../../../gateways/slack/chat.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';

interface SlackNames {
  readonly slackSecret: string;
  readonly slackApi?: string;
}

export function slackSecret(environment: SlackNames) {
  return createSlackSecret({
    client: new SecretsManagerClient(AWS_CALLS),
    secretArn: environment.slackSecret,
    now: systemNow,
  });
}

/**
 * The Slack client of a function that tells people things; `undefined` without Slack.
 *
 * @param timeoutMs as for `chat`
 */
export function chatIfAny(
  { slackSecret: secretArn, slackApi }: Partial<SlackNames>,
  timeoutMs: number,
): ReturnType<typeof chat> | undefined {
  return secretArn === undefined ? undefined : chat({ slackSecret: secretArn, slackApi }, timeoutMs);
}

/**
 * @param secret source of the bot token; shared, so that a function reads the secret once
 * @param timeoutMs how long one Slack call may take: short if a person waits for the answer
 */
export function chat(environment: SlackNames, timeoutMs: number, secret = slackSecret(environment)) {
  return createChat({
    secret,
    timeoutMs,
    apiUrl: environment.slackApi,
  });
}
