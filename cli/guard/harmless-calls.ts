import type { RoleCredentials } from './portal-credentials.ts';

/**
 * Calls that read only a name or two, and that a policy can deny. `sts:GetCallerIdentity`, often used to test
 * credentials, is not suitable: AWS answers it whatever a policy says.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const HARMLESS_CALLS = ['s3:ListAllMyBuckets', 'iam:ListAccountAliases'] as const;

export type HarmlessCall = (typeof HARMLESS_CALLS)[number];

/** AWS's answer to one call. */
export type Answered = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/**
 * Makes one call with only these credentials. @throws an error of AWS or the network that neither allows nor refuses
 * the call
 */
export type Call = (call: HarmlessCall, credentials: RoleCredentials, region: string) => Promise<Answered>;

/** Makes the call through the SDK, without retries. */
export const callAws: Call = async (call, credentials, region) => {
  const options = { credentials, region, maxAttempts: 1 };
  try {
    if (call === 's3:ListAllMyBuckets') {
      const { ListBucketsCommand, S3Client } = await import('@aws-sdk/client-s3');
      await new S3Client(options).send(new ListBucketsCommand({ MaxBuckets: 1 }));
    } else {
      const { IAMClient, ListAccountAliasesCommand } = await import('@aws-sdk/client-iam');
      await new IAMClient(options).send(new ListAccountAliasesCommand({ MaxItems: 1 }));
    }
    return { allowed: true };
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    // Refusals have a status in the 400s: the right is missing, or the credentials are no longer valid.
    if (status === 401 || status === 403 || INVALID.test(name)) return { allowed: false, why: `${name}: ${message}` };
    throw error;
  }
};

const INVALID = /^(?:ExpiredToken|InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|UnrecognizedClient)/;
