import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { findRequests, type ListPosition, type RequestFilter } from '../core/access/request/find-requests.ts';
import { happen } from '../core/model/events.ts';
import type { AccessRequest } from '../core/model/request.ts';
import { documentClientOver } from '../gateways/dynamodb/document-client.ts';
import { toItem } from '../gateways/dynamodb/requests/request-item.ts';
import { createRequestList } from '../gateways/dynamodb/requests/request-list.ts';
import { percentile, report } from './measure.ts';

const COUNT = 10_000;
/** The most bytes that one DynamoDB Query reads. */
const MOST_BYTES = 2 ** 20;
const NOW = '2026-01-31T12:00:00.000Z';

/** As many events as a reported request usually has. */
const EVENTS = Array.from({ length: 12 }, () => happen('warned', NOW, { note: 'a line of history as long as most' }));

/** Requests, newest first, one every two minutes; refused and reviewed ones are among them. */
const REQUESTS = Array.from({ length: COUNT }, (_, at): AccessRequest => {
  const person = at % 300;
  const review = { status: at % 40 === 0 ? 'owed' : 'acknowledged', approvers: ['user-cleo'] } as const;
  return {
    id: `req-${String(at).padStart(30, '0')}`,
    requestedAt: new Date(Date.parse(NOW) - at * 120_000).toISOString(),
    state: at % 4 === 0 ? 'refused' : 'reported',
    requester: {
      slackId: `U${person}`,
      principalId: `93a7bc2f10-${person}-4ee2-bb5c-1234567890ab`,
      userName: `person-${person}@example.com`,
      displayName: `Person ${person}`,
      email: `person-${person}@example.com`,
    },
    target: {
      accountId: String(100_000_000_000 + (at % 50)),
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef',
    },
    names: { accountName: `Account ${at % 50}`, permissionSetName: 'AdministratorAccess' },
    reason: `the checkout is down, and case number ${at} has to be looked at in the queue of the payment service`,
    ticket: `INC-${at}`,
    breakGlass: at % 20 === 0,
    ...(at % 20 === 0 ? { review } : {}),
    durationSeconds: 3600,
    startsAt: NOW,
    endsAt: NOW,
    sessionSeconds: 3600,
    origin: { kind: 'cli' },
    events: EVENTS,
    votes: [],
    messages: [],
    tokens: {},
  };
});

/** The requests as stored: the whole item, and the index item. */
const ITEMS = REQUESTS.map((request) => {
  const item = toItem(request);
  const { id, requestedAt } = request;
  const { askedIn, find, state, breakGlass, review } = item;
  const indexed = { id, requestedAt, askedIn, find, state, breakGlass, ...(review === undefined ? {} : { review }) };
  return {
    request,
    bytes: JSON.stringify(indexed).length,
    shown: JSON.stringify(marshall({ id, requestedAt })),
    whole: JSON.stringify(marshall(item, { removeUndefinedValues: true })),
  };
});
const AT = new Map(REQUESTS.map(({ id }, at) => [id, at]));

/** The filter that DynamoDB would apply to a page; its cost is not part of the measurement. */
let isLeft: (request: AccessRequest) => boolean = () => true;

let queries = 0;
/** Answers like DynamoDB and without delay, so only the function's work on the answer is measured. */
const client = new DynamoDBClient({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  requestHandler: {
    async handle(request: { headers: Record<string, string>; body: string }) {
      const input = JSON.parse(request.body);
      const body = request.headers['x-amz-target']?.endsWith('Query') ? query(input) : batch(input);
      return { response: { statusCode: 200, headers: {}, body: Buffer.from(body) } };
    },
  } as never,
});

function query(input: {
  Limit: number;
  ExclusiveStartKey?: { id: { S: string } };
  ExpressionAttributeValues: Record<string, { S: string }>;
}): string {
  queries += 1;
  if (input.ExpressionAttributeValues[':month']?.S !== '2026-01') return '{"Items":[],"Count":0,"ScannedCount":0}';
  const from = input.ExclusiveStartKey === undefined ? 0 : (AT.get(input.ExclusiveStartKey.id.S) ?? -1) + 1;
  const page = [];
  let bytes = 0;
  for (const one of ITEMS.slice(from, from + input.Limit)) {
    if (bytes > MOST_BYTES) break;
    bytes += one.bytes;
    page.push(one);
  }
  const last = from + page.length < COUNT ? page.at(-1)?.request : undefined;
  const key = last && JSON.stringify(marshall({ id: last.id, askedIn: '2026-01', requestedAt: last.requestedAt }));
  const next = key === undefined ? '' : `,"LastEvaluatedKey":${key}`;
  const items = page.filter(({ request }) => isLeft(request)).map(({ shown }) => shown);
  return `{"Items":[${items.join(',')}],"ScannedCount":${page.length}${next}}`;
}

function batch(input: { RequestItems: { requests: { Keys: { id: { S: string } }[] } } }): string {
  const ids = input.RequestItems.requests.Keys.map(({ id }) => id.S);
  return `{"Responses":{"requests":[${ids.map((id) => ITEMS[AT.get(id) ?? -1]?.whole).join(',')}]},"UnprocessedKeys":{}}`;
}

/** Processor time of this process so far. Milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const list = createRequestList({ client: documentClientOver(client), tableName: 'requests' });

/** Reads all ten thousand requests, page by page, as for a person whose search matches few. */
async function through(filter: RequestFilter): Promise<{ ms: number; pages: number[]; found: number }> {
  const pages: number[] = [];
  let found = 0;
  let after: ListPosition | undefined;
  const startedAt = processorMs();
  do {
    const pageAt = processorMs();
    const page = await findRequests(filter, { size: 100, ...(after && { after }) }, { list, now: () => new Date(NOW) });
    pages.push(processorMs() - pageAt);
    found += page.requests.length;
    after = page.next;
  } while (after !== undefined);
  return { ms: processorMs() - startedAt, pages, found };
}

const from = '2026-01-01T00:00:00.000Z';
const FILTERS: readonly (readonly [string, RequestFilter, typeof isLeft])[] = [
  ['a person', { person: 'person-7@example.com' }, ({ requester }) => requester.userName === 'person-7@example.com'],
  ['a review that is owed', { breakGlass: true, reviewed: false }, ({ review }) => review?.status === 'owed'],
  ['a text that one has', { text: 'number 9876 ' }, ({ reason }) => reason.includes('number 9876 ')],
  ['a state that most have', { states: ['reported'] }, ({ state }) => state === 'reported'],
];
const pages: number[] = [];
for (const [name, filter, left] of FILTERS) {
  isLeft = left;
  for (let warm = 0; warm < 3; warm++) await through({ ...filter, from });
  const runs = [];
  queries = 0;
  for (let run = 0; run < 9; run++) runs.push(await through({ ...filter, from }));
  pages.push(...runs.flatMap((one) => one.pages));
  const { found } = runs[0] ?? { found: 0 };
  const times = runs.map(({ ms }) => ms);
  // Thousands of matches fill many pages, and nobody waits for all of them at once.
  const bar = found <= 500 ? { bar: 200 } : {};
  report({
    name: `10,000 requests by ${name} (${found} found): our time`,
    value: percentile(times, 0.5),
    unit: 'ms',
    ...bar,
  });
  report({ name: '  queries, each of at most 1,000 items', value: queries / 9, unit: 'calls' });
}
report({
  name: 'a page of the list of all requests: our time, p99',
  value: percentile(pages, 0.99),
  unit: 'ms',
  bar: 200,
});
