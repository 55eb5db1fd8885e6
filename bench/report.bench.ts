import { aggregatePage } from '../core/activity/classify/aggregate/aggregate.ts';
import { emptyDigest } from '../core/activity/classify/aggregate/digest.ts';
import type { ListedCall } from '../core/activity/classify/listed-call.ts';
import { createMatcher } from '../core/activity/read/match.ts';
import { beginReading } from '../core/activity/read/reading.ts';
import { collectReport } from '../core/activity/report/collect-report.ts';
import { renderHtml } from '../core/activity/report/render/render-html.ts';
import { renderText } from '../core/activity/report/render/render-text.ts';
import { buildReport } from '../core/activity/report/report.ts';
import { fakeHolds, fakeReports, fakeRequests, fakeSource, trailOf } from '../test/core/activity/fakes.ts';
import { aPlan, aRecord, busyRecords, endedRequest, PLAN_SETTINGS, READ_AT } from '../test/core/activity/records.ts';

const RECORDS = 100_000;
/** Events in one page of `LookupEvents`. */
const PAGE = 50;
/** With more, the texts would live until the garbage collector copies them, which is not the report's work. */
const AT_ONCE = 4 * PAGE;

/**
 * Turns CloudTrail's JSON text into the list of calls and both renderings, page by page, as the report function does.
 *
 * @returns processor time of the report and of `JSON.parse` alone, in milliseconds; size of both renderings, in bytes
 */
function measure(): { milliseconds: number; parsing: number; bytes: number } {
  const plan = aPlan();
  const match = createMatcher(plan);
  const digest = emptyDigest();
  let calls: ListedCall[] = [];
  const list = (call: ListedCall) => calls.push(call);
  const context = { plan, match, subject: { accountId: plan.accountId, as: '' }, list };
  let milliseconds = 0;
  let parsing = 0;
  let texts: string[] = [];
  // Reading the processor time takes longer than reading one call, so several pages are measured together.
  const fold = (): void => {
    const parses = processorTime();
    for (const text of texts) JSON.parse(text);
    const began = processorTime();
    parsing += began - parses;
    for (let at = 0; at < texts.length; at += PAGE) aggregatePage(digest, texts.slice(at, at + PAGE), context);
    milliseconds += processorTime() - began;
    texts = [];
    // The report function stores a round's calls and keeps none in memory.
    calls = [];
  };
  // Making the records is not measured.
  for (const record of busyRecords(RECORDS)) {
    texts.push(JSON.stringify(record));
    if (texts.length === AT_ONCE) fold();
  }
  fold();
  const began = processorTime();
  const reading = beginReading(plan);
  for (const cursor of reading.lanes) cursor.done = reading.subjects.length;
  const model = buildReport(
    endedRequest(),
    { requestId: 'request-1', version: 0, plan, reading, digest },
    { sourceName: 'CloudTrail event history' },
  );
  const renderings = [renderHtml(model), renderText(model)];
  milliseconds += processorTime() - began;
  const bytes = renderings.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { milliseconds, parsing, bytes };
}

/** Processor time of this process, which depends little on other load of the machine. Milliseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const REGIONS = 17;
const CALLS_PER_REGION = 5_000;
/**
 * Price of a Step Functions transition after the free tier, in USD. LookupEvents costs nothing.
 *
 * @see https://aws.amazon.com/step-functions/pricing/
 */
const PER_TRANSITION = 0.000025;
/** The states of one round: `Collect report`, `Collected?`, `Wait between pages`. */
const TRANSITIONS_PER_ROUND = 3;

/** Counts what the workflow asks of CloudTrail for a person who was active in every Region, and how long that takes. */
async function readEverywhere(): Promise<{
  readonly calls: number;
  readonly seconds: number;
  readonly rounds: number;
}> {
  const regions = Array.from({ length: REGIONS }, (_, at) => `region-${at + 1}`);
  const start = Date.parse('2026-01-05T09:02:00Z');
  const found = new Map(
    regions.map((awsRegion) => {
      const records = Array.from({ length: CALLS_PER_REGION }, (_, nth) =>
        aRecord({
          awsRegion,
          eventName: nth % 25 === 0 ? 'StopInstances' : 'DescribeInstances',
          readOnly: nth % 25 !== 0,
          eventTime: `${new Date(start + Math.floor(nth / 2) * 1000).toISOString().slice(0, 19)}Z`,
        }),
      );
      return [awsRegion, trailOf(records)] as const;
    }),
  );
  const source = {
    ...fakeSource((query) => found.get(query.region)?.(query) ?? { records: [] }),
    enabledRegions: () => Promise.resolve(regions),
  };
  const { queries } = source;
  let nowMs = READ_AT.getTime();
  const services = {
    requests: fakeRequests(endedRequest()),
    reports: fakeReports(),
    holds: fakeHolds(),
    source,
    settings: PLAN_SETTINGS,
    now: () => new Date(nowMs),
  };
  for (let rounds = 1; ; rounds += 1) {
    const { next, waitSeconds } = await collectReport('request-1', services);
    if (next === 'done') return { calls: queries.length, seconds: (nowMs - READ_AT.getTime()) / 1000, rounds };
    nowMs += waitSeconds * 1000;
  }
}

const { milliseconds, parsing, bytes } = measure();
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
const everywhere = await readEverywhere();
const results = [
  {
    name: `report: ${RECORDS.toLocaleString('en')} calls, parsed, matched, folded, rendered`,
    value: Math.round(milliseconds),
    unit: 'ms',
    bar: 3000,
  },
  {
    name: 'report: the same, in times of what JSON.parse takes for it',
    value: Math.round((10 * milliseconds) / parsing) / 10,
    unit: 'x',
    bar: 2,
  },
  {
    name: 'report: peak memory of the process',
    value: megabytes,
    unit: 'MB',
    bar: 256,
  },
  {
    name: `report: LookupEvents calls, ${REGIONS} Regions x ${CALLS_PER_REGION.toLocaleString('en')} calls`,
    value: everywhere.calls,
    unit: 'calls',
  },
  {
    name: 'report: the same, from the first page to the last, waits of the workflow',
    value: everywhere.seconds,
    unit: 's',
  },
  {
    name: 'report: the same, in transitions of the workflow',
    value: Math.round(everywhere.rounds * TRANSITIONS_PER_ROUND * PER_TRANSITION * 10_000) / 10_000,
    unit: 'USD',
  },
  { name: 'report: both renderings together', value: Math.round(bytes / 1024), unit: 'KB', bar: 150 },
];
for (const result of results) console.log(JSON.stringify(result));
