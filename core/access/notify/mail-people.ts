import type { Mail } from '../../activity/ports.ts';
import type { Directory } from '../../model/directory.ts';
import { happen } from '../../model/events.ts';
import { ALL_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Now, RequestStore } from '../ports.ts';
import { isOutcome } from './status-messages.ts';

/** What a mail to one person is about. To whoever asked: `outcome`, `warning`, `question`; the others to approvers and reviewers. */
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

/** Who has got a mail, now or before, by principal id. */
export interface Mailed {
  readonly mailed: readonly string[];
  /** Whatever the mail service threw, after everybody was tried. */
  readonly failure?: unknown;
}

/** Writes to people about a request. */
export interface PeopleMailer {
  /**
   * Writes to each of these people once about this occasion, and notes it in the history of the request. Never throws: a mail is
   * written beside what people are told in Slack, and nothing of that may depend on it.
   *
   * @param occasion which of several of a kind it is, such as the state that was told of
   */
  once(request: AccessRequest, kind: MailKind, principalIds: readonly string[], occasion?: string): Promise<Mailed>;
}

export interface MailPeopleServices {
  readonly requests: Pick<RequestStore, 'change'>;
  readonly directory: Pick<Directory, 'user'>;
  readonly now: Now;
  /** @throws MailRefusedError when this address is not taken; anything else as it comes */
  send(to: string, mail: Mail): Promise<void>;
  render(request: AccessRequest, kind: MailKind): Mail;
  /** Somebody who should be written to has no address, or one that is not taken. */
  onUnreachable(principalId: string, error?: unknown): void;
}

/** This address gets no mail, however often it is tried. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}

/** So many people are written to on one occasion, at most: the page of the request is there for everybody else. */
const MOST_MAILED = 50;
/** So many at once; what was sent and not noted when the function dies is sent once more. */
const AT_ONCE = 10;

/** In the note of the event. */
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

/** Is a mail of this kind for whoever asked, and not for approvers? */
export function isToRequester(kind: MailKind): boolean {
  return kind === 'outcome' || kind === 'warning' || kind === 'question';
}

function keyOf(kind: MailKind, occasion: string, principalId: string): string {
  return `${kind}:${occasion.replaceAll(':', '')}:${principalId}`;
}

/** Who was written to about something. Principal ids. */
export function mailedAbout({ mailed = [] }: Pick<AccessRequest, 'mailed'>, kind: MailKind): readonly string[] {
  const ids = mailed.flatMap((key) => {
    const [is, , ...id] = key.split(':');
    return is === kind ? [id.join(':')] : [];
  });
  return [...new Set(ids)];
}

/**
 * Mail is sent first and noted then: of a mail that was sent twice nobody is harmed, of one that was only noted nobody would hear.
 * Somebody's request to look is all a mail is; nothing is decided by what is in it.
 */
export function createPeopleMailer(services: MailPeopleServices): PeopleMailer {
  async function reach(request: AccessRequest, kind: MailKind, principalId: string): Promise<string | undefined> {
    const user = await services.directory.user(principalId);
    // Whoever is disabled can sign in nowhere, and may have left the company: nothing of it is theirs any more.
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
      // Nobody reads what the canary would be told, and nobody is called for a trial.
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
 * Writes to whoever asked and has no Slack: what has become of the request, and that the access is over.
 *
 * @param hasChat whether there is Slack at all
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
