import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import type { Random } from './random.ts';

/**
 * What goes wrong with a call: it is refused; it is done, but its answer says it failed; it hangs until the client
 * gives up, undone or done; the function dies before or after it is done; the operation it started fails later; it is
 * slow.
 */
export type Mishap =
  | 'refused'
  | 'answer-lost'
  | 'hangs'
  | 'hangs-done'
  | 'crash-before'
  | 'crash-after'
  | 'fails-later'
  | 'slow';

/** One planned fault. Instants are in seconds since the start of the history. */
export type Fault =
  /** Hits `times` calls after `skip` others of the same kind, from `from` on. */
  | {
      readonly kind: 'call';
      readonly from: number;
      readonly function?: FunctionName;
      /** `service:Operation`. */
      readonly operation?: string;
      readonly skip: number;
      readonly times: number;
      readonly mishap: Mishap;
      readonly error?: string;
    }
  /** Every call to one service fails. */
  | {
      readonly kind: 'outage';
      readonly service: Service;
      readonly from: number;
      readonly until: number;
      readonly mishap: 'refused' | 'hangs' | 'answer-lost';
    }
  /** Lambda refuses to run a function. */
  | {
      readonly kind: 'not-run';
      readonly from: number;
      readonly function: FunctionName;
      readonly times: number;
      readonly error: string;
    };

/** The services, and the transient errors that each returns. */
const PASSING_ERRORS = {
  dynamodb: ['InternalServerError', 'ThrottlingException', 'ProvisionedThroughputExceededException'],
  'sso-admin': ['ThrottlingException', 'ConflictException', 'InternalServerException'],
  identitystore: ['ThrottlingException', 'InternalServerException', 'ConflictException'],
  organizations: ['TooManyRequestsException', 'ServiceException'],
  sfn: ['ThrottlingException', 'ServiceUnavailable'],
  'secrets-manager': ['InternalServiceError'],
  sesv2: ['TooManyRequestsException', 'InternalServiceErrorException'],
  sts: ['Throttling'],
  iam: ['ServiceFailure', 'Throttling'],
  cloudtrail: ['ThrottlingException'],
  s3: ['SlowDown', 'InternalError'],
  slack: ['ratelimited', 'internal_error', 'channel_not_found'],
} as const;

export type Service = keyof typeof PASSING_ERRORS;

/** Access cannot be removed without these services; an outage of any other service may not delay a removal. */
const NEEDED_TO_REVOKE: readonly string[] = ['dynamodb', 'sso-admin', 'identitystore'];
const FUNCTIONS_NEEDED_TO_REVOKE: readonly string[] = ['revoke-access', 'check-assignment', 'sweep-access'];

/** Calls that are hit one by one: those that change something, and those that every decision needs. */
const OPERATIONS = [
  'dynamodb:UpdateItem',
  'dynamodb:UpdateItem',
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:DeleteItem',
  'dynamodb:TransactWriteItems',
  'sso-admin:CreateAccountAssignment',
  'sso-admin:CreateAccountAssignment',
  'sso-admin:DeleteAccountAssignment',
  'sso-admin:DeleteAccountAssignment',
  'sso-admin:DescribeAccountAssignmentCreationStatus',
  'sso-admin:DescribeAccountAssignmentDeletionStatus',
  'sso-admin:ListAccountAssignments',
  'identitystore:CreateGroupMembership',
  'identitystore:DeleteGroupMembership',
  'identitystore:GetGroupMembershipId',
  'identitystore:IsMemberInGroups',
  'sfn:StartExecution',
  'sfn:SendTaskSuccess',
  'slack:chat.postMessage',
  'slack:chat.update',
  'sesv2:SendEmail',
  'cloudtrail:LookupEvents',
  's3:PutObject',
] as const;

