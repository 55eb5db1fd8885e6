import { createHash } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { FUNCTION_NAMES, type FunctionName } from '../../lambdas/shared/environment-names.ts';
import { FUNCTION_HEADER } from '../../sandbox/aws/wire/wire.ts';
import { ACCESS_TABLE, FUNCTIONS_KEY_ID, REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import { browserCaller } from '../scenarios/support/browser-caller.ts';
import { Driver } from '../scenarios/support/driver.ts';

/*
 * An attacker holds the role of a function (the API's above all) and wants to write policies; and an attacker who can
 * write the request table directly forges a proposal that no operator made.
 */

const TEXT =
  '- name: all-for-ben\n  effect: allow\n  who: [user:ben@example.com]\n  accounts: ["*"]\n  permissionSets: ["*"]\n';

describe('policies that no two operators agreed on', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
    driver.mayBeRefused = true;
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  /** @param name the function whose role makes the call; absent: an administrator of the tables */
  async function put(TableName: string, Item: PutItemCommandInput['Item'], name?: FunctionName): Promise<boolean> {
    const client = new DynamoDBClient({
      endpoint: driver.running.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: name === undefined ? 'AKIAOPERATOR' : FUNCTIONS_KEY_ID, secretAccessKey: 'none' },
      maxAttempts: 1,
    });
    client.middlewareStack.add(
      (next) => (args) => {
        if (name !== undefined) (args.request as { headers: Record<string, string> }).headers[FUNCTION_HEADER] = name;
        return next(args);
      },
      { step: 'build' },
    );
    try {
      await client.send(new PutItemCommand({ TableName, Item }));
      return true;
    } catch (error) {
      if (error instanceof Error && /AccessDenied/.test(error.name)) return false;
      throw error;
    } finally {
      client.destroy();
    }
  }

  const proposal = (fields: PutItemCommandInput['Item'] = {}): NonNullable<PutItemCommandInput['Item']> => ({
    id: { S: 'proposal#change-forged' },
    state: { S: 'proposal' },
    endsAt: { S: '2099-01-01T00:00:00.000Z' },
    at: { S: '2026-01-01T00:00:00.000Z' },
    principalId: { S: 'user-ana' },
    userName: { S: 'ana@example.com' },
    text: { S: TEXT },
    base: { S: '' },
    note: { S: '' },
    ...fields,
  });

  it('only the role of change-policies can write a policy or a proposal', async () => {
    const policy = { id: { S: 'policy#all-for-ben' }, effect: { S: 'allow' } };
    for (const name of FUNCTION_NAMES) {
      const isIts = name === 'change-policies';
      expect([name, await put(REQUEST_TABLE, proposal(), name)]).toEqual([name, isIts]);
      expect([name, await put(ACCESS_TABLE, policy, name)]).toEqual([name, isIts]);
      expect([name, await put(ACCESS_TABLE, { id: { S: 'person#x' } }, name)]).toEqual([name, false]);
    }
  });

  it('a forged acceptance changes no policy, and a proposal with a forged proposer or base is refused', async () => {
    const accepted = {
      M: { principalId: { S: 'user-eva' }, userName: { S: 'eva' }, at: { S: '2026-01-01T00:00:00.000Z' } },
    };
    const eva = await browserCaller(driver, 'user-eva');
    const accept = () =>
      eva('POST', '/people/user-eva/policy-changes/change-forged/accept', {
        textHash: createHash('sha256').update(TEXT).digest('hex'),
      });
    const reasonFor = async (fields: PutItemCommandInput['Item']) => {
      await put(REQUEST_TABLE, proposal(fields));
      return (await accept()).json.reason;
    };
    // The item says it was accepted: the answer repeats that, and no policy is written.
    await put(REQUEST_TABLE, proposal({ state: { S: 'proposal-accepted' }, decided: accepted }));
    expect((await accept()).json.state).toBe('accepted');
    expect(await reasonFor({ principalId: { S: 'user-ben' } })).toBe('proposer-not-operator');
    expect(await reasonFor({ principalId: { S: 'user-nobody' } })).toBe('proposer-not-operator');
    expect(await reasonFor({ principalId: { S: 'user-eva' } })).toBe('own-proposal');
    expect(await reasonFor({ base: { S: 'not what the table holds' } })).toBe('policies-changed');
    expect((await eva('GET', '/people/user-eva/policy-changes')).json.text).not.toContain('all-for-ben');
  });
});
