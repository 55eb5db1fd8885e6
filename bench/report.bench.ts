import { aggregatePage } from '../core/activity/classify/aggregate.ts';
import { emptyDigest } from '../core/activity/classify/digest.ts';
import { createMatcher } from '../core/activity/read/match.ts';
import { beginReading } from '../core/activity/read/reading.ts';
import { renderHtml } from '../core/activity/report/render-html.ts';
import { renderText } from '../core/activity/report/render-text.ts';
import { buildReport } from '../core/activity/report/report.ts';
import { aPlan, busyRecords, endedRequest } from '../test/core/activity/records.ts';

const RECORDS = 100_000;
const PAGE = 50;

/** From CloudTrail's JSON text to both renderings, page by page, as the report function does it. */
function measure(): { milliseconds: number; bytes: number } {
  const plan = aPlan();
  const match = createMatcher(plan);
  const digest = emptyDigest();
  const context = { plan, match, subject: { accountId: plan.accountId, as: '' } };
  let milliseconds = 0;
  let page: string[] = [];
  const fold = (): void => {
    const began = performance.now();
    aggregatePage(digest, page, context);
    milliseconds += performance.now() - began;
    page = [];
  };
  // Making the records is not the report's work and is not measured.
  for (const record of busyRecords(RECORDS)) {
    page.push(JSON.stringify(record));
    if (page.length === PAGE) fold();
  }
  fold();
  const began = performance.now();
  const reading = beginReading(plan);
  for (const cursor of reading.lanes) cursor.done = reading.subjects.length;
  const model = buildReport(
    endedRequest(),
    { requestId: 'request-1', version: 0, plan, reading, digest },
    { sourceName: 'CloudTrail event history' },
  );
  const bytes = renderHtml(model).length + renderText(model).length;
  milliseconds += performance.now() - began;
  return { milliseconds, bytes };
}

const { milliseconds, bytes } = measure();
const results = [
  {
    name: 'report: 100,000 calls, parsed, matched, folded, rendered',
    value: Math.round(milliseconds),
    unit: 'ms',
    bar: 3000,
  },
  {
    name: 'report: peak memory of the process',
    value: Math.round(process.resourceUsage().maxRSS / 1024),
    unit: 'MB',
    bar: 256,
  },
  { name: 'report: both renderings together', value: Math.round(bytes / 1024), unit: 'KB', bar: 150 },
];
for (const result of results) console.log(JSON.stringify(result));
