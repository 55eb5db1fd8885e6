import { type AwsEmulator, type AwsEmulatorOptions, createAwsEmulator } from '../../../sandbox/aws/emulator.ts';
import type { StreamRecord } from '../../../sandbox/aws/tables/table-streams.ts';
import { inProcessRequestHandler } from '../../../sandbox/aws/wire/in-process.ts';
import { type Listening, listen } from '../../../sandbox/aws/wire/listen.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import type { BusEvent, TrailRecord, World } from '../../../sandbox/aws/world/world.ts';
import { CallCounter, FaultPlan } from '../../../sandbox/faults.ts';

export const ACCOUNT = '123456789012';
export const MANAGEMENT = '999999999999';
export const INSTANCE = 'arn:aws:sso:::instance/ssoins-12345';
export const STORE = 'd-1234567890';
export const BREAK_GLASS = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
export const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';

export interface Harness {
  world: World;
  clock: { nowMs(): number; advance(seconds: number): void };
  faults: FaultPlan;
  calls: CallCounter;
  emulator: AwsEmulator;
  heard: { streams: StreamRecord[]; events: BusEvent[]; trail: TrailRecord[] };
  /** Client configuration that goes through node:http on 127.0.0.1. */
  overHttp(accessKeyId?: string, region?: string): ReturnType<typeof clientConfig>;
  /** Client configuration without sockets. */
  inProcess(): Omit<ReturnType<typeof clientConfig>, 'endpoint'> & { endpoint: string };
  close(): Promise<void>;
}

const START = Date.parse('2026-01-05T09:00:00Z');

/** A world, a clock that only tests advance, and an emulator on a port of 127.0.0.1. */
export async function startHarness(
  override: object = {},
  options: Pick<AwsEmulatorOptions, 'states' | 'tables' | 'alarms'> = {},
): Promise<Harness> {
  let now = START;
  let ids = 0;
  const world = createWorld(readSeed(override));
  const clock = {
    nowMs: () => now,
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
  };
  const faults = new FaultPlan({ clock });
  const calls = new CallCounter();
  const heard: Harness['heard'] = { streams: [], events: [], trail: [] };
  const emulator = createAwsEmulator({
    world,
    clock,
    faults,
    calls,
    ...options,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    onStreamRecords: (_table, records) => heard.streams.push(...records),
    onEvents: (events) => heard.events.push(...events),
    onTrailRecord: (record) => heard.trail.push(record),
  });
  const server: Listening = await listen(emulator.handle);
  return {
    world,
    clock,
    faults,
    calls,
    emulator,
    heard,
    overHttp: (accessKeyId, region) => clientConfig(server.url, accessKeyId, region),
    inProcess: () => ({
      ...clientConfig('http://sandbox.invalid'),
      requestHandler: inProcessRequestHandler(emulator.handle),
    }),
    async close() {
      await server.close();
      await emulator.close();
    },
  };
}

function clientConfig(endpoint: string, accessKeyId = 'AKIASANDBOX', region = 'eu-central-1') {
  return {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: 'none' },
    maxAttempts: 1,
    forcePathStyle: true,
  };
}

/** The name of the error with which a call fails; `none` if it succeeds. */
export async function errorName(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return (error as Error).name;
  }
}
