import type { Granted } from '../../../core/access/lease/ports.ts';
import type { HoldStore, RequestStore } from '../../../core/access/ports.ts';
import type { ListedCall } from '../../../core/activity/classify/listed-call.ts';
import type {
  ActivityPage,
  ActivityQuery,
  ActivitySource,
  ListArchive,
  Look,
  LookupBy,
  Mail,
  MailPort,
  ReportLooks,
  ReportStore,
  StoredReport,
  ThreadPort,
} from '../../../core/activity/ports.ts';
import type { PermissionSetAdviser } from '../../../core/activity/report/advice/advise-permission-set.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { assignmentKey } from '../../../core/model/target.ts';

/** One request in memory. As in the real store, a change needs the states and the number of events that it names. */
export function fakeRequests(first: AccessRequest): RequestStore & { readonly current: () => AccessRequest } {
  let request = first;
  return {
    current: () => request,
    get: (id) => Promise.resolve(id === request.id ? request : undefined),
    getWithVotes: (id) => Promise.resolve(id === request.id ? { request, votes: request.votes } : undefined),
    create: () => Promise.reject(new Error('a report makes no request')),
    join: () => Promise.reject(new Error('a report joins nothing')),
    inPlace: () => Promise.resolve(undefined),
    holding: () => Promise.resolve(new Map()),
    change: (id, { from, to, event, eventsSeen = request.events.length }) => {
      const isExpected = from.includes(request.state) && eventsSeen === request.events.length;
      if (id !== request.id || !isExpected) return Promise.resolve({ changed: false, request });
      request = {
        ...request,
        state: to ?? request.state,
        events: event === undefined ? request.events : [...request.events, event],
      };
      return Promise.resolve({ changed: true, request });
    },
    async *inStates() {},
  };
}

/** Reports in memory, as JSON, so that nothing is shared between what was stored and what is worked on. */
export function fakeReports(): ReportStore & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  const listed = new Map<string, ListedCall[]>();
  const claims = new Map<string, string>();
  const keyOf = ({ requestId, edition = 'final' }: Pick<StoredReport, 'requestId' | 'edition'>) =>
    edition === 'final' ? requestId : `${requestId}#${edition}`;
  const read = (key: string): StoredReport | undefined => {
    const item = items.get(key);
    return item === undefined ? undefined : (JSON.parse(item) as StoredReport);
  };
  return {
    items,
    get: (requestId, edition = 'final') => Promise.resolve(read(keyOf({ requestId, edition }))),
    create: (report) => {
      if (items.has(keyOf(report))) return Promise.resolve(false);
      items.set(keyOf(report), JSON.stringify(report));
      return Promise.resolve(true);
    },
    save: (report, calls = []) => {
      const stored = read(keyOf(report));
      if (stored?.version !== report.version || stored.sentAt !== undefined) return Promise.resolve(false);
      items.set(keyOf(report), JSON.stringify({ ...report, version: report.version + 1 }));
      listed.set(keyOf(report), [...(listed.get(keyOf(report)) ?? []), ...calls]);
      return Promise.resolve(true);
    },
    calls: (report) => Promise.resolve(listed.get(keyOf(report)) ?? []),
    note: (report, what, at, more = {}) => {
      const stored = read(keyOf(report));
      const noted = { [what]: at, ...more };
      const { readerMails = stored?.readerMails } = more;
      if (stored !== undefined) items.set(keyOf(report), JSON.stringify({ ...noted, ...stored, readerMails }));
      return Promise.resolve();
    },
    claim: (report, now, until) => {
      const key = keyOf(report);
      if (!items.has(key) || (claims.get(key) ?? now) > now) return Promise.resolve(false);
      claims.set(key, until);
      return Promise.resolve(true);
    },
    release: (report, until) => {
      if (claims.get(keyOf(report)) === until) claims.delete(keyOf(report));
      return Promise.resolve();
    },
  };
}

/** The archive, in memory: what is there stays. `refuse` makes it fail. */
export function fakeArchive(): ListArchive & { readonly files: Map<string, string>; refuse?: Error } {
  const files = new Map<string, string>();
  const archive: ReturnType<typeof fakeArchive> = {
    files,
    keep({ requestId, edition, format, content, sha256 }) {
      if (archive.refuse !== undefined) return Promise.reject(archive.refuse);
      const key = `reports/${requestId}/${edition}/${sha256}.${format}`;
      files.set(key, files.get(key) ?? content);
      return Promise.resolve({ format, key, sha256, address: `https://archive.example.com/${key}` });
    },
  };
  return archive;
}

/** When reports are looked at again, in memory. */
export function fakeLooks(): ReportLooks & { readonly all: Map<string, Look> } {
  const all = new Map<string, Look>();
  return {
    all,
    get: (requestId) => Promise.resolve(all.get(requestId)),
    begin: (requestId, at) => {
      if (!all.has(requestId)) all.set(requestId, { looks: 0, out: 'final', ...(at === undefined ? {} : { at }) });
      return Promise.resolve();
    },
    move: (requestId, seen, next) => {
      if (all.get(requestId)?.looks !== seen) return Promise.resolve(false);
      all.set(requestId, next);
      return Promise.resolve(true);
    },
    async *due(now) {
      for (const [requestId, { at }] of all) if (at !== undefined && at <= now) yield requestId;
    },
  };
}

