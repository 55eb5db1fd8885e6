import { type CallApi, signedApi } from '../../../cli/access/api-client.ts';
import type { Driver } from './driver.ts';

/** Signs somebody in at Identity Center, and calls the API as them as the command line does, by the door of terminals. */
export async function terminalCaller(driver: Driver, userName: string): Promise<CallApi> {
  const { credentials } = (await driver.must('POST', '/sandbox/sign-in', { userName })) as {
    readonly credentials: Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>;
  };
  const session = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: 'eu-central-1',
  };
  const before = process.env;
  process.env = { ...before, ...session };
  try {
    const { call } = await signedApi(`${driver.running.url}/v1`, {});
    // The standard chain reads them at the first call, so that they are this caller's own.
    await call('GET', '/whoami');
    return call;
  } finally {
    process.env = before;
  }
}
