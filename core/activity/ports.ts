import type { Listing } from '../access/listing.ts';
import type { AccessRequest } from '../model/request.ts';
import type { ActivityDigest } from './classify/aggregate/digest.ts';
import type { ListedCall } from './classify/listed-call.ts';
import type { Edition } from './edition.ts';
import type { ReportPlan, SourceWords } from './read/plan.ts';
import type { Reading } from './read/progress.ts';

/**
 * The one attribute that CloudTrail looks up by: the calls of one user name or key, or the calls of everybody in the
 * account by event name or as writes.
 */
export type LookupBy =
  | { readonly userName: string }
  | { readonly accessKeyId: string }
  | { readonly eventName: string }
  | { readonly readOnly: false };

/** One page to read: calls by one attribute, in one Region of one account, within a time range. */
export interface ActivityQuery {
  /** The request whose report needs this page. The account's own trail shows its id in the role session name. */
  readonly requestId: string;
  readonly accountId: string;
  readonly region: string;
  readonly by: LookupBy;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** The `next` of the previous page. */
  readonly token?: string;
}

export interface ActivityPage {
  /** CloudTrail records, as JSON text or values; not yet parsed. */
  readonly records: readonly unknown[];
  /** Absent when this was the last page. */
  readonly next?: string;
}

/**
 * Where activity is read from.
 *
 * `page` throws `ActivityUnreadableError`, its message a sentence, when the account or Region cannot be read and a
 * retry would not help; `TooDenseError` when more calls share one second than the source can return;
 * `ThrottlingException` when it is called too often. Other errors pass through unchanged.
 */
export interface ActivitySource {
  /** How the source is named in a report. */
  readonly name: string;
  /** How a report describes the source of this account's calls; `undefined` for CloudTrail's event history. */
  about?(accountId: string): SourceWords | undefined;
  page(query: ActivityQuery): Promise<ActivityPage>;
  /**
   * Every Region that is enabled in an account; `undefined` when the account cannot be asked. `requestId` shows in the
   * account's own trail.
   *
   * @throws ThrottlingException, and nothing else
   */
  enabledRegions(accountId: string, requestId: string): Promise<readonly string[] | undefined>;
}

/** The policies of a permission set, as Identity Center and IAM hold them. */
export interface SetContent {
  /** Policy documents, as JSON text. */
  readonly policies: readonly string[];
  /**
   * The document of the permissions boundary. Absent if there is none, or if it is the session guard, which takes
   * nothing from the permissions.
   */
  readonly boundary?: string;
  /** Further policies of the set that could not be read, in words. */
  readonly unread: readonly string[];
}

/** Reads the policies of permission sets, for the advice in a report. */
export interface PermissionSetContents {
  /** @throws any error of AWS */
  of(permissionSetArn: string): Promise<SetContent>;
}

/** A report as stored between the steps of the workflow. */
export interface StoredReport {
  readonly requestId: string;
  /** Absent in the final edition, which was the only one before editions existed. */
  readonly edition?: Edition;
  /** Counts the calls of `save`; each one is conditional on the version it read. */
  readonly version: number;
  readonly plan: ReportPlan;
  readonly reading: Reading;
  readonly digest: ActivityDigest;
  /** ISO 8601; when the mail went out. */
  readonly sentAt?: string;
  /** ISO 8601; when the reply in the Slack thread was posted. */
  readonly toldAt?: string;
  /** The `Message-ID`s of the mails that went out, one per fifty recipients. */
  readonly mailIds?: readonly string[];
  /** The `Message-ID` of each reader's own mail, by Identity Center user id; empty if the mail could not be sent. */
  readonly readerMails?: Readonly<Record<string, string>>;
  /** Name of the error that made the workflow give up reading, as the mail said. */
  readonly unreadable?: string;
  /** Which permission set would have been enough, in sentences, as the mail said. */
  readonly advice?: readonly string[];
  /**
   * The archived files of the whole list of calls, as the mail said. Absent if there are no calls, if archiving failed,
   * or in reports of versions that archived none.
   */
  readonly archived?: readonly ArchivedFile[];
  /** Name of the error that kept the list out of the archive. */
  readonly unarchived?: string;
}

/** A file of a report in the archive. */
export interface ArchivedFile {
  readonly format: ListFormat;
  /** The object's key in the bucket of the archive. */
  readonly key: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  /** Link to the object in the AWS console, not a presigned URL: AWS checks the reader's sign-in and rights. */
  readonly address: string;
}

export type ListFormat = 'csv' | 'json';

