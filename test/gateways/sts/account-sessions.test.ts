import type { STSClient } from '@aws-sdk/client-sts';
import { createAccountSessions } from '../../../gateways/sts/account-sessions.ts';

/** STS, answering when the test says so. */
function sessionsOver() {
  const asked: { readonly arn: string; readonly settle: (error?: Error) => void }[] = [];
  const now = () => new Date('2026-01-05T12:00:00Z');
  const send = (command: { readonly input: { readonly RoleArn?: string } }) =>
    new Promise((resolve, reject) => {
      const Credentials = { AccessKeyId: `key-${asked.length + 1}`, Expiration: new Date('2026-01-05T13:00:00Z') };
      const settle = (error?: Error) => (error === undefined ? resolve({ Credentials }) : reject(error));
      asked.push({ arn: command.input.RoleArn ?? '', settle });
    });
  const sts = { send } as unknown as Pick<STSClient, 'send'>;
  return { asked, sessions: createAccountSessions({ sts, roleName: 'Reader', now, partition: 'aws' }) };
}

test('a session that could not be begun forgets no other that was begun since', async () => {
  const { asked, sessions } = sessionsOver();
  const failing = sessions.credentialsFor('123456789012', 'report');
  // So many others that the kept ones are forgotten.
  const others = Array.from({ length: 64 }, (_, n) => sessions.credentialsFor(`${n}`, 'report'));
  const second = sessions.credentialsFor('123456789012', 'report');
  for (const { settle } of asked.slice(1)) settle();
  await Promise.all([...others, second]);
  asked[0]?.settle(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  const before = asked.length;
  const third = sessions.credentialsFor('123456789012', 'report');
  for (const { settle } of asked) settle();
  expect(await third).toEqual(await second);
  expect(asked).toHaveLength(before);
});

test('one that could not be begun is begun anew by the next call', async () => {
  const { asked, sessions } = sessionsOver();
  const failing = sessions.credentialsFor('123456789012', 'report');
  asked[0]?.settle(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  const second = sessions.credentialsFor('123456789012', 'report');
  asked[1]?.settle();
  expect((await second).accessKeyId).toBe('key-2');
});
