import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registerLock } from '../../../cli/guard/lock.ts';
import { registerGuard } from '../../../cli/guard/register.ts';
import { main } from '../../../cli/main.ts';
import { ATTACHED_GUARD_POLICY, GUARD_POLICY } from '../../../core/sessions/guard-policy.ts';
import { createLockStore } from '../../../gateways/dynamodb/lock-store.ts';
import { createRequestStore } from '../../../gateways/dynamodb/requests/request-store.ts';
import { createGuardDesk } from '../../../gateways/identity-center/guard-desk.ts';
import { createGuardQuestions } from '../../../gateways/step-functions/guard-questions.ts';
import { createWorkflow } from '../../../gateways/step-functions/workflow.ts';
import { REQUEST_TABLE, stateMachineArn } from '../../../sandbox/server/environment.ts';
import type { Driver } from './driver.ts';

let ids = 0;

/** Runs `glasshammer guard …`, `lock` or `unlock` as an operator would, against this sandbox. */
export async function runGuardCommand(
  driver: Driver,
  line: readonly string[],
): Promise<{ readonly code: number; readonly out: string }> {
  const { options, world } = driver.running.current();
  const config = {
    endpoint: options.awsUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'none' },
  };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const sfn = new SFNClient(config);
  const machine = stateMachineArn(world);
  const now = new Date((await driver.state()).now);
  const newId = () => `operation-${++ids}`;
  const pause = async () => void (await driver.advance('PT2S'));
  const questions = createGuardQuestions({ client: sfn, stateMachineArn: machine, newId, pause });
  const desk = createGuardDesk({
    sso: new SSOAdminClient(config),
    instanceArn: world.instanceArn,
    guard: GUARD_POLICY,
    attached: ATTACHED_GUARD_POLICY,
    questions,
    pause,
  });
  const guard = async () => ({ desk, ask: questions.ask });
  const operator = async () => ({
    requests: createRequestStore({ client, tableName: REQUEST_TABLE, now: () => now }),
    workflow: createWorkflow({ client: sfn, stateMachineArn: machine }),
    freezes: {} as never,
    indexRequests: async () => 0,
  });
  const locks = async () => createLockStore({ client, tableName: REQUEST_TABLE, newId });
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const organization = async () => ({ ...world, groups: [], accounts: [] });
  const io = {
    stdout: write,
    stderr: write,
    about: write,
    callerArn: async () => 'arn:aws:sts::456789012345:assumed-role/Operators/olga',
    now: () => now,
    newId,
    organization,
    env: { REQUEST_TABLE, STATE_MACHINE_ARN: machine },
  };
  const code = await main(line, io as unknown as Parameters<typeof main>[1], [
    (program, withExit) => registerGuard(program, withExit, guard),
    (program, withExit) => registerLock(program, withExit, { operator, guard, locks }),
  ]);
  return { code, out };
}
