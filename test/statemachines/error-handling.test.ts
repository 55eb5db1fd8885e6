import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as identitystore from '@aws-sdk/client-identitystore';
import * as organizations from '@aws-sdk/client-organizations';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sesv2 from '@aws-sdk/client-sesv2';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import * as programErrors from '../../core/model/errors.ts';
import { config as example } from '../../glasshammer.config.ts';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import { functionRights, type OwnResources } from '../../lib/rights/function-rights.ts';
import { LAMBDA_ERRORS, PASSING, PASSING_EVERYWHERE, SDK_ERRORS, STEP_FUNCTIONS_ERRORS } from './error-names.ts';
import { reachable, STATES, type State, stateNamed, TASKS } from './workflow-file.ts';

/** The states that announce something between two tries of a removal or of a cut. */
const BETWEEN_TRIES = ['Announce slow removal', 'Announce ending', 'Announce live sessions'];

const OURS = Object.values(programErrors).map((error) => new error('').name as string);

/** The exports of the SDK packages, among them every error class of the services that the functions call. */
const SERVICES = [dynamodb, identitystore, organizations, secretsManager, sesv2, sfn, ssoAdmin].flatMap((service) =>
  Object.keys(service),
);

const rights = functionRights(
  { ...example, groups: [{ name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' }] },
  new Proxy({}, { get: (_own, name) => `<${String(name)}>` }) as unknown as OwnResources,
);

/** `${GrantAccessFunction}` -> `grant-access`. */
const functionOf = (placeholder: string): FunctionName =>
  placeholder
    .replace(/^\$\{|Function\}$/g, '')
    .replace(/\B[A-Z]/g, '-$&')
    .toLowerCase() as FunctionName;

/** The services that a function may call, as the prefixes of its rights. */
const servicesOf = (name: FunctionName): string[] => [
  ...new Set(rights[name].flatMap(({ actions }) => actions.map((action) => action.split(':')[0] ?? ''))),
];

const handled = TASKS.flatMap(([state, { Retry = [], Catch = [] }]) =>
  [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals.map((error) => ({ state, error }))),
);
const names = [...new Set(handled.map(({ error }) => error))];

/** Does the task try again after this error? Step Functions goes by the first entry that matches, as this does. */
function isRetried({ Retry = [] }: State, error: string): boolean {
  const entry = Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
  return entry !== undefined && entry.MaxAttempts !== 0;
}

describe('the errors that the workflow handles', () => {
  it.each(names)('%s is a name that Glasshammer, Step Functions, Lambda, the SDK or a service reports', (name) => {
    const known = [...OURS, ...STEP_FUNCTIONS_ERRORS, ...LAMBDA_ERRORS, ...SDK_ERRORS, ...SERVICES];
    expect(known).toContain(name);
  });

  it('include RemovalInProgressError and RequestChangedError, which are meant to be retried', () => {
    const retried = (state: string) => stateNamed(state).Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(retried('Grant access')).toEqual(expect.arrayContaining(['RemovalInProgressError', 'RequestChangedError']));
    expect(retried('Check assignment')).toContain('RequestChangedError');
  });

  it.each(TASKS.filter(([name]) => name !== 'Remind approvers' && !BETWEEN_TRIES.includes(name)))(
    'in "%s" include every transient error of the services that its function may call',
    (_name, task) => {
      const services = servicesOf(functionOf(task.Arguments?.FunctionName ?? ''));
      expect(services.length).toBeGreaterThan(0);
      const passing = [...PASSING_EVERYWHERE, ...services.flatMap((service) => PASSING[service] ?? [`of ${service}?`])];
      expect(passing.filter((error) => !isRetried(task, error))).toEqual([]);
    },
  );

  it('of "Remind approvers" lead back to "Grant access", so that errors of its services need no retry', () => {
    expect(stateNamed('Remind approvers').Catch?.at(-1)?.Next).toBe('Grant access');
  });

  it.each(BETWEEN_TRIES)(
    'do not delay a removal or a cut: "%s" has one short try, and runs again after the next removal',
    (name) => {
      const { Retry, Catch, TimeoutSeconds, Next } = stateNamed(name);
      expect([Retry, Catch]).toEqual([undefined, [{ ErrorEquals: ['States.ALL'], Next }]]);
      expect(TimeoutSeconds).toBeLessThanOrEqual(15);
      expect(reachable(Next ?? '', (state) => state !== 'Announce end')).toContain(name);
    },
  );

  it.each(TASKS)(
    'of "%s" have States.ALL alone and last, because entries after it would have no effect',
    (_name, task) => {
      for (const list of [task.Retry ?? [], task.Catch ?? []]) {
        for (const [index, { ErrorEquals }] of list.entries()) {
          if (!ErrorEquals.includes('States.ALL')) continue;
          expect(ErrorEquals).toEqual(['States.ALL']);
          expect(index).toBe(list.length - 1);
        }
      }
    },
  );

  it.each(TASKS)('of "%s" name no error twice, because the second entry would have no effect', (_name, task) => {
    for (const list of [task.Retry ?? [], task.Catch ?? []]) {
      const all = list.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(all).toEqual([...new Set(all)]);
    }
  });

  it.each(TASKS.filter(([name]) => !BETWEEN_TRIES.includes(name)))(
    'of "%s" include a failure of Lambda to run the function, which is retried',
    (_name, task) => {
      expect(isRetried(task, 'Lambda.ServiceException')).toBe(true);
    },
  );

  it('are caught completely by every task but "Note unsent report", after whose failure the clean-up takes over', () => {
    const uncaught = TASKS.filter(
      ([, { Catch = [] }]) => !Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')),
    );
    expect(uncaught.map(([name]) => name)).toEqual(['Note unsent report']);
  });
});

describe('the revoke', () => {
  const { Retry = [], Catch = [] } = stateNamed('Revoke access');

  it('is tried again without limit, until it succeeds or the request does not exist', () => {
    expect(Catch.map(({ ErrorEquals, Next }) => [ErrorEquals, Next])).toEqual([
      [['RequestNotFoundError'], 'No request'],
      [['States.ALL'], 'Announce ending'],
    ]);
    const trying = reachable('Announce ending', (state) => state !== 'Removed?');
    expect([...trying].filter((name) => ['Succeed', 'Fail'].includes(stateNamed(name).Type))).toEqual(['No request']);
    for (const name of trying) if (name !== 'No request') expect(reachable(name)).toContain('Revoke access');
  });

  it('is not retried if the request does not exist', () => {
    const never = Retry.filter(({ MaxAttempts }) => MaxAttempts === 0).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(never).toEqual(['RequestNotFoundError']);
  });

  it('is announced as delayed within a minute of failed tries', () => {
    for (const retrier of Retry) if (retrier.MaxAttempts !== 0) expect(longestSeconds(retrier)).toBeLessThan(60);
  });

  it('waits longer before each new try, but less than the 5 minutes of one alarm period', () => {
    const pauses = [Catch.at(-1), stateNamed('Check removal').Catch?.at(-1)].map((way) => way?.Assign?.waitSeconds);
    expect(new Set(pauses)).toEqual(new Set(['{% $min([240, $max([5, $waitSeconds * 2])]) %}']));
    expect(stateNamed('Wait before another try').Seconds).toBe('{% $waitSeconds %}');
    const begun = STATES.get('Begin')?.Choices?.filter(({ Next }) => Next !== 'No request');
    expect(begun?.map(({ Assign }) => Assign?.waitSeconds)).toEqual([5, 5, 5]);
  });

  it('is started again when a check of the removal fails', () => {
    expect(stateNamed('Check removal').Catch?.at(-1)?.Next).toBe('Announce ending');
    expect(stateNamed('Announce ending').Next).toBe('Wait before another try');
    expect(stateNamed('Wait before another try')).toMatchObject({ Type: 'Wait', Next: 'Revoke access' });
  });
});

describe('the warning before the end', () => {
  it('is given up less than 90 seconds after its start, before the sweep ends even the shortest access with a warning', () => {
    const { Retry = [], TimeoutSeconds } = stateNamed('Warn before the end');
    const [retrier] = Retry;
    const longest = longestSeconds(retrier) + ((retrier?.MaxAttempts ?? 0) + 1) * Number(TimeoutSeconds);
    // The warning of the shortest access (3 minutes) comes 1 minute before its end; the sweep acts 90 s after its end.
    expect(longest).toBeLessThan(60 + 30);
  });
});

/** The sum of all waits of a retrier in seconds, without the jitter, which only makes them shorter. */
function longestSeconds(retrier: (typeof RETRIERS)[number] | undefined): number {
  const {
    IntervalSeconds = 1,
    MaxAttempts = 3,
    BackoffRate = 2,
    MaxDelaySeconds = Number.POSITIVE_INFINITY,
  } = retrier ?? {};
  let sum = 0;
  for (let n = 0; n < MaxAttempts; n++) sum += Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** n);
  return sum;
}

const RETRIERS = [...STATES.values()].flatMap(({ Retry = [] }) => Retry);

describe('every retry', () => {
  it('ends within an hour, except in states for which nothing else waits', () => {
    const patient = ['Note unsent report', 'Announce report', 'Announce decision'];
    const quick = TASKS.filter(([name]) => !patient.includes(name)).flatMap(([name, { Retry = [] }]) =>
      Retry.map((retrier) => ({ name, seconds: longestSeconds(retrier) })),
    );
    expect(quick.filter(({ seconds }) => seconds > 3600)).toEqual([]);
  });
});
