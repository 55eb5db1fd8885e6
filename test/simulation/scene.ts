import { readFileSync } from 'node:fs';
import type { FunctionName } from '../../lambdas/environment-names.ts';
import { callAwsBy } from '../../lambdas/services/aws-calls.ts';
import { createWorld } from '../../sandbox/aws/create-world.ts';
import { createAwsEmulator } from '../../sandbox/aws/emulator.ts';
import type { StreamRecord } from '../../sandbox/aws/table-streams.ts';
import { CallCounter, FaultPlan } from '../../sandbox/faults.ts';
import { AsyncDelivery } from '../../sandbox/lambdas/async-delivery.ts';
import { StreamDelivery } from '../../sandbox/lambdas/stream-delivery.ts';
import {
  ACCESS_TABLE,
  environmentFor,
  REQUEST_TABLE,
  SIGNING_SECRET,
  settingsFor,
  stateMachineArn,
} from '../../sandbox/server/environment.ts';
import { callFunction } from '../../sandbox/server/gateway.ts';
import { tableSpecs } from '../../sandbox/server/tables.ts';
import { workflowSubstitutions } from '../../sandbox/server/workflow-substitutions.ts';
import { createSlackEmulator } from '../../sandbox/slack/emulator.ts';
import { type ExecutionStatusChange, StatesEngine } from '../../sandbox/states/engine.ts';
import { loadStateMachine } from '../../sandbox/states/load.ts';
import { CLIENT_OPTIONS, readSharedConfiguration } from './clients.ts';
import { ALLOWING, companySeed, companySettings } from './company.ts';
import { Containers, type Handler } from './containers.ts';
import { FaultBook } from './faults.ts';
import { surroundBy } from './globals.ts';
import { HANDLERS } from './handlers.ts';
import type { History } from './history.ts';
import type { Judge } from './invariants.ts';
import { Network, type Onlooker } from './network.ts';
import { Random } from './random.ts';
import type { Stage } from './steps.ts';
import { Timeline } from './timeline.ts';
import { AccessWatch } from './watch-access.ts';
import { ArchiveWatch } from './watch-archive.ts';
import { RequestWatch } from './watch-requests.ts';
import { WordsWatch } from './watch-words.ts';

/** A Monday morning, like any other. Milliseconds since 1970. */
export const START_MS = Date.parse('2026-01-05T09:00:00Z');

/** The deployed schedule of the sweep. */
const SWEEP_EVERY_MS = 5 * 60_000;
/** Who reads which table's stream, and how long each gathers records, as deployed. */
const STREAMS = [
  { table: ACCESS_TABLE, functionName: 'access-records-changed', gatherMs: 0 },
  { table: REQUEST_TABLE, functionName: 'audit-to-archive', gatherMs: 5_000 },
] as const;

/** The workflow file, as it is deployed; read once for all histories. */
const definition = loadStateMachine(
  JSON.parse(readFileSync(new URL('../../statemachines/access.asl.json', import.meta.url), 'utf8')),
  workflowSubstitutions(),
);

/** How a deliberately broken build differs from the real one. */
export interface Breakage {
  /** Functions in place of the deployed ones. */
  readonly handlers?: Partial<Record<FunctionName, Handler>>;
  /** What happens to the functions' calls on their way; a new one for each history. */
  onlooker?(): Onlooker;
  /** Neither the schedule of the sweep nor the rule for workflows that stopped is there. */
  readonly withoutSweep?: boolean;
  readonly withoutRule?: boolean;
}

/** Everything a history is played with: the world, the functions in it, and those who watch. */
export interface Scene {
  readonly timeline: Timeline;
  readonly stage: Stage;
  readonly requests: RequestWatch;
  readonly access: AccessWatch;
  readonly words: WordsWatch;
  readonly archive: ArchiveWatch;
  /** One line a call, oldest first. */
  readonly trace: readonly string[];
  note(line: string): void;
  /** Gives this process its own clock, chance and network back. */
  leave(): void;
}

