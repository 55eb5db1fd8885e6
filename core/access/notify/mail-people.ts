import type { Mail } from '../../activity/ports.ts';
import type { Directory } from '../../model/directory.ts';
import { happen } from '../../model/events.ts';
import { ALL_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Now, RequestStore } from '../ports.ts';
import { isOutcome } from './status-messages.ts';

/** The kind of a mail: `outcome`, `warning` and `question` go to the requester, others to approvers and reviewers. */
export type MailKind =
  | 'approval'
  | 'reminder'
  | 'glass'
  | 'review'
  | 'review-reminder'
  | 'outcome'
  | 'warning'
  | 'question'
  | 'answer';

/** The people who got this mail, now or before, by principal id. */
export interface Mailed {
  readonly mailed: readonly string[];
  /** The first error of the mail service, after everybody was tried. */
  readonly failure?: unknown;
}

/** Sends mails to people about a request. */
export interface PeopleMailer {
  /**
   * Writes to each of these people once on this occasion, and notes it in the history of the request. Never throws:
   * mails come beside Slack messages, which must not fail with them.
   *
   * @param occasion which occasion of the kind it is, such as the state that is reported
   */
  once(request: AccessRequest, kind: MailKind, principalIds: readonly string[], occasion?: string): Promise<Mailed>;
}

export interface MailPeopleServices {
  readonly requests: Pick<RequestStore, 'change'>;
  readonly directory: Pick<Directory, 'user'>;
  readonly now: Now;
  /** @throws MailRefusedError when the mail service refuses this address; other errors as they come */
  send(to: string, mail: Mail): Promise<void>;
  render(request: AccessRequest, kind: MailKind): Mail;
  /** Called for a person without an address, or whose address the mail service refuses. */
  onUnreachable(principalId: string, error?: unknown): void;
}

/** The mail service refuses this address, and will refuse it every time. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}

/** The most people written to on one occasion; others can look at the request's page. */
const MOST_MAILED = 50;
/** Mails sent concurrently. If the function dies before it notes them, they are sent once more. */
const AT_ONCE = 10;

/** The notes of the `mailed` events. */
const ABOUT: Readonly<Record<MailKind, string>> = {
  approval: 'asked to decide',
  reminder: 'reminded to decide',
  glass: 'told that the glass was broken',
  review: 'asked for the review',
  'review-reminder': 'reminded of the review',
  outcome: 'told what has become of it',
  warning: 'warned of the end',
  question: 'asked to answer the reviewer',
  answer: 'told the answer to their question',
};

/** Does a mail of this kind go to the requester, and not to approvers or reviewers? */
export function isToRequester(kind: MailKind): boolean {
  return kind === 'outcome' || kind === 'warning' || kind === 'question';
}

function keyOf(kind: MailKind, occasion: string, principalId: string): string {
  return `${kind}:${occasion.replaceAll(':', '')}:${principalId}`;
}

/** The people who got a mail of this kind. Principal ids. */
export function mailedAbout({ mailed = [] }: Pick<AccessRequest, 'mailed'>, kind: MailKind): readonly string[] {
  const ids = mailed.flatMap((key) => {
    const [is, , ...id] = key.split(':');
    return is === kind ? [id.join(':')] : [];
  });
  return [...new Set(ids)];
}

/**
 * A mail is sent first and noted afterwards: a second copy does no harm, but a mail that was noted and not sent would
 * be lost. A mail only asks its reader to look at the request; nothing is decided by it.
 */
export function createPeopleMailer(services: MailPeopleServices): PeopleMailer {
  async function reach(request: AccessRequest, kind: MailKind, principalId: string): Promise<string | undefined> {
    const user = await services.directory.user(principalId);
    // A disabled user cannot sign in and may have left the company, so the request is not sent to them.
    if (user?.enabled === false) return undefined;
    const to = user?.email ?? '';
    if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(to)) {
      services.onUnreachable(principalId);
      return undefined;
    }
    try {
      await services.send(to, services.render(request, kind));
      return principalId;
    } catch (error) {
      if (!(error instanceof MailRefusedError)) throw error;
      services.onUnreachable(principalId, error);
      return undefined;
    }
  }

  async function writeTo(
    request: AccessRequest,
    { kind, occasion, part }: { readonly kind: MailKind; readonly occasion: string; readonly part: readonly string[] },
  ): Promise<Mailed> {
    const results = await Promise.allSettled(part.map((id) => reach(request, kind, id)));
    const mailed = results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
    const failed = results.find((result) => result.status === 'rejected');
    if (mailed.length > 0)
      await services.requests.change(request.id, {
        from: ALL_STATES,
        mailed: mailed.map((id) => keyOf(kind, occasion, id)),
        event: happen('mailed', services.now().toISOString(), {
          note: ABOUT[kind],
          ...(isToRequester(kind) ? {} : { approvers: mailed }),
        }),
      });
    return { mailed, ...(failed === undefined ? {} : { failure: failed.reason }) };
  }

  return {
    async once(request, kind, principalIds, occasion = '') {
      // Nobody reads messages about the canary's requests, so no mail is sent for them.
      if (request.origin.kind === 'canary') return { mailed: [] };
      const wanted = [...new Set(principalIds)].slice(0, MOST_MAILED);
      const isMailed = (id: string) => request.mailed?.includes(keyOf(kind, occasion, id)) === true;
      const fresh = wanted.filter((id) => !isMailed(id));
      const mailed = wanted.filter(isMailed);
      let failure: unknown;
      for (let from = 0; from < fresh.length; from += AT_ONCE) {
        const part = fresh.slice(from, from + AT_ONCE);
        const done = await writeTo(request, { kind, occasion, part }).catch((error: unknown) => ({
          mailed: [],
          failure: error,
        }));
        mailed.push(...done.mailed);
        failure ??= done.failure;
      }
      return { mailed, failure };
    },
  };
}

/**
 * Writes to a requester without Slack: the outcome of the request, and that the access is over.
 *
 * @param hasChat whether Slack is in use at all
 */
export async function mailRequester(
  request: AccessRequest,
  { mails, hasChat }: { readonly mails: Pick<PeopleMailer, 'once'>; readonly hasChat: boolean },
): Promise<Mailed> {
  const { state, requester } = request;
  const isTold = isOutcome(request) || state === 'ended' || state === 'failed';
  if (!isTold || (hasChat && requester.slackId !== '')) return { mailed: [] };
  return mails.once(request, 'outcome', [requester.principalId], state);
}
