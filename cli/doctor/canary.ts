import { setTimeout } from 'node:timers/promises';
import type { CanaryTarget } from '../../core/doctor/canary.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { tryCanary } from '../../core/doctor/try-canary.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';
import type { CanaryFunction } from '../../gateways/lambda/canary-function.ts';
import { type CliIo, type DescribedStack, UsageError } from '../terminal/io.ts';

export interface CanaryOptions {
  readonly canary?: boolean;
  readonly account?: string;
  readonly permissionSet?: string;
  readonly group?: string;
}

/** How the canary's function is called, and the pause between two looks. */
export interface CanaryOutside {
  readonly call: CanaryFunction;
  readonly pause: () => Promise<void>;
}

export type BuildCanary = (functionName: string) => Promise<CanaryOutside>;

/** Time between two looks. Milliseconds. */
const LOOK_EVERY_MS = 2_000;

/** The real function, with the operator's credentials; endpoints come from the SDK's environment variables. */
export const awsCanary: BuildCanary = async (functionName) => {
  const [{ LambdaClient }, { createCanaryFunction }] = await Promise.all([
    import('@aws-sdk/client-lambda'),
    import('../../gateways/lambda/canary-function.ts'),
  ]);
  return {
    call: createCanaryFunction({ client: new LambdaClient({}), functionName }),
    pause: () => setTimeout(LOOK_EVERY_MS),
  };
};

/**
 * The targets to try, from the options.
 *
 * @returns an empty list without `--canary`
 * @throws UsageError when the options are incomplete
 */
export function canaryTargets(options: CanaryOptions): readonly CanaryTarget[] {
  const { canary, account, permissionSet, group } = options;
  if (canary !== true) {
    if (account !== undefined || permissionSet !== undefined || group !== undefined)
      throw new UsageError('--account, --permission-set and --group say what --canary tries: write --canary, too');
    return [];
  }
  if ((account === undefined) !== (permissionSet === undefined))
    throw new UsageError('--canary takes --account and --permission-set together');
  if (account !== undefined && !ACCOUNT_ID.test(account))
    throw new UsageError(`--account ${account} is no account id: write its 12 digits`);
  const targets: CanaryTarget[] = [
    ...(account === undefined || permissionSet === undefined ? [] : [{ accountId: account, permissionSet }]),
    ...(group === undefined ? [] : [{ group }]),
  ];
  if (targets.length === 0)
    throw new UsageError('--canary needs to know what it may try: --account ID --permission-set NAME, or --group NAME');
  return targets;
}

/** Tries one target after another. @throws UsageError where the deployment has no canary */
export async function* tryTargets(
  targets: readonly CanaryTarget[],
  stack: DescribedStack,
  io: Pick<CliIo, 'now' | 'newId' | 'progress'>,
  words: (error: unknown) => string,
  build: BuildCanary,
): AsyncIterable<Finding> {
  if (targets.length === 0) return;
  const functionName = canaryFunctionOf(stack);
  const { call, pause } = await build(functionName);
  for (const target of targets) {
    const key = io.newId();
    io.progress?.('the canary is on its way …');
    try {
      yield* tryCanary(target, {
        ...call,
        ask: (wanted) => call.ask(key, wanted),
        pause,
        now: io.now,
        words: ({ reason, detail }) => (detail === undefined ? reason : `${reason} (${detail})`),
      });
    } catch (error) {
      yield unseen(words(error));
    } finally {
      io.progress?.('');
    }
  }
}

function unseen(why: string): Finding {
  return {
    check: 'canary-grant',
    status: 'unseen',
    what: `could not try: ${why}`,
    why: 'nobody knows whether access is given; what was begun ends by itself',
    fix: 'run the doctor with the rights that docs/doctor.md lists',
  };
}

/** @throws UsageError where the deployed configuration has no canary */
export function canaryFunctionOf({ outputs }: DescribedStack): string {
  const functionName = outputs.CanaryFunction;
  if (functionName === undefined)
    throw new UsageError(
      "this deployment has no canary: write canary: { userId: '…' } into the configuration and deploy; docs/doctor.md says whose id",
    );
  return functionName;
}
