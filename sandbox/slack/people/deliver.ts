import { LIMITS } from '../checks/limits.ts';
import type { Workspace } from '../workspace.ts';
import { signedHeaders } from './sign.ts';

/** The app's routes for calls from Slack: `/slack/<route>`. */
export type Route = 'interactivity' | 'commands' | 'options' | 'events';

/** Posts a signed call to the app. A rejection counts as no answer. */
export type Deliver = (
  route: Route,
  body: string,
  headers: Record<string, string>,
) => Promise<{ status: number; headers: Record<string, string>; body: string }>;

/** The outcome of an interaction, as the person saw it. */
export interface Outcome {
  /** Did the app answer with a 2xx within three seconds? */
  delivered: boolean;
  /** The HTTP status of the app's answer; 0 when it did not answer or was not called. */
  status: number;
  /** The failure the person saw; absent if there was none. */
  problem?: string;
  /** Error messages below the fields of a form, by block id. */
  errors?: Record<string, string>;
}

/** The app's answer, or the outcome where there was none that Slack accepts. */
export type Answer = { taken: true; status: number; body: string } | { taken: false; outcome: Outcome };

/** Delivers signed calls from Slack to the app and limits the answer to three seconds. */
export class Courier {
  readonly #deliver: Deliver;
  readonly #signingSecret: string;

  constructor(options: { deliver: Deliver; signingSecret: string }) {
    this.#deliver = options.deliver;
    this.#signingSecret = options.signingSecret;
  }

  /** Delivers an interaction as a form: `payload=<JSON>`. */
  interaction(workspace: Workspace, route: 'interactivity' | 'options', payload: unknown, who: Who): Promise<Answer> {
    return this.form(workspace, route, { payload: JSON.stringify(payload) }, who);
  }

  /** Delivers form fields. */
  form(workspace: Workspace, route: Route, fields: Record<string, string>, who: Who): Promise<Answer> {
    return this.#send(
      workspace,
      route,
      new URLSearchParams(fields).toString(),
      'application/x-www-form-urlencoded',
      who,
    );
  }

  /**
   * Delivers an event. Slack delivers an event again if the app did not accept it, the first time almost at once. The
   * later retries, after one minute and after five, are not emulated.
   */
  async event(workspace: Workspace, event: unknown, who: Who): Promise<Answer> {
    const body = JSON.stringify(event);
    const first = await this.#send(workspace, 'events', body, 'application/json', who);
    if (first.taken) return first;
    const reason = first.outcome.status >= 300 ? 'http_error' : 'http_timeout';
    return this.#send(workspace, 'events', body, 'application/json', who, {
      'x-slack-retry-num': '1',
      'x-slack-retry-reason': reason,
    });
  }

  async #send(
    workspace: Workspace,
    route: Route,
    body: string,
    contentType: string,
    who: Who,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const startMs = workspace.nowMs();
    const headers = {
      ...signedHeaders({ body, signingSecret: this.#signingSecret, nowMs: startMs, contentType }),
      ...extra,
    };
    // Whatever the failure was, Slack shows the person only that the app did not respond.
    const answer = await this.#deliver(route, body, headers).catch(() => ({ status: 0, headers: {}, body: '' }));
    const late = workspace.nowMs() - startMs > workspace.stretched(LIMITS.answerMs);
    const taken = answer.status >= 200 && answer.status < 300;
    if (taken && !late) return { taken: true, status: answer.status, body: answer.body };
    const problem =
      late || answer.status === 0
        ? 'operation_timeout: the app did not answer in time'
        : 'operation failed: the app answered an error';
    workspace.fail({ ...who, status: answer.status, problem });
    return { taken: false, outcome: { delivered: false, status: answer.status, problem } };
  }
}

/** Who did what, for the record of failures. */
export interface Who {
  user: string;
  doing: string;
}
