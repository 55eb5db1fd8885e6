import type { Directory } from '../../model/directory.ts';
import type { AccessRequest } from '../../model/request.ts';
import { oneLine } from '../../model/text.ts';
import type { Mail, MailPort } from '../ports.ts';

/** A person who gets a report beside the configured addresses. */
export interface Reader {
  /** Id of the Identity Center user. */
  readonly principalId: string;
  readonly address: string;
}

/**
 * The people who approved an access or a request that joined it, or who may review it. Users who are disabled or have
 * no address are left out.
 *
 * @param services.requests reads the requests that joined the access
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

/** The `Message-ID` of each reader's own mail, by Identity Center user id; empty if the mail could not be sent. */
export type ReaderMails = Readonly<Record<string, string>>;

/**
 * Mails each reader separately, so that an address that SES rejects keeps the report from nobody else, and no reader
 * sees who else reads it. Readers who have the mail already, or could not be mailed before, are passed over, and so are
 * the addresses that get every report.
 *
 * @param known the recorded mails of this edition
 * @param before the mails of the previous edition, whose threads the readers' mails continue
 * @param note records the mails after each one, so that a run after a crash sends none twice
 * @returns why readers did not get the mail, in words; empty if all have it
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

/** The mail in the thread of one reader, who has none of the mails to the other addresses. */
function threaded(mail: Mail, after: string | undefined): Mail {
  if (mail.thread === undefined) return mail;
  const { id } = mail.thread;
  return { ...mail, thread: { id, ...(after === undefined || after === '' ? {} : { after: [after] }) } };
}