/** What the person held of the target, as the hold store would say. */
export function fakeHolds(
  held: readonly HeldAccess[] = [],
  granted?: Granted,
): Pick<HoldStore, 'given' | 'granted' | 'of'> {
  return {
    of: () => Promise.resolve(held),
    given: (assignments) => Promise.resolve(new Map(assignments.map((one) => [assignmentKey(one), held]))),
    granted: () => Promise.resolve(granted),
  };
}

export type Answer = (query: ActivityQuery) => ActivityPage | Error;

/** A source that answers by a function. Every query is recorded; an error that the function returns is thrown. */
export function fakeSource(answer: Answer): ActivitySource & { readonly queries: ActivityQuery[] } {
  const queries: ActivityQuery[] = [];
  return {
    name: 'CloudTrail event history',
    queries,
    enabledRegions: () => Promise.resolve(['eu-west-1', 'us-east-1']),
    page: (query) => {
      queries.push(query);
      const page = answer(query);
      return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
    },
  };
}

/** Pages of one record each per Region, as CloudTrail would hand them out for the person's name, or by key. */
export function pagesOf(records: Readonly<Record<string, readonly unknown[]>>): Answer {
  return ({ by, region, token }) => {
    const inRegion = records[region] ?? [];
    const all =
      'accessKeyId' in by
        ? (records[by.accessKeyId] ?? [])
        : 'userName' in by
          ? by.userName === 'ana@example.com'
            ? inRegion
            : []
          : inRegion.filter((record) => isLookedUp(record, by));
    const at = Number(token ?? 0);
    return { records: all.slice(at, at + 1), ...(at + 1 < all.length ? { next: String(at + 1) } : {}) };
  };
}

function isLookedUp(record: unknown, by: LookupBy): boolean {
  const { eventName, readOnly } = record as { readonly eventName?: unknown; readonly readOnly?: unknown };
  return 'eventName' in by ? eventName === by.eventName : readOnly === false;
}

/**
 * All the records of an account in all Regions, found as CloudTrail finds them: by the exact name of the session or
 * user, by access key, by the call's name, or writes alone. Newest first, `pageSize` a page.
 */
export function trailOf(records: readonly Record<string, unknown>[], pageSize = 50): Answer {
  const newestFirst = [...records].sort((a, b) => (String(a.eventTime) < String(b.eventTime) ? 1 : -1));
  // A query is made once for each of up to hundreds of pages: what it finds is kept.
  const answers = new Map<string, readonly Record<string, unknown>[]>();
  return ({ by, region, accountId, from, until, token }) => {
    const query = JSON.stringify([by, region, accountId, from, until]);
    const found =
      answers.get(query) ??
      newestFirst.filter((record) => {
        const { awsRegion, recipientAccountId = accountId, eventTime } = record;
        const inPlace = awsRegion === region && recipientAccountId === accountId;
        return inPlace && String(eventTime) >= from && String(eventTime) <= until && isFoundBy(record, by);
      });
    answers.set(query, found);
    const at = Number(token ?? 0);
    const end = at + pageSize;
    return { records: found.slice(at, end), ...(end < found.length ? { next: String(end) } : {}) };
  };
}

function isFoundBy(record: Record<string, unknown>, by: LookupBy): boolean {
  const identity = (record.userIdentity ?? {}) as Readonly<Record<string, string | undefined>>;
  if ('accessKeyId' in by) return identity.accessKeyId === by.accessKeyId;
  if ('userName' in by)
    return (identity.userName ?? identity.arn?.slice(identity.arn.lastIndexOf('/') + 1)) === by.userName;
  return isLookedUp(record, by);
}

export function fakeMail(): MailPort & {
  readonly sent: Mail[];
  readonly apart: { readonly address: string; readonly mail: Mail }[];
  readonly refused: Set<string>;
  fail: Error | undefined;
} {
  const sent: Mail[] = [];
  const apart: { readonly address: string; readonly mail: Mail }[] = [];
  const refused = new Set<string>();
  return {
    to: ['security@example.com'],
    sent,
    apart,
    refused,
    fail: undefined,
    sendTo(address, mail) {
      if (refused.has(address)) return Promise.reject(named('MessageRejected'));
      apart.push({ address, mail });
      return Promise.resolve(`<apart-${apart.length}@eu-west-1.amazonses.com>`);
    },
    send(mail) {
      if (this.fail !== undefined) return Promise.reject(this.fail);
      sent.push(mail);
      return Promise.resolve([`<mail-${sent.length}@eu-west-1.amazonses.com>`]);
    },
  };
}

export function fakeThread(): ThreadPort & { readonly replies: (readonly string[])[]; fail: Error | undefined } {
  const replies: (readonly string[])[] = [];
  return {
    replies,
    fail: undefined,
    reply(_request, lines) {
      if (this.fail !== undefined) return Promise.reject(this.fail);
      replies.push(lines);
      return Promise.resolve();
    },
  };
}

/** Gives the same advice for every access, and none if no action was used. What it was asked is recorded. */
export function fakeAdviser(
  advice: readonly string[] = [],
): PermissionSetAdviser & { readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    advise: (_request, used) => {
      asked.push(used);
      return Promise.resolve(used.length === 0 ? [] : advice);
    },
  };
}

/** An error with the name an SDK would give it. */
export function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
