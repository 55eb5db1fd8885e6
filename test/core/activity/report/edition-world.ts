import type { Edition } from '../../../../core/activity/edition.ts';
import { collectReport } from '../../../../core/activity/report/collect-report.ts';
import { sendReport } from '../../../../core/activity/report/editions/send-report.ts';
import { startReport } from '../../../../core/activity/report/editions/start-report.ts';
import { ActivityUnreadableError } from '../../../../core/model/errors.ts';
import { happen } from '../../../../core/model/events.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import {
  fakeAdviser,
  fakeArchive,
  fakeHolds,
  fakeLooks,
  fakeMail,
  fakeReports,
  fakeRequests,
  fakeSource,
  fakeThread,
  trailOf,
} from '../fakes.ts';
import { aRecord, endedRequest, PLAN_SETTINGS } from '../records.ts';

export const ID = 'request-1';
export const AT_FIRST = '2026-01-05T10:05:09Z';
export const AT_LAST = '2026-01-05T11:20:00Z';
export const DAY = 24 * 3600_000;

export const inRegion = (change: Record<string, unknown>) => aRecord({ awsRegion: 'eu-west-1', ...change });

/** An access that is over, with a trail to which records can be added, and a clock. */
export function world(change: Partial<AccessRequest> = {}) {
  const trail: Record<string, unknown>[] = [];
  let now = Date.parse(AT_FIRST);
  let isUnreadable = false;
  const services = {
    requests: fakeRequests(endedRequest(change)),
    reports: fakeReports(),
    looks: fakeLooks(),
    holds: fakeHolds(),
    sha256: () => 'sha',
    source: fakeSource((query) =>
      isUnreadable ? new ActivityUnreadableError('no role there') : trailOf(trail)(query),
    ),
    mail: fakeMail(),
    thread: fakeThread(),
    archive: fakeArchive(),
    adviser: fakeAdviser(['ReadOnlyAccess would have covered the calls listed here.']),
    settings: PLAN_SETTINGS,
    now: () => new Date(now),
  };
  const read = async (edition: Edition) => {
    for (let round = 0; round < 400; round += 1) {
      const { next, waitSeconds } = await collectReport(ID, services, edition);
      if (next === 'done') return;
      now += waitSeconds * 1000;
    }
    throw new Error('never read');
  };
  return {
    services,
    trail,
    mails: services.mail.sent,
    at: (instant: string) => {
      now = Date.parse(instant);
    },
    pass: (ms: number) => {
      now += ms;
    },
    unreadable: (is: boolean) => {
      isUnreadable = is;
    },
    read,
    /** One run of the workflow's steps. */
    async run(): Promise<Edition> {
      const { edition = 'final' } = await startReport(ID, services);
      await read(edition);
      await sendReport(ID, undefined, services, edition);
      return edition;
    },
    /** Changes the request while the next reply to a thread is posted, after the sender has read the request. */
    interrupt() {
      const { reply } = services.thread;
      services.thread.reply = async (request, lines) => {
        services.thread.reply = reply;
        await reply.call(services.thread, request, lines);
        const event = happen('sessions-cut-failed', services.now().toISOString(), { note: 'AccessDeniedException' });
        await services.requests.change(ID, { from: ['ended', 'reported'], event });
      };
    },
    events: () => services.requests.current().events.map(({ type }) => type),
  };
}

/** First and final edition of an access in which one bucket was deleted. */
export async function reported(change: Partial<AccessRequest> = {}) {
  const all = world(change);
  all.trail.push(inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucket', readOnly: false }));
  await all.run();
  all.at(AT_LAST);
  await all.run();
  return all;
}
