import { DRIFT_MODE_ID } from '../../../core/model/stored-ids.ts';
import type { FunctionName } from '../../../lambdas/shared/environment-names.ts';
import { DRIFT_STEP_MINUTES } from '../../../lib/watch/assignment-changes.ts';
import { createAwsEmulator } from '../../../sandbox/aws/emulator.ts';
import type { StreamRecord } from '../../../sandbox/aws/tables/table-streams.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { CallCounter, FaultPlan } from '../../../sandbox/faults.ts';
import { AsyncDelivery } from '../../../sandbox/lambdas/async-delivery.ts';
import { StreamDelivery } from '../../../sandbox/lambdas/stream-delivery.ts';
import { assignmentEvent } from '../../../sandbox/server/assignment-rule.ts';
import {
  ACCESS_TABLE,
  environmentFor,
  REQUEST_TABLE,
  SIGNING_SECRET,
  settingsFor,
  stateMachineArn,
} from '../../../sandbox/server/environment.ts';
import { callFunction } from '../../../sandbox/server/gateway.ts';
import { tableSpecs } from '../../../sandbox/server/tables.ts';
import { createSlackEmulator } from '../../../sandbox/slack/emulator.ts';
import { StatesEngine } from '../../../sandbox/states/engine.ts';
import { CLIENT_OPTIONS, lendClientOptions, readSharedConfiguration } from '../../in-process/clients.ts';
import { FaultBook } from '../faults.ts';
import { type History, loses } from '../history.ts';
import { Random } from '../random.ts';
import type { Stage } from '../steps.ts';
import type { ReportViolation } from '../watch/invariants.ts';
import { Timeline } from '../watch/timeline.ts';
import { AccessWatch } from '../watch/watch-access.ts';
import { ArchiveWatch } from '../watch/watch-archive.ts';
import { MessagesWatch } from '../watch/watch-messages.ts';
import { Outsiders } from '../watch/watch-outsiders.ts';
import { RequestWatch } from '../watch/watch-requests.ts';
import { SessionsWatch } from '../watch/watch-sessions.ts';
import { Containers, type Handler } from './containers.ts';
import { ALLOWING, fixtureSeed, fixtureSettings } from './fixture.ts';
import { surroundBy } from './globals.ts';
import { HANDLERS } from './handlers.ts';
import { Network, type Onlooker } from './network.ts';
import { DEFINITION, handleStopped } from './workflow.ts';

/** A Monday morning. Milliseconds since 1970. */
export const START_MS = Date.parse('2026-01-05T09:00:00Z');

/** How long an operator takes to answer the alarm about a lost event. */
const OPERATOR_MS = 3600_000;

/** The sweep's schedule as deployed. */
const SWEEP_EVERY_MS = 5 * 60_000;
/** Which function reads which table's stream, and how long it gathers records, as deployed. */
const STREAMS = [
  { table: ACCESS_TABLE, functionName: 'access-records-changed', gatherMs: 0 },
  { table: REQUEST_TABLE, functionName: 'audit-to-archive', gatherMs: 5_000 },
] as const;

/** How a mutation differs from the real build. */
export interface Mutant {
  /** Handlers in place of the deployed ones. */
  readonly handlers?: Partial<Record<FunctionName, Handler>>;
  /** Sees and changes the functions' calls on their way; a new one for each history. */
  onlooker?(): Onlooker;
  /** Whether the sweep's schedule, and the rule for stopped workflows, are missing. */
  readonly withoutSweep?: boolean;
  readonly withoutRule?: boolean;
}

/** Everything that a history is played with: the world, the functions in it, and the watchers. */
export interface SimulatedWorld {
  readonly timeline: Timeline;
  readonly stage: Stage;
  readonly requests: RequestWatch;
  readonly access: AccessWatch;
  readonly words: MessagesWatch;
  readonly archive: ArchiveWatch;
  readonly outsiders: Outsiders;
  readonly sessions: SessionsWatch;
  /** One line per call, oldest first. */
  readonly trace: readonly string[];
  note(line: string): void;
  /** Gives this process its own clock, random numbers and network back. */
  leave(): void;
}

