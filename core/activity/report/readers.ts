import type { Directory } from '../../model/directory.ts';
import type { AccessRequest } from '../../model/request.ts';
import { oneLine } from '../../model/text.ts';
import type { Mail, MailPort } from '../ports.ts';

/** Who gets a report beside the configured addresses. */
export interface Reader {
  /** Id of the Identity Center user. */
  readonly principalId: string;
  readonly address: string;
}

/**
 * Those who approved an access or one of its extensions, or may review it. Who is disabled, or has no address, gets no mail.
 *
 * @param services.requests where what became part of the access is read
 */
export async function readersOf(
  request: AccessRequest,
  services: {
    readonly directory: Pick<Directory, 'user'>;
    readonly requests: { get(id: string): Promise<AccessRequest | undefined> };
  },
): Promise<readonly Reader[]> {
  const joined = await Promise.all((request.joins ?? []).map(({ requestId }) => services.requests.get(requestId)));
  const parts = [request, ...joined.filter((part) => part !== undefined)];
  const ids = parts.flatMap(({ votes, review }) => [
    ...votes.filter(({ vote }) => vote === 'approve').map(({ principalId }) => principalId),
    ...(review?.approvers ?? []),
  ]);
  const users = await Promise.all([...new Set(ids)].map((id) => services.directory.user(id)));
  return users.flatMap((user) =>
    user === undefined || !user.enabled || user.email === '' ? [] : [{ principalId: user.id, address: user.email }],
  );
}

/** By id of the Identity Center user: the `Message-ID` of their own mail, empty where it could not be sent. */
export type ReaderMails = Readonly<Record<string, string>>;

/**
 * Mails each reader apart, so that an address that SES rejects keeps the report from nobody else, and nobody sees who else reads it. Who
 * has it, or could not be mailed before, is passed over; who is among those that get every report has it already.
 *
 * @param known what is noted of this edition
 * @param before the mails of the edition before, which each one's own mail follows
 * @param note writes down what is known after each mail, so that a run after a crash sends none twice
 * @returns what is in the way of those who did not get it, in words; empty where all have it
 */
export async function mailReaders(
  readers: readonly Reader[],
  {
    mail,
    known = {},
    before = {},
  }: { readonly mail: Mail; readonly known?: ReaderMails; readonly before?: ReaderMails },
  port: MailPort,
  note: (mails: ReaderMails) => Promise<void>,
): Promise<string> {
  const mails: Record<string, string> = { ...known };
  const reached = new Set(port.to.map((address) => address.toLowerCase()));
  const errors = new Set<string>();
  for (const { principalId, address } of readers) {
    const isReached = reached.has(address.toLowerCase());
    reached.add(address.toLowerCase());
    if (isReached || mails[principalId] !== undefined) continue;
    mails[principalId] = await port.sendTo(address, threaded(mail, before[principalId])).catch((error: unknown) => {
      errors.add(error instanceof Error ? oneLine(error.name, 80) : 'unknown error');
      return '';
    });
    await note(mails);
  }
  const unmailed = Object.values(mails).filter((id) => id === '').length;
  if (unmailed === 0) return '';
  const why = errors.size === 0 ? '' : ` (${[...errors].join(', ')})`;
  return `${unmailed} of those who approved or may review it could not be mailed${why}`;
}

/** The mail in one reader's own thread: what others were sent is not in their mailbox. */
function threaded(mail: Mail, after: string | undefined): Mail {
  if (mail.thread === undefined) return mail;
  const { id } = mail.thread;
  return { ...mail, thread: { id, ...(after === undefined || after === '' ? {} : { after: [after] }) } };
}
