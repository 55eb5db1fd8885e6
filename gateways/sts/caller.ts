import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** STS does not name the principal of the credentials. */
export class UnknownCallerError extends Error {
  override readonly name = 'UnknownCallerError';
}

/**
 * ARN of the principal whose credentials are in use. The call needs no permission.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 *
 * @throws UnknownCallerError where the answer has no ARN; the error of STS
 */
export async function callerArn(client = new STSClient({})): Promise<string> {
  const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
  if (arn === undefined) throw new UnknownCallerError('STS does not say whose credentials these are');
  return arn;
}
