import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ALARM_CALLS, AWS_CALLS, PATIENT_AWS_CALLS } from '../../lambdas/shared/services/aws-calls.ts';
import { inProcessRequestHandler } from '../../sandbox/aws/wire/in-process.ts';
import { CONNECTION_CLOSED } from '../../sandbox/aws/wire/wire.ts';
import { FUNCTIONS_KEY_ID } from '../../sandbox/server/environment.ts';

/** What a signer is made with. */
interface SignerOptions {
  readonly service: string;
  readonly region: string;
  credentials(): Promise<{ readonly accessKeyId: string }>;
}

interface SignedRequest {
  readonly headers: Record<string, string>;
}

/** Says who calls whom, and computes nothing: the emulators read the name and could not check a signature. */
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
 * Options of the functions' SDK clients, in place of what each would find out from files and the environment by itself: reading
 * a file ends whenever the machine likes, and then the order of steps would not be the seed's.
 */
export const CLIENT_OPTIONS = {
  credentials: { accessKeyId: FUNCTIONS_KEY_ID, secretAccessKey: 'none' },
  signerConstructor: NameOnlySigner,
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  // An IP address: the SDK would put a bucket's name before any other host.
  endpoint: 'http://127.0.0.1:9',
  userAgentAppId: async () => undefined,
  // The SDK's own, which logs nothing, has it go through every input and output for what is secret.
  logger: {} as NonNullable<DynamoDBClientConfig['logger']>,
} as const;

/** As the functions make their clients. */
const MADE_WITH = [AWS_CALLS, PATIENT_AWS_CALLS, ALARM_CALLS];

/**
 * The clients that the functions make from now on are made with these options.
 *
 * @param handlerFor answers their calls; it is told the time limit of the client's own handler, in milliseconds
 * @returns what takes the options away again
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

/** Lets the SDK read its configuration file, which it does once and keeps, before the first history begins. */
export function readSharedConfiguration(region: string): Promise<unknown> {
  const { credentials, retryMode, defaultsMode } = CLIENT_OPTIONS;
  const options = { credentials, retryMode, defaultsMode, region, maxAttempts: 1 };
  read ??= new DynamoDBClient({ ...options, requestHandler: inProcessRequestHandler(nobody) })
    .send(new ListTablesCommand({}))
    .catch(() => undefined);
  return read;
}

const nobody = async () => CONNECTION_CLOSED;
