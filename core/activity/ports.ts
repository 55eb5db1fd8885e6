import type { Listing } from '../access/listing.ts';
import type { AccessRequest } from '../model/request.ts';
import type { ActivityDigest } from './classify/aggregate/digest.ts';
import type { ListedCall } from './classify/listed-call.ts';
import type { Edition } from './edition.ts';
import type { ReportPlan, SourceWords } from './read/plan.ts';
import type { Reading } from './read/progress.ts';

/** The one attribute CloudTrail looks up by: whose calls, or which calls of everybody in the account. */
export type LookupBy =
  | { readonly userName: string }
  | { readonly accessKeyId: string }
  | { readonly eventName: string }
  | { readonly readOnly: false };

/** One page to read: calls by one attribute, in one Region of one account, within a time range. */
export interface ActivityQuery {
  /** The request this is read for; it shows in the account's own trail. */
  readonly requestId: string;
  readonly accountId: string;
  readonly region: string;
  readonly by: LookupBy;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** Where the page before said the next one begins. */
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
 * `page` throws `ActivityUnreadableError`, its message a sentence, when the account or Region cannot be read and a retry would
 * not help; `TooDenseError` where more calls share a second than it can give; `ThrottlingException` when it was asked too fast;
 * anything else as it comes.
 */
export interface ActivitySource {
  /** How the source is named in a report. */
  readonly name: string;
  /** What a report says of the source it was read from in this account; absent where that is event history. */
  about?(accountId: string): SourceWords | undefined;
  page(query: ActivityQuery): Promise<ActivityPage>;
  /**
   * Every Region that is enabled in an account; `undefined` when that cannot be asked. `requestId` shows in the account's own trail.
   *
   * @throws ThrottlingException, and nothing else
   */
  enabledRegions(accountId: string, requestId: string): Promise<readonly string[] | undefined>;
}

/** What a permission set allows, as Identity Center and IAM hold it. */
export interface SetContent {
  /** Policy documents, as JSON text. */
  readonly policies: readonly string[];
  /** The document of its permissions boundary; absent where it has none, or the session guard, which takes nothing from what may be done. */
  readonly boundary?: string;
  /** What else it has and could not be read, in words. */
  readonly unread: readonly string[];
}

/** Reads permission sets for advice. */
export interface PermissionSetContents {
  /** @throws whatever AWS throws */
  of(permissionSetArn: string): Promise<SetContent>;
}

/** A report between its steps. */
export interface StoredReport {
  readonly requestId: string;
  /** Absent in the final one, which was the only one before there were others. */
  readonly edition?: Edition;
  /** Counts the writes; each write states the version it read. */
  readonly version: number;
  readonly plan: ReportPlan;
  readonly reading: Reading;
  readonly digest: ActivityDigest;
  /** ISO 8601; when the mail went out. */
  readonly sentAt?: string;
  /** ISO 8601; when the thread was told. */
  readonly toldAt?: string;
  /** The `Message-ID`s of the mails that went out, one per fifty recipients. */
  readonly mailIds?: readonly string[];
  /** The `Message-ID` of each reader's own mail, by id of the Identity Center user; empty where it could not be sent. */
  readonly readerMails?: Readonly<Record<string, string>>;
  /** Name of the error that made the workflow give up reading, as the mail said. */
  readonly unreadable?: string;
  /** Which permission set would have been enough, in sentences, as the mail said. */
  readonly advice?: readonly string[];
  /** Where the whole list of calls is kept for good, as the mail said. Absent in reports of a version that archived none. */
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
  /** Where a person opens it. It gives nothing away: AWS asks who they are, and whether they may. */
  readonly address: string;
}

export type ListFormat = 'csv' | 'json';

/** Keeps the lists of calls for good. */
export interface ListArchive {
  /**
   * Writes a file where nothing is yet. Its key is made of the request, the edition and the content, so that the same list is there
   * once, and nothing takes its place.
   *
   * @param list.sha256 of the content, in hexadecimal
   * @throws whatever the archive throws
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
   * Writes reading and digest if nobody wrote since `report.version`, and with them the calls that this round adds to the list. False
   * when somebody did; then none of them is in the list.
   */
  save(report: StoredReport, calls?: readonly ListedCall[]): Promise<boolean>;
  /** The list of calls, in the order they were read. */
  calls(report: StoredReport): Promise<readonly ListedCall[]>;
  /**
   * Notes that the mail went out, with what is known of it then, or that the thread was told; the first note stays. `readerMails` alone
   * takes the place of what was noted: it grows mail by mail.
   */
  note(
    report: Pick<StoredReport, 'requestId' | 'edition'>,
    what: 'sentAt' | 'toldAt',
    at: string,
    more?: Pick<StoredReport, 'mailIds' | 'readerMails' | 'unreadable' | 'advice' | 'archived' | 'unarchived'>,
  ): Promise<void>;
  /**
   * Claims the sending of an edition until an instant, ISO 8601, so that of two workflows one sends. False while another's claim has not
   * run out, and where there is no such edition.
   */
  claim(report: Pick<StoredReport, 'requestId' | 'edition'>, now: string, until: string): Promise<boolean>;
  /** Gives up the claim until this instant; another's stays. */
  release(report: Pick<StoredReport, 'requestId' | 'edition'>, until: string): Promise<void>;
}

/** When a report that went out is looked at again, and what of it is out. */
export interface Look {
  /** How many looks there were. */
  readonly looks: number;
  /** The newest edition that went out, which the next one is compared with. */
  readonly out: Edition;
  /** ISO 8601; absent when nothing more is looked for. */
  readonly at?: string;
}

/** The reports that are looked at again after they went out. */
export interface ReportLooks {
  /** Strongly consistent; `undefined` before the final edition went out. */
  get(requestId: string): Promise<Look | undefined>;
  /** Notes that the final edition is out, and when to look again. The first note stays. */
  begin(requestId: string, at: string | undefined): Promise<void>;
  /** Notes a look, if there were as many before as `seen` says. False when somebody else noted one. */
  move(requestId: string, seen: number, next: Look): Promise<boolean>;
  /** Ids of the requests whose next look is due. @param now ISO 8601 @throws OutOfTimeError where it was told not to go on */
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

/** What holds mails together for mail programs, whatever their subjects. */
export interface MailThread {
  /** Of all of them. */
  readonly id: string;
  /** The `Message-ID`s of the mail it follows, as `send` answered them. */
  readonly after?: readonly string[];
}

export interface MailAttachment {
  readonly fileName: string;
  readonly contentType: string;
  /** Text, to be sent as UTF-8. */
  readonly content: string;
}

export interface MailPort {
  /** Addresses the report goes to, for the thread to say so. */
  readonly to: readonly string[];
  /** @returns the `Message-ID`s, one per message that was handed over */
  send(mail: Mail): Promise<readonly string[]>;
  /** Mails one person alone, who sees no other address and whose address nobody sees. @returns the `Message-ID` */
  sendTo(address: string, mail: Mail): Promise<string>;
}

/** The Slack thread a request lives in. */
export interface ThreadPort {
  /** Replies with lines of plain text. A request without a message has no thread, and nothing is sent. */
  reply(request: AccessRequest, lines: readonly string[]): Promise<void>;
}
