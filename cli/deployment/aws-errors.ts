/** What an error message needs to know of the command's environment. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An AWS error as a text for operators, and whether AWS refused the call. */
export interface AwsErrorText {
  readonly text: string;
  /** AWS answered with an error: exit code 5. */
  readonly refused: boolean;
}

/** The exit code where AWS refused; docs/cli.md lists them. */
const AWS_REFUSED = 5;

type Translate = (message: string, place: string, env: Surroundings['env'], error: Error) => string;

const EXPIRED: Translate = (_message, _place, env) =>
  `your AWS session has expired: aws sso login${profileOption(env)}`;

const DENIED: Translate = (message, place) => {
  const [, who, action, resource] =
    /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(message) ?? [];
  if (who === undefined || action === undefined) return `AWS refuses this ${place}: ${message}`;
  const on = resource === undefined ? '' : ` on ${resource}`;
  return `${who} may not ${action}${on} ${place}`;
};

const NO_TABLE: Translate = (message, place, env) => {
  if (!/Requested resource not found|Cannot do operations on a non-existent table/i.test(message))
    return `${message} ${place}`;
  const tables = [env.ACCESS_TABLE, env.REQUEST_TABLE].filter(Boolean).join(' or no ');
  return `there is no table ${tables || 'of this name'} ${place}; the outputs AccessTable and RequestTable of the stack name them, or take --stack NAME`;
};

/** Texts for errors of AWS and its SDK, by their names. */
const BY_NAME: Readonly<Record<string, Translate>> = {
  CredentialsProviderError: (message, _place, env) => {
    if (/sso/i.test(message) && /expired|invalid/i.test(message)) return EXPIRED(message, '', env, new Error());
    const profile = /profile: \[([^\]]+)\]/.exec(message)?.[1] ?? env.AWS_PROFILE;
    return profile === undefined
      ? 'no AWS credentials: set AWS_PROFILE, or run aws sso login'
      : `no AWS credentials for profile ${profile}: is it in ~/.aws/config? aws sso login --profile ${profile} signs in`;
  },
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  InvalidClientTokenId: (_message, place) =>
    `AWS does not know these credentials ${place}: are they of another partition, or deleted?`,
  UnrecognizedClientException: (_message, place) =>
    `AWS does not know these credentials ${place}: they have expired, or are of another partition`,
  AccessDenied: DENIED,
  AccessDeniedException: DENIED,
  AuthorizationError: DENIED,
  ResourceNotFoundException: NO_TABLE,
  ValidationException: (message, place) =>
    /does not have the specified index/.test(message)
      ? `--request-table names a table without the index by-state ${place}: are the access table and the request table swapped?`
      : `AWS does not take this ${place}: ${message}`,
  StateMachineDoesNotExist: (_message, place) =>
    `there is no such workflow ${place}; the output StateMachineArn of the stack names it, or take --stack NAME`,
  NoInstanceError: (message, place) => `${message} ${place}`,
  NoSuchBucket: (_message, place) =>
    `there is no such bucket ${place}; the output AuditBucket of the stack names it, or take --stack NAME`,
  ThrottlingException: (_message, place) => `AWS asks to slow down ${place}; try again in a minute`,
  ProvisionedThroughputExceededException: (_message, place) => `AWS asks to slow down ${place}; try again in a minute`,
};

/** Errors among these that come from this program, not from AWS. */
const OF_THIS_PROGRAM: ReadonlySet<string> = new Set(['CredentialsProviderError', 'NoInstanceError']);

/**
 * Explains in one sentence why AWS did not do what was asked: the identity, the action and the resource, and the
 * account, Region and profile, as far as they are known.
 *
 * @returns `undefined` for an error that is not from AWS or its SDK
 */
export function awsErrorInWords(error: unknown, { env }: Surroundings): AwsErrorText | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message === 'Region is missing')
    return {
      text: 'say which Region: AWS_REGION=eu-central-1, as env.region of glasshammer.config.ts has it',
      refused: false,
    };
  const translate = BY_NAME[error.name];
  if (translate !== undefined)
    return { text: translate(error.message, placeOf(env), env, error), refused: !OF_THIS_PROGRAM.has(error.name) };
  const code = networkCode(error);
  if (code !== undefined) return { text: `AWS cannot be reached ${placeOf(env)}: ${code}`, refused: false };
  if ('$metadata' in error) return { text: `${error.name} ${placeOf(env)}: ${error.message}`, refused: true };
  return undefined;
}

/** Any error in one line, and the exit code that it ends a command with. */
export function errorInWords(error: unknown, surroundings: Surroundings): { text: string; exitCode: number } {
  const told = awsErrorInWords(error, surroundings);
  if (told !== undefined) return { text: told.text, exitCode: told.refused ? AWS_REFUSED : 1 };
  return { text: error instanceof Error ? `${error.name}: ${error.message}` : String(error), exitCode: 1 };
}

/** `(profile prod, eu-central-1)` */
function placeOf(env: Surroundings['env']): string {
  const profile = env.AWS_PROFILE === undefined ? 'credentials of the environment' : `profile ${env.AWS_PROFILE}`;
  const endpoint = env.AWS_ENDPOINT_URL === undefined ? '' : `, ${env.AWS_ENDPOINT_URL}`;
  return `(${profile}, ${env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'no Region'}${endpoint})`;
}

function profileOption(env: Surroundings['env']): string {
  return env.AWS_PROFILE === undefined ? '' : ` --profile ${env.AWS_PROFILE}`;
}

/** The code of a failed connection. When several addresses were tried, the error contains one error for each. */
function networkCode(error: Error): string | undefined {
  const { code, errors = [] } = error as { code?: unknown; errors?: readonly { code?: unknown }[] };
  const known = [code, ...errors.map((one) => one.code)].find(
    (one) => typeof one === 'string' && /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EPIPE)/.test(one),
  );
  return known === undefined ? undefined : String(known);
}
