import { type CallCounter, closesConnection, type Fault, type FaultPlan } from '../faults.ts';
import { iam } from './access/iam.ts';
import type { JudgedCall } from './access/required-rights.ts';
import { identify, sts } from './access/sts.ts';
import { identitystore } from './identity-center/identitystore.ts';
import { settleProvisioning } from './identity-center/provisioning.ts';
import { ssoAdmin } from './identity-center/sso-admin.ts';
import { account } from './others/account.ts';
import { cloudformation } from './others/cloudformation.ts';
import { type AlarmSource, cloudwatch } from './others/cloudwatch.ts';
import { eventbridge } from './others/eventbridge.ts';
import { type Invoke, lambda } from './others/lambda.ts';
import { organizations } from './others/organizations.ts';
import { s3 } from './others/s3.ts';
import { secretsManager } from './others/secrets-manager.ts';
import { sesv2 } from './others/sesv2.ts';
import { type StatesBackend, sfn } from './others/sfn.ts';
import { sns } from './others/sns.ts';
import { SERVICES } from './services.ts';
import { dynamodb, type TableSpec } from './tables/dynamodb.ts';
import type { StreamRecord } from './tables/table-streams.ts';
import { athena } from './trail/athena.ts';
import { cloudtrail } from './trail/cloudtrail.ts';
import { cloudwatchLogs } from './trail/cloudwatch-logs.ts';
import { createTrailWriter, type TrailWriter } from './trail/trail-writer.ts';
import { writeError, writeResult } from './wire/answer.ts';
import { AwsError, accessDenied } from './wire/aws-error.ts';
import { checkInputShapes, isAwsShaped } from './wire/input-shapes.ts';
import { checkCall, findService, type RoutedCall, readCall, readSignature, type ServiceRoute } from './wire/route.ts';
import type { Call, Operation, Operations } from './wire/service.ts';
import { CONNECTION_CLOSED, FUNCTION_HEADER, type WireRequest, type WireResponse } from './wire/wire.ts';
import { changeByHand } from './world/by-hand.ts';
import type { AssignmentKey, BusEvent, TrailRecord, World } from './world/world.ts';

export interface AwsEmulatorOptions {
  world: World;
  clock: { nowMs(): number };
  /** The operations that exist here are registered with the plan. */
  faults: FaultPlan;
  calls: CallCounter;
  /** The engine behind Step Functions; without it there is no state machine. */
  states?: StatesBackend;
  /** The alarms of CloudWatch; without it there are none. */
  alarms?: AlarmSource;
  /** Runs the functions that `lambda:Invoke` calls; without it none can be called. */
  invoke?: Invoke;
  /** Runs a function for an asynchronous `lambda:Invoke`, whose answer is not awaited. */
  invokeLater?(functionName: string, event: unknown): void;
  /** Tables to create before the first call. */
  tables?: readonly TableSpec[];
  newId(): string;
  /**
   * Authorizes each call before it is carried out and before a planned fault is applied. Returns why the call is
   * denied, in AWS's words, or `undefined`. Without it every call is allowed.
   */
  authorize?(call: JudgedCall): string | undefined;
  /** Called for each write to a table with a stream, in order. */
  onStreamRecords?(table: string, records: StreamRecord[]): void;
  onEvents?(events: BusEvent[]): void;
  /** Called with the CloudTrail records of changes through Identity Center's APIs, as an EventBridge rule gets them. */
  onTrailRecord?(record: TrailRecord): void;
}

export interface AwsEmulator {
  handle(request: WireRequest): Promise<WireResponse>;
  /**
   * Carries an operation out as an administrator in the console: not counted, without faults and signature. `name` is
   * `service:Operation`.
   */
  byConsole(name: string, input: Record<string, unknown>): Promise<unknown>;
  /**
   * Creates or deletes an assignment as an administrator does, but at once. CloudTrail records it. Returns whether
   * anything changed.
   */
  changeByHand(kind: 'create' | 'delete', assignment: AssignmentKey): boolean;
  /** Resolves when no call is running any more. Later calls get a closed connection. */
  close(): Promise<void>;
}

/**
 * Services that can be called with credentials of any account. All others can only be called with those of the app's
 * account.
 */
const ANY_ACCOUNT: ReadonlySet<string> = new Set(['account', 'cloudtrail', 'iam', 'sts']);
const ASYNCHRONOUS = ['sso-admin:CreateAccountAssignment', 'sso-admin:DeleteAccountAssignment'];

/** Operations whose answer is not in the service's protocol. */
function isRaw(service: string, operation: string): boolean {
  return service === 'lambda' && operation === 'Invoke';
}

