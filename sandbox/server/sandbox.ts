import { createHash } from 'node:crypto';
import { FUNCTION_NAMES, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import { type AwsEmulator, createAwsEmulator } from '../aws/emulator.ts';
import type { StreamRecord } from '../aws/tables/table-streams.ts';
import { createWorld } from '../aws/world/create-world.ts';
import type { Seed } from '../aws/world/seed-schema.ts';
import type { TrailRecord, World } from '../aws/world/world.ts';
import { VirtualClock } from '../clock.ts';
import { CallCounter, FaultPlan } from '../faults.ts';
import { AsyncDelivery } from '../lambdas/async-delivery.ts';
import { LambdaHost } from '../lambdas/host.ts';
import type { StartRuntime } from '../lambdas/runtime.ts';
import { StreamDelivery } from '../lambdas/stream-delivery.ts';
import { createSlackEmulator, type SlackEmulator } from '../slack/emulator.ts';
import { SLACK_OPERATIONS } from '../slack/web-api.ts';
import { loadStateMachineFile } from '../states/definition/load.ts';
import { type ExecutionStatusChange, StatesEngine } from '../states/engine.ts';
import { AlarmBoard } from './alarms.ts';
import { assignmentEvent, TRAIL_TO_BUS_MS } from './assignment-rule.ts';
import { deployedStacks, PREFIX } from './deployed.ts';
import { ApiDoor } from './doors/api-door.ts';
import { BrowserDoor } from './doors/browser-door.ts';
import { SignIn } from './doors/sign-in.ts';
import { environmentFor, REQUEST_TABLE, SIGNING_SECRET, settingsFor, stateMachineArn } from './environment.ts';
import { createAuthorizer } from './function-roles.ts';
import { callFunction, type HttpAnswer, type HttpCall } from './gateway.ts';
import { IdleSchedules, mayConcern } from './idle-schedules.ts';
import { type DeployedSchedule, everyNight, GUARD_WATCH, OLDEST_RECORD_MS, SCHEDULES, STREAMS } from './schedules.ts';
import { tableSpecs } from './tables.ts';
import { workflowSubstitutions } from './workflow-substitutions.ts';

export interface SandboxOptions {
  readonly seed: Seed;
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** The folder of the bundled functions. */
  readonly codeRoot: string;
  /** The path of the workflow definition. */
  readonly workflowFile: string;
  /** The addresses at which the functions call AWS and Slack. */
  readonly awsUrl: string;
  readonly slackApiUrl: string;
  readonly publicUrl: string;
  /** Without it, the deployment has no Slack at all. */
  readonly withSlack: boolean;
  readonly startRuntime: StartRuntime;
  /** The functions do not really wait before they retry a call. */
  readonly skipPauses: boolean;
  /** Scheduled runs are left out while neither they nor the passing of time could change anything. */
  readonly skipIdleSchedules: boolean;
}

const MOST_LOG_LINES = 5000;
/**
 * The most virtual seconds per real second while a function runs. Functions do not get faster with the clock: at 600, a
 * tenth of a second would be the minute after which a grant is given up.
 */
const FASTEST_AT_WORK = 60;

/** The operations, besides those of AWS, that faults can be planned for. */
const OWN_OPERATIONS = [
  ...FUNCTION_NAMES.map((name) => `lambda:${name}`),
  ...[...SCHEDULES.map(({ functionName }) => functionName), 'try-access'].map((name) => `schedule:${name}`),
  ...SLACK_OPERATIONS,
];

/** A whole Glasshammer and its surroundings, starting from the seed. A reset creates a new one. */
export class Sandbox {
  readonly options: SandboxOptions;
  readonly clock: VirtualClock;
  readonly world: World;
  settings: Settings;
  readonly faults: FaultPlan;
  readonly calls = new CallCounter();
  readonly alarms = new AlarmBoard(Date.now());
  readonly logs: string[] = [];
  readonly engine: StatesEngine;
  readonly host: LambdaHost;
  readonly delivery: AsyncDelivery;
  readonly streams: readonly { readonly table: string; readonly delivery: StreamDelivery }[];
  readonly slack: SlackEmulator;
  /** The deployed REST API, for signed calls. */
  readonly door: ApiDoor;
  /** The console's sign-in, and the HTTP API that the console calls. */
  readonly signIn: SignIn;
  readonly browserDoor: BrowserDoor;
  readonly aws: AwsEmulator;
  readonly #idleSchedules: IdleSchedules;
  #ids = 0;
  #closed: boolean = false;

  constructor(options: SandboxOptions) {
    this.options = options;
    this.clock = new VirtualClock({ startMs: Date.now(), speed: options.speed });
    this.world = createWorld(options.seed);
    const { withSlack, seed } = options;
    const deployed = FUNCTION_NAMES.filter((name) => withSlack || name !== OPTIONAL_FUNCTIONS.slack);
    this.world.functions = deployed.map((name) => ({ name: `${PREFIX}-${name}`, state: 'Active' }));
    this.settings = settingsFor(this.world, withSlack ? { teamId: seed.slack.workspace.id } : undefined, seed);
    this.#idleSchedules = new IdleSchedules(this.settings);
    this.world.stacks = deployedStacks(this.world, this.settings, options.publicUrl, this.clock.now());
    this.faults = new FaultPlan({ clock: this.clock, operations: OWN_OPERATIONS });
    this.engine = new StatesEngine({
      definition: loadStateMachineFile(options.workflowFile, workflowSubstitutions()),
      stateMachineArn: stateMachineArn(this.world),
      clock: this.clock,
      newToken: () => this.newId(),
      random: Math.random,
      invoke: (call) => this.#invoke(call.functionName, call.payload),
      onStatusChange: (change) => this.#onWorkflow(change),
    });
    this.aws = createAwsEmulator({
      world: this.world,
      clock: this.clock,
      faults: this.faults,
      calls: this.calls,
      states: this.engine,
      alarms: () => this.alarms.standing(PREFIX, this.settings, this.clock.nowMs()),
      invoke: (name, event) => this.#invoke(name, event),
      invokeLater: (name, event) => this.delivery.sendOnce(name, event),
      tables: tableSpecs(options.seed.accessRecords as Parameters<typeof tableSpecs>[0]),
      newId: () => this.newId(),
      authorize: createAuthorizer(
        this.world,
        () => this.settings,
        (refused) => this.#onLog(JSON.stringify({ level: 'ERROR', event: 'sandbox.access-denied', ...refused })),
      ),
      onStreamRecords: (table, records) => this.#onStream(table, records),
      onTrailRecord: (record) => this.hearOf(record),
    });
    this.slack = createSlackEmulator({
      seed: options.seed.slack,
      clock: this.clock,
      // Where pauses are skipped, no person waits in real time, so Slack's limits count virtual time.
      speed: options.skipPauses ? 1 : options.speed,
      faults: this.faults,
      calls: this.calls,
      baseUrl: () => options.publicUrl,
      signingSecret: SIGNING_SECRET,
      deliver: (route, body, headers) => this.callApp({ path: `/slack/${route}`, headers, body: Buffer.from(body) }),
    });
    this.signIn = new SignIn({ world: this.world, nowMs: () => this.clock.nowMs(), publicUrl: options.publicUrl });
    this.host = new LambdaHost({
      codeRoot: options.codeRoot,
      environment: environmentFor({ ...options, ...this }),
      clock: this.clock,
      faults: this.faults,
      startRuntime: options.startRuntime,
      skipPauses: options.skipPauses,
      origins: new Map([
        [options.awsUrl, (request) => this.aws.handle(request)],
        [options.publicUrl, (request) => this.slack.handle(request)],
      ]),
      onLog: (line) => this.#onLog(line),
    });
    this.door = new ApiDoor({
      world: this.world,
      nowMs: () => this.clock.nowMs(),
      invoke: (functionName, event) => this.#invoke(functionName, event),
    });
    this.browserDoor = new BrowserDoor({
      signIn: this.signIn,
      now: () => this.clock.now(),
      invoke: (functionName, event) => this.#invoke(functionName, event),
    });
    this.delivery = new AsyncDelivery({
      clock: this.clock,
      invoke: (name, event) => this.#invoke(name, event),
      onDeadLetter: (name) => this.#onDeadLetter(name),
    });
    this.streams = STREAMS.map(({ table, functionName, gatherMs }) => ({
      table,
      delivery: new StreamDelivery({
        clock: this.clock,
        functionName,
        gatherMs,
        oldestMs: OLDEST_RECORD_MS,
        invoke: (name, event) => this.#invoke(name, event),
        onDeadLetter: (name) => this.#onDeadLetter(name),
      }),
    }));
    for (const schedule of SCHEDULES) this.#repeat(schedule);
    if (this.world.attachedGuards.length > 0) this.#repeat(GUARD_WATCH);
    if (this.settings.canary?.nightly !== undefined)
      everyNight(this.clock, (event) => {
        if (this.#closed || this.faults.take('schedule:try-access') !== undefined) return;
        this.delivery.send('try-access', event);
      });
    this.clock.start();
  }

  /** Delivers a call from Slack to the deployed address. */
  callApp(call: HttpCall): Promise<HttpAnswer> {
    return callFunction(call, (event) => this.#invoke('access-requested', event), this.clock.nowMs());
  }

  /** The deployed rule on CloudTrail: sends a change of assignments to `watch-assignments`, some seconds later. */
  hearOf(record: TrailRecord): void {
    const event = assignmentEvent(record, this.world);
    if (event === undefined) return;
    this.clock.schedule(this.clock.nowMs() + TRAIL_TO_BUS_MS, () => {
      if (!this.#closed) this.delivery.send('watch-assignments', event);
    });
  }

  async #invoke(functionName: string, event: unknown): Promise<unknown> {
    this.clock.limit(FASTEST_AT_WORK);
    try {
      return await this.host.invoke(functionName, event);
    } finally {
      if (this.host.inFlight() === 0) this.clock.limit(undefined);
    }
  }

  /** Resolves when no function runs and the workflow waits for time or for people. */
  async settled(): Promise<void> {
    do {
      await this.engine.idle();
      await this.host.idle();
      await this.delivery.idle();
      for (const { delivery } of this.streams) await delivery.idle();
      // Work that has just ended may have started new work in the same turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#inFlight() > 0);
  }

  #inFlight(): number {
    const streams = this.streams.reduce((sum, { delivery }) => sum + delivery.inFlight(), 0);
    return this.engine.inFlight() + this.host.inFlight() + this.delivery.inFlight() + streams;
  }

  /** Advances the time and runs everything that falls due on the way, in order. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settled());
  }

  /** Deploys changed settings: the functions restart with them and with the roles they result in. */
  async deploy(change: Partial<Settings>): Promise<void> {
    await this.settled();
    this.settings = { ...this.settings, ...change };
    await this.host.restart(environmentFor({ ...this.options, ...this }));
  }

  newId(): string {
    this.#ids += 1;
    const hex = createHash('sha256').update(`${process.pid} ${this.#ids} ${this.clock.nowMs()}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.clock.stop();
    await this.aws.close();
    await this.host.close();
  }

  /** The deployed rule: an execution that does not succeed is sent to `revoke-access`. */
  #onWorkflow(change: ExecutionStatusChange): void {
    if (this.#closed || !['FAILED', 'TIMED_OUT', 'ABORTED'].includes(change.status)) return;
    this.delivery.send('revoke-access', {
      version: '0',
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn: change.executionArn, name: change.name, status: change.status, input: change.input },
    });
  }

  /** The deployed streams of the tables: each record goes to each of the table's reader functions. */
  #onStream(changed: string, records: readonly StreamRecord[]): void {
    if (this.#closed) return;
    if (changed === REQUEST_TABLE) for (const record of records) this.#idleSchedules.note(record);
    for (const { table, delivery } of this.streams) if (table === changed) delivery.push(records);
  }

  #onDeadLetter(name: string): void {
    this.logs.push(JSON.stringify({ event: 'dead-letter', function: name }));
  }

  #repeat(schedule: DeployedSchedule): void {
    this.clock.schedule(this.clock.nowMs() + schedule.everyMs, () => {
      if (this.#closed) return;
      const mayBeIdle =
        this.options.skipIdleSchedules && !this.faults.list().some((fault) => mayConcern(fault, schedule));
      const workflows = this.engine.listExecutions({ statusFilter: 'RUNNING' }).length;
      const around = { world: this.world, settings: this.settings, workflows, nowMs: this.clock.nowMs() };
      const isIdle = mayBeIdle && this.#idleSchedules.isIdle(schedule, around);
      const runs = this.faults.take(`schedule:${schedule.functionName}`) === undefined && !isIdle;
      this.#idleSchedules.wasDue(schedule, runs, around);
      if (runs) this.delivery.send(schedule.functionName, schedule.event);
      this.#repeat(schedule);
    });
  }

  #onLog(line: string): void {
    this.logs.push(line);
    if (this.logs.length > MOST_LOG_LINES) this.logs.splice(0, this.logs.length - MOST_LOG_LINES);
    this.alarms.read(line, this.clock.nowMs());
  }
}
