import { readFileSync } from 'node:fs';
import type { FunctionName } from '../../lambdas/environment-names.ts';
import { callAwsBy } from '../../lambdas/services/aws-calls.ts';
import { createWorld } from '../../sandbox/aws/create-world.ts';
import { createAwsEmulator } from '../../sandbox/aws/emulator.ts';
import type { StreamRecord } from '../../sandbox/aws/table-streams.ts';
import { CallCounter, FaultPlan } from '../../sandbox/faults.ts';
import { AsyncDelivery } from '../../sandbox/lambdas/async-delivery.ts';
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
import { BrokenInvariantError, createJudge, type Invariant, type Judge } from './invariants.ts';
import { Network, type Onlooker } from './network.ts';
import { Random } from './random.ts';
import { carryOut } from './steps.ts';
import { Timeline } from './timeline.ts';
import { AccessWatch } from './watch-access.ts';
import { RequestWatch } from './watch-requests.ts';
import { WordsWatch } from './watch-words.ts';

/** A Monday morning, like any other. */
const START_MS = Date.parse('2026-01-05T09:00:00Z');
const SWEEP_EVERY_MS = 5 * 60_000;
/** After the last step and the last outage, everything has this long to come to its end. */
const AFTERMATH_MS = 3 * 24 * 3600_000;

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
  /** The schedule of the sweep, and the rule for workflows that stopped. */
  readonly withoutSweep?: boolean;
  readonly withoutRule?: boolean;
}

/** What came of a history. */
export interface Outcome {
  readonly broken?: { readonly invariant: Invariant; readonly facts: string; readonly atMs: number };
  /** Virtual seconds from the first step to the end. */
  readonly seconds: number;
  readonly calls: number;
  /** One line a call, oldest first. */
  readonly trace: readonly string[];
  /** How many requests ended in each state. */
  readonly states: Readonly<Record<string, number>>;
}

/**
 * Plays one history from its first step until nothing is left to happen, and stops at the first broken invariant.
 *
 * @param only the one invariant that counts; absent: all do
 */
