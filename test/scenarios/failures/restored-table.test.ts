import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import type { State } from '../support/state.ts';

const TABLE = 'glasshammer-requests';

type Item = Record<string, unknown> & { readonly id: string };

/**
 * The instant of the backup, in seconds from the grant: before the request, before its turn, while it was granting,
 * while it was active, and shortly before its end.
 */
const BACKUPS = ['never', 'approved', 'granting', 60, 660, 1330, 1750] as const;
/** When it is restored: while access lasts, after the warning, shortly before the end, during the removal, after it. */
const RESTORES = [20, 120, 720, 1390, 1760, 1812, 2000] as const;
const MINUTES = 30;
/** Access that is shorter than the time after which the sweep gives up a request that was not granted. */
const SHORT = { minutes: 15, restores: [20, 120, 720, 860, 912, 1100] } as const;
/** One sweep after the end, and the time that it and a removal take. Seconds. */
const MARGIN_SECONDS = 300 + 120;

/** A target for each case, so that all cases are played at once. */
const PLACES = ['ana', 'ben', 'cleo', 'dan'].flatMap((name) =>
  [PRODUCTION, STAGING, '210987654321', '345678901234'].flatMap((accountId) =>
    [READ_ONLY, POWER, ADMIN, BREAK_GLASS].map((permissionSetArn) => ({
      user: `U0${name.toUpperCase()}`,
      ...{ principalId: `user-${name}`, accountId, permissionSetArn },
    })),
  ),
);
type Place = (typeof PLACES)[number];

interface Case {
  readonly place: Place;
  readonly back: (typeof BACKUPS)[number];
  readonly at: number;
  readonly minutes?: number;
  /** An administrator made the same assignment before. */
  readonly isStanding?: true;
  /** The requester sees no access in Slack, and asks once more. */
  readonly asksAgain?: true;
}

const PAIRS = RESTORES.flatMap((at) =>
  BACKUPS.filter((back) => typeof back === 'string' || back < at).map((back) => ({ back, at })),
);
const STANDING = [
  ...(['never', 'approved', 60] as const).map((back) => ({ back, at: 1390, isStanding: true as const })),
  { back: 'approved' as const, at: 120, isStanding: true as const },
];
const SHORT_ONES = SHORT.restores.map((at) => ({ back: 'approved' as const, at, minutes: SHORT.minutes }));
const ASKED_AGAIN = [120, 1390, 1760].map((at) => ({ back: 'never' as const, at, asksAgain: true as const }));
const CASES: readonly Case[] = [...PAIRS, ...SHORT_ONES, ...STANDING, ...ASKED_AGAIN].map((pair, index) => ({
  ...pair,
  place: PLACES[index] as Place,
}));

const keyOf = ({ principalId, accountId, permissionSetArn }: Omit<Place, 'user'>) =>
  `${principalId}#${accountId}#${permissionSetArn}`;
const nameOf = ({ back, at, isStanding, asksAgain, minutes = MINUTES }: Case) =>
  `${minutes} minutes, ${isStanding ? 'standing, ' : ''}back to ${back} at ${at}${asksAgain ? ', asked for again' : ''}`;

