import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { documentClientOver } from '../../gateways/dynamodb/document-client.ts';
import { createAwsEmulator } from '../../sandbox/aws/emulator.ts';
import type { StatesBackend } from '../../sandbox/aws/others/sfn.ts';
import { inProcessRequestHandler } from '../../sandbox/aws/wire/in-process.ts';
import { createWorld } from '../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../sandbox/aws/world/seed.ts';
import { CallCounter, FaultPlan } from '../../sandbox/faults.ts';
import { tableSpecs } from '../../sandbox/server/tables.ts';
import { NOON } from '../core/access/requests.ts';

export { ACCESS_TABLE, REQUEST_TABLE } from '../../sandbox/server/environment.ts';

/**
 * AWS in this process: the default organization, empty tables, a clock that only the test moves, and unmodified SDK
 * clients.
 */
export function emulateAws(options: { readonly seed?: object; readonly states?: StatesBackend } = {}) {
  let nowMs = Date.parse(NOON);
  let ids = 0;
  const clock = { nowMs: () => nowMs };
  const world = createWorld(readSeed(options.seed ?? {}));
  const faults = new FaultPlan({ clock });
  const calls = new CallCounter();
  const emulator = createAwsEmulator({
    world,
    clock,
    faults,
    calls,
    tables: tableSpecs([]),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    ...(options.states === undefined ? {} : { states: options.states }),
  });
  const config = {
    endpoint: 'http://sandbox.invalid',
    region: world.region,
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: inProcessRequestHandler(emulator.handle),
  };
  return {
    world,
    config,
    faults,
    calls,
    now: () => new Date(nowMs),
    /** Moves the clock by this many seconds. */
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    dynamo: documentClientOver(new DynamoDBClient(config)),
    sso: new SSOAdminClient(config),
    identityStore: new IdentitystoreClient(config),
    organizations: new OrganizationsClient(config),
    secrets: new SecretsManagerClient(config),
    sfn: new SFNClient(config),
    instanceArn: world.instanceArn,
    identityStoreId: world.identityStoreId,
  };
}

/** Collects everything that a generator yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