/** Builds the world, and replaces this process's clock, random numbers and network until `leave` is called. */
export async function createSimulatedWorld(
  history: History,
  mutant: Mutant,
  reportViolation: ReportViolation,
): Promise<SimulatedWorld> {
  const timeline = new Timeline(START_MS);
  const nowMs = () => timeline.nowMs();
  const clock = { nowMs, schedule: timeline.schedule.bind(timeline) };
  const random = new Random(history.seed ^ 0x5f3759df);
  const chance = random.fork();
  const seed = fixtureSeed(random.pick([0, 1, 2, 2, 5, 20, 60]));
  const world = createWorld(seed);
  const faults = new FaultBook(history.faults, START_MS);
  const requests = new RequestWatch(reportViolation);
  const rules = { records: new Set(Object.keys(ALLOWING)), frozen: false, disabled: new Set<string>() };
  const outsiders = new Outsiders({ enforcing: history.drift === 'enforcing' });
  const losing = loses(history);
  const quiet = history.faults.length === 0 && !losing;
  const access = new AccessWatch({ world, requests, faults, nowMs, rules, outsiders, quiet, losing, reportViolation });
  const sessions = new SessionsWatch({ world, requests, access, faults, quiet, nowMs, reportViolation });
  const words = new MessagesWatch({ requests, access, reportViolation, nowMs });
  const archive = new ArchiveWatch({ requests, reportViolation });
  const trace: string[] = [];
  const note = (line: string) => void trace.push(`${((nowMs() - START_MS) / 1000).toFixed(3).padStart(10)} ${line}`);
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
  };

  const handlers = { ...HANDLERS, ...mutant.handlers };
  const containers = new Containers({ timeline, random: random.fork(), faults, handlers, skewMs: history.skewMs });
  const invoke = (name: string, event: unknown) => containers.invoke(name as FunctionName, event);
  const delivery = new AsyncDelivery({
    clock,
    invoke: invokeAndHear,
    onDeadLetter(name, event) {
      note(`dead letter for ${name}`);
      // As the runbook says for what CloudTrail reports: an operator hands it to the function again.
      if (name === 'watch-assignments' && 'id' in Object(event))
        clock.schedule(clock.nowMs() + OPERATOR_MS, () => delivery.send(name, event));
    },
  });
  const engine = new StatesEngine({
    definition: DEFINITION,
    stateMachineArn: stateMachineArn(world),
    clock,
    newToken: newId,
    random: forked(random),
    invoke: (call) => invoke(call.functionName, call.payload),
    onStatusChange(change) {
      if (change.status !== 'RUNNING') note(`workflow ${change.name} ${change.status}`);
      if (mutant.withoutRule !== true) handleStopped(change, (event) => delivery.send('revoke-access', event));
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
    states: engine,
    tables: tableSpecs(seed.accessRecords as Parameters<typeof tableSpecs>[0]),
    newId,
    onTrailRecord(record) {
      lastEventId = record.eventID;
      const event = assignmentEvent(record, world);
      if (event !== undefined) hearOf(event);
    },
    onStreamRecords(changed, records) {
      for (const { table, mapping } of streams) if (table === changed) mapping.push(records);
      if (changed === REQUEST_TABLE) readAll(records);
    },
  });
  let twice = false;
  let lastEventId = '';
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
  const onlookers = [...(mutant.onlooker === undefined ? [] : [mutant.onlooker()]), access, words, archive];
  const parts = { timeline, random: random.fork(), faults, containers, aws, slack, planned, onlookers, note };
  const network = new Network(parts);

  async function invokeAndHear(name: string, event: unknown): Promise<unknown> {
    const answer = await invoke(name, event);
    const { id } = event as { id?: string };
    if (name === 'watch-assignments' && id !== undefined) outsiders.heard(id, requests);
    return answer;
  }

  /** Reads stream records outside the emulator's write: an error here must not look like a failed write. */
  function readAll(records: readonly StreamRecord[]): void {
    try {
      for (const record of records) requests.read(record, nowMs());
    } catch (error) {
      timeline.fail(error);
    }
  }

  /** Acts as the deployed rule on CloudTrail: delivers an event seconds later, and sometimes twice. */
  function hearOf(event: unknown): void {
    for (let left = chance.chance(0.1) ? 2 : 1; left > 0; left -= 1) {
      timeline.schedule(nowMs() + chance.int(1_000, 20_000), () => delivery.send('watch-assignments', event));
    }
  }

  function schedulePass(): void {
    timeline.schedule(nowMs() + DRIFT_STEP_MINUTES * 60_000, () => {
      const something = requests.isAnythingOpen(nowMs()) || outsiders.leftToRemove().length > 0;
      if (something) delivery.send('watch-assignments', { checkProvisioned: true });
      schedulePass();
    });
  }

  /** Whether there is a request whose workflow stopped or never began. */
  function isAnyAbandoned(): boolean {
    const running = new Set(engine.listExecutions({ statusFilter: 'RUNNING' }).map(({ name }) => name));
    return requests.open().some(({ id, state }) => state !== 'ended' && !running.has(id));
  }

  function scheduleSweep(): void {
    timeline.schedule(nowMs() + SWEEP_EVERY_MS, () => {
      const ours = history.everySweep ? requests.isAnythingOpen(nowMs()) : requests.isAnythingDue(nowMs());
      const lost = losing && access.ours().length > 0;
      const something = ours || lost || isAnyAbandoned() || outsiders.leftToRemove().length > 0;
      if (something) delivery.send('sweep-access', { source: 'aws.events' });
      scheduleSweep();
    });
  }

  const settings = fixtureSettings(settingsFor(world, { teamId: seed.slack.workspace.id }));
  const urls = { awsUrl: CLIENT_OPTIONS.endpoint, slackApiUrl: 'http://slack.invalid/api/' };
  const environment = process.env;
  process.env = { ...environment, ...environmentFor({ world, settings, ...urls }) };
  // The functions' clients are made with these options, and call the emulators in this process.
  const takeOptionsBack = lendClientOptions(() => network.requestHandler(), { region: world.region });
  await readSharedConfiguration(world.region);
  // Creates the tables before the first second.
  await aws.byConsole('dynamodb:ListTables', {});
  if (mutant.withoutSweep !== true) scheduleSweep();
  if (history.drift !== 'events') schedulePass();
  if (history.drift === 'enforcing') {
    const Item = { id: { S: DRIFT_MODE_ID }, mode: { S: 'enforcing' } };
    await aws.byConsole('dynamodb:PutItem', { TableName: REQUEST_TABLE, Item });
  }

  surroundBy({
    nowMs: () => timeline.nowMs() + (containers.running?.container.skewMs ?? 0),
    random: forked(random),
    after: (ms, fn) => containers.after(ms, fn),
    fetch: (url, init) => network.fetch(url, init),
  });
  // Drops what the functions log.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;

  const byConsole = (name: string, input: Record<string, unknown>) => timeline.busy(() => aws.byConsole(name, input));
  return {
    timeline,
    requests,
    access,
    words,
    archive,
    outsiders,
    sessions,
    trace,
    note,
    stage: {
      world,
      slack,
      engine,
      requests,
      access,
      byConsole,
      changeByHand: aws.changeByHand,
      lastEventId: () => lastEventId,
      deliverTwice: () => {
        twice = true;
      },
    },
    leave: () => {
      surroundBy(undefined);
      process.stdout.write = write;
      process.env = environment;
      takeOptionsBack();
    },
  };
}

function forked(random: Random): () => number {
  const own = random.fork();
  return () => own.next();
}