const FUNCTIONS: readonly FunctionName[] = [
  'grant-access',
  'grant-access',
  'check-assignment',
  'revoke-access',
  'revoke-access',
  'sweep-access',
  'hold-access',
  'announce-access',
  'ask-for-approval',
  'report-on-access',
  'access-requested',
  'access-records-changed',
  'audit-to-archive',
  'watch-assignments',
];

/** IAM is left out: its outages are drawn in `whileCutting`, so that adding them did not change what old seeds mean. */
const SERVICES = (Object.keys(PASSING_ERRORS) as Service[]).filter((service) => service !== 'iam');
const MISHAPS: readonly Mishap[] = [
  'refused',
  'refused',
  'answer-lost',
  'answer-lost',
  'hangs',
  'hangs-done',
  'crash-before',
  'crash-after',
  'slow',
];

/**
 * Faults of a bad day: faults of single calls, sometimes an outage of minutes to hours, sometimes Lambda refusing to
 * run.
 */
export function randomFaults(random: Random): Fault[] {
  const faults: Fault[] = [];
  for (let left = random.int(1, 6); left > 0; left -= 1) faults.push(randomMishap(random));
  if (random.chance(0.35)) {
    const from = random.int(0, 45 * 60);
    const until = from + random.pick([60, 300, 900, 3600, 10_800]);
    const mishap = random.pick(['refused', 'refused', 'hangs', 'answer-lost'] as const);
    faults.push({ kind: 'outage', service: random.pick(SERVICES), from, until, mishap });
  }
  if (random.chance(0.15)) {
    const error = random.pick(['Lambda.TooManyRequestsException', 'Lambda.ServiceException']);
    const from = random.int(0, 30 * 60);
    faults.push({ kind: 'not-run', function: random.pick(FUNCTIONS), from, times: random.int(1, 8), error });
  }
  if (random.chance(0.25)) faults.push(whileCutting(random));
  return faults;
}

/** A fault while sessions are cut: IAM or STS is down, or the function dies or gets no answer at one of its calls. */
function whileCutting(random: Random): Fault {
  if (random.chance(0.4)) {
    const until = random.pick([900, 3600, 5400]);
    return { kind: 'outage', service: random.pick(['iam', 'sts'] as const), from: 0, until, mishap: 'refused' };
  }
  const mishap = random.pick(['refused', 'crash-before', 'crash-after', 'answer-lost', 'hangs-done'] as const);
  const skip = random.int(0, 8);
  return { kind: 'call', from: 0, function: 'cut-sessions', skip, times: random.pick([1, 2, 4, 8]), mishap };
}

/** The calls at which a fault does the most harm, with the function that makes each. */
const MOMENTS = [
  ['grant-access', 'sso-admin:CreateAccountAssignment'],
  ['grant-access', 'identitystore:CreateGroupMembership'],
  ['grant-access', 'dynamodb:UpdateItem'],
  ['revoke-access', 'sso-admin:DeleteAccountAssignment'],
  ['revoke-access', 'identitystore:DeleteGroupMembership'],
  ['revoke-access', 'dynamodb:UpdateItem'],
  ['check-assignment', 'dynamodb:UpdateItem'],
  ['access-requested', 'sfn:StartExecution'],
  ['access-requested', 'sfn:SendTaskSuccess'],
] as const satisfies readonly (readonly [FunctionName, string])[];

function randomMoment(random: Random): Fault {
  const [functionName, operation] = random.pick(MOMENTS);
  const mishap = random.pick([
    'refused',
    'crash-before',
    'crash-after',
    'crash-after',
    'answer-lost',
    'hangs-done',
  ] as const);
  const skip = operation === 'dynamodb:UpdateItem' ? random.int(0, 4) : random.int(0, 1);
  const error = random.pick(PASSING_ERRORS[serviceOf(operation)]);
  return {
    kind: 'call',
    from: 0,
    function: functionName,
    operation,
    skip,
    times: random.pick([1, 1, 2, 4]),
    mishap,
    error,
  };
}

