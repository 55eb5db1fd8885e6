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

/** What functions tell people by in Slack; `undefined` where there is none. @param timeoutMs as for `chat` */
export function chatIfAny(
  { slackSecret: secretArn, slackApi }: Partial<SlackNames>,
  timeoutMs: number,
): ReturnType<typeof chat> | undefined {
  return secretArn === undefined ? undefined : chat({ slackSecret: secretArn, slackApi }, timeoutMs);
}

/**
 * @param secret where the bot token comes from; shared, so that a function reads the secret once
 * @param timeoutMs how long one Slack call may take: short where a person waits for the answer
 */
export function chat(environment: SlackNames, timeoutMs: number, secret = slackSecret(environment)) {
  return createChat({
    secret,
    timeoutMs,
    apiUrl: environment.slackApi,
  });
}
