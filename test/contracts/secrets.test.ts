import { createSlackSecret } from '../../gateways/secrets.ts';
import { emulateAws } from './emulated.ts';

const GOOD = { signingSecret: 'sign-1', botToken: 'xoxb-1' };

/** Secrets Manager with one secret, and a reader of that secret. */
function withSecret(value: string) {
  const aws = emulateAws({ seed: { secrets: [{ name: 'glasshammer/slack', value }] } });
  const [secret] = aws.world.secrets;
  if (secret === undefined) throw new Error('the seed has no secret');
  const read = createSlackSecret({ client: aws.secrets, secretArn: secret.arn, now: aws.now });
  const reads = () => aws.calls.snapshot()['secrets-manager:GetSecretValue'];
  return { aws, secret, read, reads };
}

describe('the Slack secret', () => {
  it('is read once in five minutes, not for each call to Slack', async () => {
    const { read, reads, aws } = withSecret(JSON.stringify(GOOD));
    expect(await read()).toEqual(GOOD);
    aws.pass(299);
    expect(await read()).toEqual(GOOD);
    expect(reads()).toBe(1);
  });

  it('is the rotated one five minutes after the rotation', async () => {
    const { read, secret, aws } = withSecret(JSON.stringify(GOOD));
    await read();
    secret.value = JSON.stringify({ ...GOOD, botToken: 'xoxb-2' });
    aws.pass(300);
    expect(await read()).toEqual({ ...GOOD, botToken: 'xoxb-2' });
  });

  it('is read again when the clock was set back, instead of being kept for that long', async () => {
    const { read, reads, aws } = withSecret(JSON.stringify(GOOD));
    await read();
    aws.pass(-3600);
    await read();
    expect(reads()).toBe(2);
  });

  it('may have other fields', async () => {
    expect(await withSecret(JSON.stringify({ ...GOOD, note: 'x' })).read()).toMatchObject(GOOD);
  });

  it.each([
    ['a text that is not JSON', 'xoxb-very-secret'],
    ['JSON of another shape', '"xoxb-very-secret"'],
    ['a missing field', '{"botToken":"xoxb-very-secret"}'],
    ['an empty field', '{"botToken":"xoxb-very-secret","signingSecret":""}'],
  ])('with %s causes a ConfigurationError, and its content is in no message', async (_what, value) => {
    const failed = await withSecret(value)
      .read()
      .catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ name: 'ConfigurationError' });
    expect(`${failed}`).not.toContain('very-secret');
  });

  it('is read again at the next call if it could not be read', async () => {
    const { read, aws } = withSecret(JSON.stringify(GOOD));
    aws.faults.add({ operation: 'secrets-manager:GetSecretValue', error: 'InternalServiceError' });
    await expect(read()).rejects.toMatchObject({ name: 'InternalServiceError' });
    expect(await read()).toEqual(GOOD);
  });
});