function randomMishap(random: Random): Fault {
  if (random.chance(0.2)) return randomMoment(random);
  const mishap = random.pick(MISHAPS);
  const times = random.pick([1, 1, 1, 2, 3, 4, 8]);
  const from = random.chance(0.6) ? 0 : random.int(0, 60 * 60);
  if (random.chance(0.45)) {
    const skip = random.int(0, 12);
    return { kind: 'call', from, function: random.pick(FUNCTIONS), skip, times, mishap };
  }
  const operation = random.pick(OPERATIONS);
  const skip = random.int(0, 6);
  const starts = operation === 'sso-admin:CreateAccountAssignment' || operation === 'sso-admin:DeleteAccountAssignment';
  if (starts && random.chance(0.3))
    return { kind: 'call', from, operation, skip: skip % 3, times, mishap: 'fails-later' };
  const error = random.pick(PASSING_ERRORS[serviceOf(operation)]);
  return { kind: 'call', from, operation, skip, times, mishap, error };
}

/** The fault that hits one call. */
export interface Fate {
  readonly mishap: Mishap;
  readonly error: string;
}

/** The faults of one history, matched against its calls as it is played. */
export class FaultBook {
  readonly #faults: { readonly fault: Fault; seen: number }[];
  readonly #startMs: number;
  #lastNeededMs = 0;
  #lastMs = 0;

  constructor(faults: readonly Fault[], startMs: number) {
    this.#faults = faults.map((fault) => ({ fault, seen: 0 }));
    this.#startMs = startMs;
  }

  /** The last instant at which something that a removal of access needs went wrong; milliseconds, 0 for never. */
  get lastNeededMs(): number {
    return this.#lastNeededMs;
  }

  /** The last instant at which anything went wrong; milliseconds, 0 for never. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** The fault that hits this call; undefined: the call succeeds. */
  ofCall(call: { functionName: string; operation: string; nowMs: number }): Fate | undefined {
    const at = (call.nowMs - this.#startMs) / 1000;
    const service = serviceOf(call.operation);
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.kind === 'not-run' || at < fault.from) continue;
      if (fault.kind === 'outage') {
        if (fault.service !== service || at >= fault.until) continue;
        return this.#hit(call, { mishap: fault.mishap, error: PASSING_ERRORS[service][0] });
      }
      if (fault.function !== undefined && fault.function !== call.functionName) continue;
      if (fault.operation !== undefined && fault.operation !== call.operation) continue;
      entry.seen += 1;
      if (entry.seen <= fault.skip || entry.seen > fault.skip + fault.times) continue;
      return this.#hit(call, { mishap: fault.mishap, error: fault.error ?? PASSING_ERRORS[service][0] });
    }
    return undefined;
  }

  /** The error with which Lambda refuses to run this function now; undefined: it runs. */
  ofInvocation(functionName: string, nowMs: number): string | undefined {
    const at = (nowMs - this.#startMs) / 1000;
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.kind !== 'not-run' || fault.function !== functionName || at < fault.from) continue;
      entry.seen += 1;
      if (entry.seen > fault.times) continue;
      this.#lastMs = nowMs;
      if (FUNCTIONS_NEEDED_TO_REVOKE.includes(functionName)) this.#lastNeededMs = nowMs;
      return fault.error;
    }
    return undefined;
  }

  #hit(call: { functionName: string; operation: string; nowMs: number }, fate: Fate): Fate {
    this.#lastMs = call.nowMs;
    const crashed = fate.mishap.startsWith('crash') && FUNCTIONS_NEEDED_TO_REVOKE.includes(call.functionName);
    if (crashed || NEEDED_TO_REVOKE.includes(serviceOf(call.operation))) this.#lastNeededMs = call.nowMs;
    return fate;
  }
}

function serviceOf(operation: string): Service {
  return operation.slice(0, operation.indexOf(':')) as Service;
}
