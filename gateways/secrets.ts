import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { Now } from '../core/access/ports.ts';
import { ConfigurationError } from '../core/model/errors.ts';

const slackSecretSchema = z.object({
  signingSecret: z.string().check(z.minLength(1)),
  botToken: z.string().check(z.minLength(1)),
});

export type SlackSecret = z.infer<typeof slackSecretSchema>;

/** A rotated secret is picked up after at most this long. Milliseconds. */
const KEEP_MS = 5 * 60_000;

/**
 * The Slack signing secret and bot token, read from Secrets Manager and kept in memory for five minutes.
 *
 * @throws ConfigurationError if the secret does not have the two fields; its content is never part of the message
 */
export function createSlackSecret(options: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly now: Now;
}): () => Promise<SlackSecret> {
  let kept: { readonly at: number; readonly secret: SlackSecret } | undefined;
  return async () => {
    const now = options.now().getTime();
    if (kept !== undefined && now - kept.at >= 0 && now - kept.at < KEEP_MS) return kept.secret;
    const answer = await options.client.send(new GetSecretValueCommand({ SecretId: options.secretArn }));
    kept = { at: now, secret: parse(answer.SecretString) };
    return kept.secret;
  };
}

function parse(text: string | undefined): SlackSecret {
  let json: unknown;
  try {
    json = JSON.parse(text ?? '');
  } catch {
    throw new ConfigurationError('the Slack secret is not JSON; it must be {"signingSecret": "…", "botToken": "…"}');
  }
  const parsed = z.safeParse(slackSecretSchema, json);
  if (!parsed.success) {
    throw new ConfigurationError('the Slack secret must have the fields signingSecret and botToken');
  }
  return parsed.data;
}