/** Stores lists of calls permanently. */
export interface ListArchive {
  /**
   * Writes a file unless its key exists. The key consists of the request, the edition and the SHA-256 of the content,
   * so the same list is stored once and no other content can replace it.
   *
   * @param list.sha256 of the content, in hexadecimal
   * @throws any error of the archive
   */
  keep(list: {
    readonly requestId: string;
    readonly edition: Edition;
    readonly format: ListFormat;
    readonly content: string;
    readonly sha256: string;
  }): Promise<ArchivedFile>;
}

export interface ReportStore {
  /** Strongly consistent. @throws MalformedItemError */
  get(requestId: string, edition?: Edition): Promise<StoredReport | undefined>;
  /** Writes a new report. False when there is one of this edition already. */
  create(report: StoredReport): Promise<boolean>;
  /**
   * Writes reading and digest, and adds the calls of this round to the list. Returns false, and adds no call, if
   * another run has saved since `report.version` or if the mail went out.
   */
  save(report: StoredReport, calls?: readonly ListedCall[]): Promise<boolean>;
  /** The list of calls, in the order they were read. */
  calls(report: StoredReport): Promise<readonly ListedCall[]>;
  /**
   * Records that the mail went out, with the facts known then, or that the thread was told. The first record of each
   * stays, except `readerMails`, which each call replaces because it grows mail by mail.
   */
  note(
    report: Pick<StoredReport, 'requestId' | 'edition'>,
    what: 'sentAt' | 'toldAt',
    at: string,
    more?: Pick<StoredReport, 'mailIds' | 'readerMails' | 'unreadable' | 'advice' | 'archived' | 'unarchived'>,
  ): Promise<void>;
  /**
   * Claims the sending of an edition until an instant, ISO 8601, so that only one workflow sends it. False while
   * another workflow's claim has not expired, or if there is no such edition.
   */
  claim(report: Pick<StoredReport, 'requestId' | 'edition'>, now: string, until: string): Promise<boolean>;
  /** Releases the claim that was made until this instant. The claim of another workflow stays. */
  release(report: Pick<StoredReport, 'requestId' | 'edition'>, until: string): Promise<void>;
}

/** When CloudTrail is read again for a report that went out, and the newest edition of the report. */
export interface Look {
  /** How many looks there were. */
  readonly looks: number;
  /** The newest edition that went out, which the next one is compared with. */
  readonly out: Edition;
  /** ISO 8601; when the next look is due. Absent when no further look is planned. */
  readonly at?: string;
}

/** Schedules further looks at CloudTrail after the final edition of a report. */
export interface ReportLooks {
  /** Strongly consistent; `undefined` before the final edition went out. */
  get(requestId: string): Promise<Look | undefined>;
  /** Records that the final edition is out and when the next look is due (ISO 8601), if any. The first record stays. */
  begin(requestId: string, at: string | undefined): Promise<void>;
  /** Records a look if exactly `seen` looks were recorded before. False if another run recorded one in the meantime. */
  move(requestId: string, seen: number, next: Look): Promise<boolean>;
  /** Ids of the requests whose next look is due. @param now ISO 8601 @throws OutOfTimeError if `how` says to stop */
  due(now: string, how?: Listing): AsyncIterable<string>;
}

/** A mail with the same content twice, as HTML and as text. */
export interface Mail {
  /** Any characters, one line; the sender encodes it. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments?: readonly MailAttachment[];
  /** The thread of mails it belongs to. */
  readonly thread?: MailThread;
}

/** Groups mails into one thread in mail programs, whatever their subjects. */
export interface MailThread {
  /** The same for every mail of the thread. */
  readonly id: string;
  /** The `Message-ID`s of the mail that this one follows, as `send` returned them. */
  readonly after?: readonly string[];
}

export interface MailAttachment {
  readonly fileName: string;
  readonly contentType: string;
  /** Text, to be sent as UTF-8. */
  readonly content: string;
}

export interface MailPort {
  /** The addresses that get every report, which the Slack thread names. */
  readonly to: readonly string[];
  /** @returns the `Message-ID`s, one per message that was handed over */
  send(mail: Mail): Promise<readonly string[]>;
  /** Mails one person separately, so that no recipient sees another's address. @returns the `Message-ID` */
  sendTo(address: string, mail: Mail): Promise<string>;
}

/** The Slack thread of a request. */
export interface ThreadPort {
  /** Replies with lines of plain text. Without a Slack message the request has no thread, and nothing is sent. */
  reply(request: AccessRequest, lines: readonly string[]): Promise<void>;
}
