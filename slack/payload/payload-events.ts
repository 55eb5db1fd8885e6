import * as z from 'zod/mini';
import { type BadCall, bad, type SlackCall } from '../call.ts';
import { absentId, absentText, slackId } from './payload-fields.ts';

const verification = z.object({ challenge: z.string().check(z.minLength(1), z.maxLength(2000)) });

const eventCallback = z.object({
  team_id: absentId,
  enterprise_id: absentId,
  api_app_id: absentText,
  event: z.object({ type: z.string() }),
});

const homeOpened = z.object({ event: z.object({ user: slackId, tab: absentText }) });

/**
 * Parses a call of the Events API. Events that need no action are returned as well: they must be answered, or Slack
 * sends them again.
 */
export function parseEvent(body: unknown): SlackCall | BadCall {
  const type = z.object({ type: z.string() }).safeParse(body);
  if (!type.success) return bad(400, 'The body has no type.');
  switch (type.data.type) {
    case 'url_verification': {
      const parsed = verification.safeParse(body);
      return parsed.success
        ? { kind: 'url-verification', challenge: parsed.data.challenge }
        : bad(400, 'The body is not a complete url_verification.');
    }
    case 'event_callback':
      return parseCallback(body);
    case 'app_rate_limited':
      return { kind: 'ignored-event', eventType: 'app_rate_limited' };
    default:
      return bad(400, `This address does not know events of type ${JSON.stringify(type.data.type.slice(0, 60))}.`);
  }
}

function parseCallback(body: unknown): SlackCall | BadCall {
  const callback = eventCallback.safeParse(body);
  if (!callback.success) return bad(400, 'The body is not a complete event_callback.');
  const { event, team_id, enterprise_id, api_app_id } = callback.data;
  if (event.type !== 'app_home_opened') return { kind: 'ignored-event', eventType: event.type };
  const opened = homeOpened.safeParse(body);
  if (!opened.success) return bad(400, 'The body is not a complete app_home_opened.');
  return {
    kind: 'app-home-opened',
    caller: {
      slackId: opened.data.event.user,
      teamId: team_id ?? enterprise_id ?? '',
      ...(enterprise_id && { enterpriseId: enterprise_id }),
    },
    appId: api_app_id,
    tab: opened.data.event.tab ?? 'home',
  };
}
