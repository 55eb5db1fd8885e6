import { createHmac } from 'node:crypto';

/**
 * The headers of a call from Slack: the timestamp in whole seconds and the v0 signature over the exact bytes of the
 * body.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function signedHeaders(options: {
  body: string;
  signingSecret: string;
  nowMs: number;
  contentType: string;
}): Record<string, string> {
  const { body, signingSecret, nowMs, contentType } = options;
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': contentType,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
  };
}