/** Sets the scene, and puts it behind the clock, chance and network of this process until it is left. */
export async function setScene(history: History, breakage: Breakage, judge: Judge): Promise<Scene> {
  const timeline = new Timeline(START_MS);
  const nowMs = () => timeline.nowMs();
  const clock = { nowMs, schedule: timeline.schedule.bind(timeline) };
  const random = new Random(history.seed ^ 0x5f3759df);
  const seed = companySeed(random.pick([0, 1, 2, 2, 5, 20, 60]));
  const world = createWorld(seed);
  const faults = new FaultBook(history.faults, START_MS);
  const requests = new RequestWatch(judge);
  const rules = { records: new Set(Object.keys(ALLOWING)), frozen: false, disabled: new Set<string>() };
  const access = new AccessWatch({ world, requests, faults, nowMs, rules, judge });
  const words = new WordsWatch({ requests, access, judge });
  const archive = new ArchiveWatch({ requests, judge });
  const trace: string[] = [];
  const note = (line: string) => void trace.push(`${((nowMs() - START_MS) / 1000).toFixed(3).padStart(10)} ${line}`);
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${String(ids).padStart(6, '0')}`;
  };

  const handlers = { ...HANDLERS, ...breakage.handlers };
  const containers = new Containers({ timeline, random: random.fork(), faults, handlers, skewMs: history.skewMs });
  const invoke = (name: string, event: unknown) => containers.invoke(name as FunctionName, event);
  const delivery = new AsyncDelivery({ clock, invoke, onDeadLetter: (name) => note(`dead letter for ${name}`) });
  const engine = new StatesEngine({
    definition,
    stateMachineArn: stateMachineArn(world),
    clock,
    newToken: newId,
    random: forked(random),
    invoke: (call) => invoke(call.functionName, call.payload),
    onStatusChange(change) {
      if (change.status !== 'RUNNING') note(`workflow ${change.name} ${change.status}`);
      if (breakage.withoutRule !== true) heedStopped(change, (event) => delivery.send('revoke-access', event));
    },
  });
  const streams = STREAMS.map(({ table, functionName, gatherMs }) => {
    const onDeadLetter = () => note(`records given up by ${functionName}`);
    const oldestMs = Number.POSITIVE_INFINITY;
    return { table, mapping: new StreamDelivery({ clock, functionName, gatherMs, oldestMs, invoke, onDeadLetter }) };
  });
  const planned = new FaultPlan({ clock });
  const calls = new CallCounter();
  const aws = createAwsEmulator({
    world,
    clock,
    faults: planned,
    calls,
    states: backendOf(engine, stateMachineArn(world)),
    tables: tableSpecs(seed.accessRecords as Parameters<typeof tableSpecs>[0]),
    newId,
    onStreamRecords(changed, records) {
      for (const { table, mapping } of streams) if (table === changed) mapping.push(records);
      if (changed === REQUEST_TABLE) readAll(records);
    },
  });
  let twice = false;
  const slack = createSlackEmulator({
    seed: seed.slack,
    clock,
    faults: planned,
    calls,
    baseUrl: () => 'http://slack.invalid',
    signingSecret: SIGNING_SECRET,
    async deliver(route, body, headers) {
      const call = { path: `/slack/${route}`, headers, body: Buffer.from(body) };
      const deliver = () => callFunction(call, (event) => invoke('access-requested', event), nowMs());
      const again = twice;
      twice = false;
      const [first] = await Promise.all([deliver(), ...(again ? [deliver()] : [])]);
      return first;
    },
  });
  const onlookers = [...(breakage.onlooker === undefined ? [] : [breakage.onlooker()]), access, words, archive];
  const parts = { timeline, random: random.fork(), faults, containers, aws, slack, planned, onlookers, note };
  const network = new Network(parts);

  /** What breaks while the emulator writes must not look like a failed write. */
  function readAll(records: readonly StreamRecord[]): void {
    try {
      for (const record of records) requests.read(record, nowMs());
    } catch (error) {
      timeline.fail(error);
    }
  }

  function scheduleSweep(): void {
    timeline.schedule(nowMs() + SWEEP_EVERY_MS, () => {
      const something = history.everySweep ? requests.isAnythingOpen(nowMs()) : requests.isAnythingDue(nowMs());
      if (something) delivery.send('sweep-access', { source: 'aws.events' });
      scheduleSweep();
    });
  }

  const settings = companySettings(settingsFor(world, { teamId: seed.slack.workspace.id }));
  // An IP address: the SDK would put a bucket's name before any other host.
  const urls = { awsUrl: 'http://127.0.0.1:9', slackApiUrl: 'http://slack.invalid/api/' };
  Object.assign(process.env, environmentFor({ world, settings, ...urls }));
  callAwsBy({ ...CLIENT_OPTIONS, region: world.region, requestHandler: network.requestHandler() });
  await readSharedConfiguration(world.region);
  // The tables are there before the first second.
  await aws.byConsole('dynamodb:ListTables', {});
  if (breakage.withoutSweep !== true) scheduleSweep();

  surroundBy({
    nowMs: () => timeline.nowMs() + (containers.running?.container.skewMs ?? 0),
    random: forked(random),
    after: (ms, fn) => containers.after(ms, fn),
    fetch: (url, init) => network.fetch(url, init),
  });
  // Whatever the functions log is not for whoever runs the simulation.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;

  const byConsole = (name: string, input: Record<string, unknown>) => timeline.busy(() => aws.byConsole(name, input));
  return {
    timeline,
    requests,
    access,
    words,
    archive,
    trace,
    note,
    stage: {
      world,
      slack,
      engine,
      requests,
      access,
      byConsole,
      deliverTwice: () => {
        twice = true;
      },
    },
    leave: () => {
      surroundBy(undefined);
      process.stdout.write = write;
    },
  };
}

/** The deployed rule: an execution that ends otherwise than well is handed to the revoke. */
function heedStopped(change: ExecutionStatusChange, send: (event: unknown) => void): void {
  if (!['FAILED', 'TIMED_OUT', 'ABORTED'].includes(change.status)) return;
  const { executionArn, name, status, input } = change;
  send({
    version: '0',
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn, name, status, input },
  });
}

function backendOf(engine: StatesEngine, arn: string): NonNullable<Parameters<typeof createAwsEmulator>[0]['states']> {
  return {
    stateMachineArn: arn,
    startExecution: engine.startExecution.bind(engine),
    stopExecution: engine.stopExecution.bind(engine),
    sendTaskSuccess: engine.sendTaskSuccess.bind(engine),
    sendTaskFailure: engine.sendTaskFailure.bind(engine),
    sendTaskHeartbeat: engine.sendTaskHeartbeat.bind(engine),
    describeExecution: engine.describeExecution.bind(engine),
    listExecutions: engine.listExecutions.bind(engine),
    history: engine.history.bind(engine),
  };
}

function forked(random: Random): () => number {
  const own = random.fork();
  return () => own.next();
}