/** The request table is restored from a backup while access lasts. */
describe('a request table from a backup', () => {
  let driver: Driver;
  let table: DynamoDBDocumentClient;
  let grantedAt: number;
  beforeAll(async () => {
    driver = await Driver.start();
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'none' };
    table = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: driver.running.url, region: 'eu-central-1', credentials }),
    );
  });
  afterAll(async () => {
    table.destroy();
    await driver.stop();
  });

  const items = async () => ((await table.send(new ScanCommand({ TableName: TABLE }))).Items ?? []) as Item[];
  const requestOf = ({ requests }: State, place: Place) =>
    requests.find(
      ({ requester, target }) =>
        keyOf({
          principalId: requester.principalId,
          accountId: target.accountId ?? '',
          permissionSetArn: target.permissionSetArn ?? '',
        }) === keyOf(place),
    );

  async function until(seconds: number): Promise<void> {
    const passed = (Date.parse((await driver.state()).now) - grantedAt) / 1000;
    if (seconds > passed) await driver.advance(`PT${(seconds - passed).toFixed(3)}S`);
  }

  const ask = ({ place, minutes = MINUTES }: Case) => {
    const { user, accountId: account, permissionSetArn: permissionSet } = place;
    return driver.ask(user, { account, permissionSet, duration: `${minutes}m`, reason: 'for work' });
  };

  async function everybodyAsks(): Promise<Map<Case, string>> {
    const records = CASES.map(({ place }) => ({
      id: { S: `access#${place.accountId}#${place.permissionSetArn}#${place.principalId}` },
    }));
    await driver.putRecords(...records);
    for (const { place, isStanding } of CASES) {
      const { user: _user, ...assignment } = place;
      if (isStanding) await driver.must('POST', '/sandbox/assignments', assignment);
    }
    await driver.advance('PT10M');
    for (const one of CASES) await ask(one);
    await driver.advance('PT30S');
    const state = await driver.state();
    grantedAt = Date.parse(state.now);
    const asked = new Map(CASES.map((one) => [one, requestOf(state, one.place)]));
    expect([...asked].filter(([, request]) => request?.state !== 'active').map(([one]) => nameOf(one))).toEqual([]);
    return new Map([...asked].map(([one, request]) => [one, request?.id ?? '']));
  }

  /** Whether an item, of any kind, belongs to this access. */
  const isOf = (one: Case, requestId: string) => (item: Item) =>
    item.id.includes(requestId) || item.id.endsWith(`#${keyOf(one.place)}`);

  /** The request as it was before its access began. */
  function earlier(item: Item, state: 'approved' | 'granting'): Item {
    const later = state === 'approved' ? ['granting', 'granted', 'warned'] : ['granted', 'warned'];
    const events = (item.events as { type: string }[]).filter(({ type }) => !later.includes(type));
    const { grant, ...rest } = item;
    return { ...rest, ...(state === 'granting' ? { grant } : {}), state, events, tokens: {} };
  }

  /** The items of a case in its backup. Those from before the grant are derived from those just after it. */
  function known(one: Case, requestId: string, backups: ReadonlyMap<Case['back'], readonly Item[]>): readonly Item[] {
    if (one.back === 'never') return [];
    if (typeof one.back === 'number') return (backups.get(one.back) ?? []).filter(isOf(one, requestId));
    const began = (backups.get('granting') ?? []).filter(isOf(one, requestId));
    const request = began.filter(({ id }) => id === requestId).map((item) => earlier(item, one.back as 'approved'));
    const lease = `assignment#${keyOf(one.place)}`;
    const beside = one.back === 'approved' ? [] : began.filter(({ id }) => [lease, `usage#${lease}`].includes(id));
    return [...request, ...beside];
  }

  it(`of any instant, restored at any instant (${CASES.length} cases), keeps no access alive and removes none of others`, async () => {
    const requests = await everybodyAsks();
    const backups = new Map<Case['back'], readonly Item[]>([['granting', await items()]]);
    const wrong = async () => {
      const held = new Set((await driver.state()).assignments.map(keyOf));
      return CASES.filter((one) => held.has(keyOf(one.place)) !== (one.isStanding === true));
    };
    const steps = [...BACKUPS.filter((back) => typeof back === 'number'), ...CASES.map(({ at }) => at)];
    for (const seconds of [...new Set(steps)].sort((a, b) => a - b)) {
      await until(seconds);
      if (seconds > SHORT.minutes * 60 + MARGIN_SECONDS && seconds < MINUTES * 60)
        expect((await wrong()).filter(({ minutes }) => minutes === SHORT.minutes).map(nameOf)).toEqual([]);
      const now = await items();
      if (BACKUPS.some((back) => back === seconds)) backups.set(seconds as Case['back'], now);
      for (const [one, requestId] of requests) {
        if (one.at !== seconds) continue;
        for (const { id } of now.filter(isOf(one, requestId)))
          await table.send(new DeleteCommand({ TableName: TABLE, Key: { id } }));
        for (const item of known(one, requestId, backups))
          await table.send(new PutCommand({ TableName: TABLE, Item: item }));
        if (one.asksAgain) await ask(one);
      }
    }
    await until(MINUTES * 60 + MARGIN_SECONDS);
    expect((await wrong()).filter(({ asksAgain }) => !asksAgain).map(nameOf)).toEqual([]);
    // Access that was requested again has its own end, and the requests of the older table grant nothing anew.
    await until(2 * MINUTES * 60 + MARGIN_SECONDS);
    expect((await wrong()).map(nameOf)).toEqual([]);
  });
});