/** AWS for unmodified SDK clients: a function from request to response, on one world and one clock. */
export function createAwsEmulator(options: AwsEmulatorOptions): AwsEmulator {
  const { world, clock, faults, calls } = options;
  const trail = createTrailWriter(
    world,
    () => options.newId(),
    (record) => options.onTrailRecord?.(record),
  );
  const operations = createOperations(options, trail);
  for (const [service, table] of Object.entries(operations))
    faults.know(
      Object.keys(table).map((name) => `${service}:${name}`),
      ASYNCHRONOUS,
    );
  // Where the seed has ids in AWS's format, inputs must have them too.
  const strict = isAwsShaped(world);
  const underWay = new Set<Promise<WireResponse>>();
  let closed = false;
  let served = 0;

  async function serve(request: WireRequest): Promise<WireResponse> {
    served += 1;
    const requestId = `sandbox-${String(served).padStart(8, '0')}`;
    let service: ServiceRoute | undefined;
    try {
      const signature = readSignature(request.headers);
      service = findService(SERVICES, request, signature);
      const routed = readCall(service, request);
      const operate = operations[service.name]?.[routed.operation];
      if (operate === undefined)
        throw new AwsError('UnknownOperationException', `${service.name}:${routed.operation} is not emulated`);
      const name = `${service.name}:${routed.operation}`;
      calls.count(name);
      authorize(routed, signature.accessKeyId, request);
      const fault = faults.take(name);
      if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      if (fault?.when === 'before' && fault.error !== undefined) return misbehave(fault, service, requestId);
      const nowMs = clock.nowMs();
      settleProvisioning(world, nowMs);
      const caller = identify(world, signature.accessKeyId, nowMs, request.headers[FUNCTION_HEADER]);
      const call: Call = {
        ...caller,
        accessKeyId: signature.accessKeyId,
        region: signature.region,
        nowMs,
        ...(fault?.asyncFailure === undefined ? {} : { asyncFailure: fault.asyncFailure }),
      };
      const response = await run(routed, operate, call, request, requestId);
      return fault?.error === undefined ? response : misbehave(fault, service, requestId);
    } catch (error) {
      if (error instanceof AwsError) return writeError(service, error, requestId);
      throw error;
    }
  }

  function authorize({ service, operation, input }: RoutedCall, accessKeyId: string, request: WireRequest): void {
    const functionName = request.headers[FUNCTION_HEADER];
    const refusal = options.authorize?.({
      ...(functionName === undefined ? {} : { functionName }),
      accessKeyId,
      service: service.name,
      operation,
      input,
      request,
    });
    if (refusal !== undefined) throw accessDenied(service.name, refusal);
  }

  async function run(
    routed: RoutedCall,
    operate: Operation,
    call: Call,
    request: WireRequest,
    requestId: string,
  ): Promise<WireResponse> {
    const { service, operation, input } = routed;
    try {
      if (call.accountId !== world.homeAccountId && !ANY_ACCOUNT.has(service.name))
        throw accessDenied(
          service.name,
          `User: ${call.callerArn} is not authorized to perform: ${service.name}:${operation}`,
        );
      checkCall(routed);
      if (strict) checkInputShapes(service.name, input);
      const output = await (operate as (...parts: unknown[]) => unknown)(input, call, request);
      if (service.protocol === 's3' || isRaw(service.name, operation)) return output as WireResponse;
      // DynamoDB's answers come from dynalite and are not checked.
      if (service.protocol !== 'query' && service.name !== 'dynamodb') service.model?.checkOutput(operation, output);
      const result = writeResult(service, operation, output, requestId);
      // Only the answer of GetCallerIdentity has a Date header, with the sandbox's time for callers that need it. On
      // other answers, SDK clients would take an advanced clock for a clock skew of their own, and retry failed calls.
      if (operation === 'GetCallerIdentity') result.headers.date = new Date(call.nowMs).toUTCString();
      return result;
    } catch (error) {
      if (error instanceof AwsError) return writeError(service, error, requestId);
      throw error;
    }
  }

  return {
    async handle(request) {
      if (closed) return CONNECTION_CLOSED;
      const answer = serve(request);
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    },
    async byConsole(name, input) {
      const [service = '', operation = ''] = name.split(':');
      const operate = operations[service]?.[operation] as ((...parts: unknown[]) => unknown) | undefined;
      if (operate === undefined) throw new AwsError('UnknownOperationException', `${name} is not emulated`);
      const nowMs = clock.nowMs();
      settleProvisioning(world, nowMs);
      return operate(input, { ...identify(world, '', nowMs), accessKeyId: '', region: world.region, nowMs });
    },
    changeByHand(kind, assignment) {
      const nowMs = clock.nowMs();
      settleProvisioning(world, nowMs);
      const call: Call = { ...identify(world, '', nowMs), accessKeyId: '', region: world.region, nowMs };
      return changeByHand(world, trail, kind, assignment, call);
    },
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
}

function misbehave(fault: Fault, service: ServiceRoute, requestId: string): WireResponse {
  if (closesConnection(fault)) return CONNECTION_CLOSED;
  return writeError(service, new AwsError(fault.error ?? '', fault.message ?? 'Planned by the sandbox'), requestId);
}

function createOperations(options: AwsEmulatorOptions, trail: TrailWriter): Record<string, Operations> {
  const { world, clock } = options;
  const newId = () => options.newId();
  return {
    cloudformation: cloudformation(world),
    account: account(world),
    athena: athena(world, newId),
    cloudtrail: cloudtrail(world),
    cloudwatch: cloudwatch(world, options.alarms),
    'cloudwatch-logs': cloudwatchLogs(world, newId),
    dynamodb: dynamodb({
      tables: options.tables ?? [],
      accountId: world.homeAccountId,
      region: world.region,
      clock,
      newId,
      onStreamRecords: (table, records) => options.onStreamRecords?.(table, records),
    }),
    eventbridge: eventbridge(world, newId, (events) => options.onEvents?.(events)),
    iam: iam(world),
    identitystore: identitystore(world, newId, trail),
    lambda: lambda(world, options),
    organizations: organizations(world),
    s3: s3(world),
    'secrets-manager': secretsManager(world),
    sesv2: sesv2(world, newId),
    sfn: sfn(options.states, newId),
    sns: sns(world),
    'sso-admin': ssoAdmin(world, newId, trail),
    sts: sts(world),
  };
}
