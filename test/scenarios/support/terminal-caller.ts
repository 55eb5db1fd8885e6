import { type CallApi, signedApi } from '../../../cli/access/api-client.ts';
import type { Driver } from './driver.ts';

/**
 * Signs a person in at Identity Center, and calls the API as the command line does, through its endpoint for terminals.
 */
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
    // The SDK's credential chain reads the variables at the first call, so this caller keeps its own credentials.
    await call('GET', '/whoami');
    return call;
  } finally {
    process.env = before;
  }
}
