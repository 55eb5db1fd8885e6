import { createHmac } from 'node:crypto';

/** How a call differs from what Slack would send. */
export interface Signing {
  secret?: string;
  /** Seconds to add to the time that is signed. */
  skewSeconds?: number;
  contentType?: string;
  headers?: Record<string, string>;
}

/** The headers with which Slack sends a body. @param now ISO 8601 */
export function signedHeaders(body: string, now: string, signing: Signing): Record<string, string> {
  const { secret = 'sandbox-signing-secret', skewSeconds = 0, contentType, headers = {} } = signing;
  const seconds = Math.floor(new Date(now).getTime() / 1000) + skewSeconds;
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    'content-type': contentType ?? 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${signature}`,
    ...headers,
  };
}
