import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import type { DoctorPorts } from '../../core/doctor/ports.ts';

const secretSchema = z.object({ signingSecret: z.string(), botToken: z.string() });

/**
 * The generated value of the secret before somebody fills it in: 64 letters and digits. Slack's own secrets are 32
 * hexadecimal digits.
 */
const RANDOM = /^[A-Za-z0-9]{64}$/;

/** What the doctor asks Slack, with the token in the secret. Neither of the secret's values is ever shown. */
export function lookAtSlack(options: {
  readonly secrets: SecretsManagerClient;
  readonly secretArn: string;
  /** Base address of Slack's Web API, where it is not slack.com. */
  readonly apiUrl?: string;
  /** Signs a call as Slack would. @param timestamp seconds */
  readonly sign: (signingSecret: string, timestamp: number, body: string) => string;
  /** The time by the deployment's clock, not by this machine's. */
  readonly now: () => Promise<Date>;
}): Pick<DoctorPorts, 'slackSecret' | 'slackToken' | 'channel' | 'slackRoute'> {
  let kept: Promise<z.infer<typeof secretSchema> | undefined> | undefined;
  const secret = () => {
    kept ??= options.secrets
      .send(new GetSecretValueCommand({ SecretId: options.secretArn }))
      .then(({ SecretString }) => {
        const parsed = z.safeParse(secretSchema, jsonOf(SecretString));
        return parsed.success ? parsed.data : undefined;
      });
    return kept;
  };
  const web = async () =>
    new WebClient((await secret())?.botToken, {
      slackApiUrl: options.apiUrl,
      retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 100 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
      logger: SILENT,
    });

  return {
    async slackSecret() {
      const found = await secret();
      if (found === undefined) return 'unreadable';
      return RANDOM.test(found.signingSecret) ? 'random' : 'filled';
    },

    async slackToken() {
      try {
        const answer = await (await web()).auth.test();
        return {
          teamId: (answer.is_enterprise_install === true ? answer.enterprise_id : answer.team_id) ?? '',
          scopes: answer.response_metadata?.scopes ?? [],
        };
      } catch (error) {
        const refused = slackCode(error);
        if (refused === undefined) throw error;
        return { refused };
      }
    },

    async channel(id) {
      try {
        const { channel } = await (await web()).conversations.info({ channel: id });
        return { member: channel?.is_member === true, archived: channel?.is_archived === true };
      } catch (error) {
        if (slackCode(error) === 'channel_not_found') return undefined;
        throw error;
      }
    },

    async slackRoute(url) {
      const { signingSecret = '' } = (await secret()) ?? {};
      const timestamp = Math.floor((await options.now()).getTime() / 1000);
      const challenge = 'glasshammer-doctor';
      const body = JSON.stringify({ type: 'url_verification', challenge });
      try {
        const answer = await fetch(url, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            'x-slack-request-timestamp': String(timestamp),
            'x-slack-signature': options.sign(signingSecret, timestamp, body),
          },
          signal: AbortSignal.timeout(10_000),
        });
        if (answer.ok && (await answer.text()).includes(challenge)) return 'answers';
        return answer.status === 401 || answer.status === 403 ? 'refused' : 'nobody';
      } catch {
        return 'nobody';
      }
    },
  };
}

/** Slack's error code for a refusal; `undefined` if Slack did not answer. */
function slackCode(error: unknown): string | undefined {
  const { data } = error as { data?: { error?: unknown } };
  return typeof data?.error === 'string' ? data.error : undefined;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** The client would log what it sends; this keeps the token out of terminals. */
const nothing = (): void => undefined;
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => 'error' as never,
};
