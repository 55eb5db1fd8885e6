import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ALARM_CALLS, AWS_CALLS, PATIENT_AWS_CALLS } from '../../lambdas/shared/services/aws-calls.ts';
import { inProcessRequestHandler } from '../../sandbox/aws/wire/in-process.ts';
import { CONNECTION_CLOSED } from '../../sandbox/aws/wire/wire.ts';
import { FUNCTIONS_KEY_ID } from '../../sandbox/server/environment.ts';

/** The constructor options of a signer. */
interface SignerOptions {
  readonly service: string;
  readonly region: string;
  credentials(): Promise<{ readonly accessKeyId: string }>;
}

interface SignedRequest {
  readonly headers: Record<string, string>;
}

/** Names the caller and the service, without a signature: the emulators read only the access key id. */
class NameOnlySigner {
  readonly #options: SignerOptions;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  async sign<Request extends SignedRequest>(request: Request): Promise<Request> {
    const { service, region, credentials } = this.#options;
    const { accessKeyId } = await credentials();
    const scope = `${accessKeyId}/20260105/${region}/${service}/aws4_request`;
    request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    return request;
  }
}

/**
 * Options for the SDK clients of the functions. Without them, each client would read files and the environment. A file
 * read ends at an unpredictable time, and then the seed would not determine the order of steps.
 */
export const CLIENT_OPTIONS = {
  credentials: { accessKeyId: FUNCTIONS_KEY_ID, secretAccessKey: 'none' },
  signerConstructor: NameOnlySigner,
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  // An IP address, because the SDK puts the name of a bucket before any other host.
  endpoint: 'http://127.0.0.1:9',
  userAgentAppId: async () => undefined,
  // An empty logger: with its own, which logs nothing, the SDK still searches every input and output for secrets.
  logger: {} as NonNullable<DynamoDBClientConfig['logger']>,
} as const;

/** The options with which the functions create their clients. */
const MADE_WITH = [AWS_CALLS, PATIENT_AWS_CALLS, ALARM_CALLS];

/**
 * Makes all clients that the functions create from now on use these options.
 *
 * @param handlerFor makes the handler for their calls; it gets the request timeout of the replaced one, in milliseconds
 * @returns a function that restores the options
 */
export function lendClientOptions(
  handlerFor: (limitMs: number) => ReturnType<typeof inProcessRequestHandler>,
  more: { readonly region?: string } = {},
): () => void {
  const lent = MADE_WITH.map((options) => ({ options, before: { ...options } }));
  for (const { options, before } of lent) {
    const requestHandler = handlerFor(before.requestHandler.requestTimeout);
    Object.assign(options, { ...CLIENT_OPTIONS, ...more, requestHandler });
  }
  return () => {
    for (const { options, before } of lent) {
      for (const name of Object.keys(options)) Reflect.deleteProperty(options, name);
      Object.assign(options, before);
    }
  };
}

let read: Promise<unknown> | undefined;

/** Makes the SDK read its configuration file before the first history begins. The SDK reads it once and caches it. */
export function readSharedConfiguration(region: string): Promise<unknown> {
  const { credentials, retryMode, defaultsMode } = CLIENT_OPTIONS;
  const options = { credentials, retryMode, defaultsMode, region, maxAttempts: 1 };
  read ??= new DynamoDBClient({ ...options, requestHandler: inProcessRequestHandler(nobody) })
    .send(new ListTablesCommand({}))
    .catch(() => undefined);
  return read;
}

const nobody = async () => CONNECTION_CLOSED;
