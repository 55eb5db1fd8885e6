import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registerDrift } from '../../../cli/drift.ts';
import { main } from '../../../cli/main.ts';
import { createAuditLog } from '../../../gateways/dynamodb/audit-log.ts';
import { createDriftStore } from '../../../gateways/dynamodb/drift-store.ts';
import { REQUEST_TABLE } from '../../../sandbox/server/environment.ts';
import type { Driver } from './driver.ts';

/** Runs `glasshammer drift …` as an operator would, against the tables of this sandbox. @returns what it prints */
export async function runDriftCommand(driver: Driver, line: string): Promise<string> {
  let out = '';
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: driver.running.current().options.awsUrl,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'none' },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const state = await driver.state();
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      out += text;
    },
    now: () => new Date(state.now),
    newId: () => 'operator-1',
    env: { REQUEST_TABLE },
    callerArn: async () => 'arn:aws:sts::456789012345:assumed-role/Operators/olga',
  };
  const desk = {
    drift: createDriftStore({ client, tableName: REQUEST_TABLE }),
    audit: createAuditLog({ client, tableName: REQUEST_TABLE }),
  };
  const code = await main(line.split(' '), io as unknown as Parameters<typeof main>[1], [
    (program, withExit) => registerDrift(program, withExit, async () => desk),
  ]);
  expect(code).toBe(0);
  return out;
}
