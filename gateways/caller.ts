import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** The credentials belong to nobody STS can name. */
export class UnknownCallerError extends Error {
  override readonly name = 'UnknownCallerError';
}

/**
 * ARN of whoever the credentials at hand belong to. Everybody may ask this of themselves: it needs no right.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 *
 * @throws UnknownCallerError where the answer has no ARN; whatever STS throws
 */
export async function callerArn(client = new STSClient({})): Promise<string> {
  const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
  if (arn === undefined) throw new UnknownCallerError('STS does not say whose credentials these are');
  return arn;
}