export async function play(history: History, breakage: Breakage = {}, only?: Invariant): Promise<Outcome> {
  const judge = createJudge(only);
  const timeline = new Timeline(START_MS);
  const random = new Random(history.seed ^ 0x5f3759df);
  const seed = companySeed(random.pick([0, 1, 2, 2, 5, 20, 60]));
  const world = createWorld(seed);
  const faults = new FaultBook(history.faults, START_MS);
  const nowMs = () => timeline.nowMs();
  const clock = { nowMs, schedule: timeline.schedule.bind(timeline) };
  const requests = new RequestWatch(judge);
  const rules = { records: new Set(Object.keys(ALLOWING)), frozen: false, disabled: new Set<string>() };
  const access = new AccessWatch({ world, requests, faults, nowMs, rules, judge });
  const words = new WordsWatch({ requests, access, judge });
  const trace: string[] = [];
  const note = (line: string) => trace.push(`${((nowMs() - START_MS) / 1000).toFixed(3).padStart(10)} ${line}`);
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${String(ids).padStart(6, '0')}`;
  };
  const invoke = (name: string, event: unknown) => containers.invoke(name as FunctionName, event);

  const containers = new Containers({
    timeline,
    random: random.fork(),
    faults,
    handlers: { ...HANDLERS, ...breakage.handlers },
    skewMs: history.skewMs,
  });
  const engine = new StatesEngine({
    definition,
    stateMachineArn: stateMachineArn(world),
    clock,
    newToken: newId,
    random: forked(random),
    invoke: (call) => invoke(call.functionName, call.payload),
    onStatusChange: (change) => onWorkflow(change),
  });
  const delivery = new AsyncDelivery({ clock, invoke, onDeadLetter: (name) => note(`dead letter for ${name}`) });
  const planned = new FaultPlan({ clock });
  const calls = new CallCounter();
  const aws = createAwsEmulator({
    world,
    clock,
    faults: planned,
    calls,
    states: {
      stateMachineArn: stateMachineArn(world),
      startExecution: engine.startExecution.bind(engine),
      stopExecution: engine.stopExecution.bind(engine),
      sendTaskSuccess: engine.sendTaskSuccess.bind(engine),
      sendTaskFailure: engine.sendTaskFailure.bind(engine),
      sendTaskHeartbeat: engine.sendTaskHeartbeat.bind(engine),
      describeExecution: engine.describeExecution.bind(engine),
      listExecutions: engine.listExecutions.bind(engine),
      history: engine.history.bind(engine),
    },
    tables: tableSpecs(seed.accessRecords as Parameters<typeof tableSpecs>[0]),
    newId,
    onStreamRecords: (table, records) => onStream(table, records),
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
      const deliver = () =>
        callFunction(
          { path: `/slack/${route}`, headers, body: Buffer.from(body) },
          (event) => invoke('access-requested', event),
          nowMs(),
        );
      const again = twice;
      twice = false;
      const answers = await Promise.all([deliver(), ...(again ? [deliver()] : [])]);
      return answers[0] as Awaited<ReturnType<typeof deliver>>;
    },
  });
  const onlookers = [...(breakage.onlooker === undefined ? [] : [breakage.onlooker()]), access, words];
  const network = new Network({
    timeline,
    random: random.fork(),
    faults,
    containers,
    aws,
    slack,
    planned,
    onlookers,
    note,
  });

  function onWorkflow(change: ExecutionStatusChange): void {
    if (change.status !== 'RUNNING') note(`workflow ${change.name} ${change.status}`);
    if (!['FAILED', 'TIMED_OUT', 'ABORTED'].includes(change.status) || breakage.withoutRule === true) return;
    const { executionArn, name, status, input } = change;
    delivery.send('revoke-access', {
      version: '0',
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn, name, status, input },
    });
  }

  /** A stream hands its records over again until they are taken, in order. */
  let streams: Promise<unknown> = Promise.resolve();
  function onStream(table: string, records: readonly StreamRecord[]): void {
    if (table === REQUEST_TABLE) {
      for (const record of records) {
        try {
          requests.read(record, nowMs());
        } catch (error) {
          timeline.fail(error);
        }
      }
    }
    if (table !== ACCESS_TABLE) return;
    streams = streams.then(async () => {
      while (
        !(await invoke('access-records-changed', { Records: records }).then(
          () => true,
          () => false,
        ))
      ) {
        await new Promise<void>((resolve) => void timeline.schedule(nowMs() + 1_000, resolve));
      }
    });
  }

  function scheduleSweep(): void {
    timeline.schedule(nowMs() + SWEEP_EVERY_MS, () => {
      const something = history.everySweep ? requests.isAnythingOpen(nowMs()) : requests.isAnythingDue(nowMs());
      if (something) delivery.send('sweep-access', { source: 'aws.events' });
      scheduleSweep();
    });
  }

  const settings = companySettings(settingsFor(world, { teamId: seed.slack.workspace.id }));
  const environment = environmentFor({
    world,
    settings,
    awsUrl: 'http://aws.invalid',
    slackApiUrl: 'http://slack.invalid/api/',
  });
  Object.assign(process.env, environment);
  const requestHandler = network.requestHandler();
  callAwsBy({ ...CLIENT_OPTIONS, region: world.region, requestHandler });

  const stage = {
    world,
    slack,
    engine,
    requests,
    access,
    aws: {
      ...aws,
      byConsole: (name: string, input: Record<string, unknown>) => timeline.busy(() => aws.byConsole(name, input)),
    },
    deliverTwice: () => {
      twice = true;
    },
  };
  await readSharedConfiguration(world.region);
  // The tables are there before the first second.
  await aws.byConsole('dynamodb:ListTables', {});
  const write = process.stdout.write.bind(process.stdout);
  surroundBy({
    nowMs: () => timeline.nowMs() + (containers.running?.container.skewMs ?? 0),
    random: forked(random),
    after: (ms, fn) => {
      const invocation = containers.running;
      return timeline.schedule(timeline.nowMs() + ms, () => {
        if (invocation?.dead === true) return;
        if (invocation !== undefined) containers.enter(invocation);
        fn();
      });
    },
    fetch: (url, init) => network.fetch(url, init),
  });
  // Whatever the functions log is not for whoever runs the simulation.
  process.stdout.write = () => true;
  const last = Math.max(
    ...history.steps.map(({ at }) => at),
    ...history.faults.map((fault) => ('until' in fault ? fault.until : fault.from)),
    0,
  );
  let left = history.steps.length;
  const isOver = () =>
    left === 0 && requests.open().length === 0 && requests.leases.size === 0 && access.ours().length === 0;
  try {
    for (const step of history.steps) {
      timeline.schedule(START_MS + step.at * 1000, () => {
        left -= 1;
        note(`step ${step.do}`);
        carryOut(step, stage).catch((error: unknown) => timeline.fail(error));
      });
    }
    if (breakage.withoutSweep !== true) scheduleSweep();
    await timeline.run(
      START_MS + last * 1000 + 60_000,
      () => access.check(),
      () => false,
    );
    const over = await timeline.run(START_MS + last * 1000 + AFTERMATH_MS, () => access.check(), isOver);
    judgeEnd(over, { requests, words, access, judge });
    return outcome();
  } catch (error) {
    if (!(error instanceof BrokenInvariantError)) throw error;
    return outcome({ invariant: error.invariant, facts: error.message, atMs: nowMs() - START_MS });
  } finally {
    surroundBy(undefined);
    process.stdout.write = write;
  }

  function outcome(broken?: Outcome['broken']): Outcome {
    const states: Record<string, number> = {};
    for (const { request } of requests.requests.values()) states[request.state] = (states[request.state] ?? 0) + 1;
    return {
      ...(broken === undefined ? {} : { broken }),
      seconds: (nowMs() - START_MS) / 1000,
      calls: trace.length,
      trace,
      states,
    };
  }
}

function forked(random: Random): () => number {
  const own = random.fork();
  return () => own.next();
}

/** When nothing is left to happen: invariants 5 and 8, and 1 once more. */
function judgeEnd(
  over: boolean,
  { requests, words, access, judge }: { requests: RequestWatch; words: WordsWatch; access: AccessWatch; judge: Judge },
): void {
  const open = requests.open();
  const said = open
    .map(({ id, state, events }) => `${id} ${state} (${events.map(({ type }) => type).join(', ')})`)
    .join('; ');
  if (access.ours().length > 0) judge(1, `still there at the end: ${access.ours().join(', ')}`);
  const unreported = open.filter(({ state }) => state === 'ended');
  if (unreported.length > 0) judge(5, `neither reported nor said to be unreportable: ${said}`);
  if (open.length > 0) judge(8, `never came to an end: ${said}`);
  if (!over) judge(8, `lease items that nobody owns are left: ${[...requests.leases].join(', ')}`);
  for (const { request } of requests.requests.values()) {
    if (request.state === 'reported' && !words.reported.has(request.id))
      judge(5, `${request.id} is said to be reported, and no mail about it went out`);
  }
}
