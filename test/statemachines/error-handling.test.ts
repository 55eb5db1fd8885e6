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
import { reachable, STATES, stateNamed, TASKS } from './workflow-file.ts';

/** What is said between two tries of a removal, or of a cut. */
const BETWEEN_TRIES = ['Announce slow removal', 'Announce ending', 'Announce live sessions'];

const OURS = Object.values(programErrors).map((error) => new error('').name as string);

/** Classes of errors that the packages of the services the functions call really have. */
const SERVICES = [dynamodb, identitystore, organizations, secretsManager, sesv2, sfn, ssoAdmin].flatMap((service) =>
  Object.keys(service),
);

const rights = functionRights(
  { ...example, groups: [{ name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' }] },
  new Proxy({}, { get: (_own, name) => `<${String(name)}>` }) as unknown as OwnResources,
);

/** `${GrantAccessFunction}` -> `grant-access`, as the deployed names are made. */
const functionOf = (placeholder: string): FunctionName =>
  placeholder
    .replace(/^\$\{|Function\}$/g, '')
    .replace(/\B[A-Z]/g, '-$&')
    .toLowerCase() as FunctionName;

/** The services a function may call, by the prefixes of its rights. */
const servicesOf = (name: FunctionName): string[] => [
  ...new Set(rights[name].flatMap(({ actions }) => actions.map((action) => action.split(':')[0] ?? ''))),
];

const handled = TASKS.flatMap(([state, { Retry = [], Catch = [] }]) =>
  [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals.map((error) => ({ state, error }))),
);
const names = [...new Set(handled.map(({ error }) => error))];

describe('the errors that the workflow handles', () => {
  it.each(names)('%s is one that somebody really reports', (name) => {
    const known = [...OURS, ...STEP_FUNCTIONS_ERRORS, ...LAMBDA_ERRORS, ...SDK_ERRORS, ...SERVICES];
    expect(known).toContain(name);
  });

  it('include every error of the program that says "retry" where it can be thrown', () => {
    const retried = (state: string) => stateNamed(state).Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(retried('Grant access')).toEqual(expect.arrayContaining(['RemovalInProgressError', 'RequestChangedError']));
    expect(retried('Check assignment')).toContain('RequestChangedError');
  });

  it.each(TASKS.filter(([name]) => name !== 'Remind approvers' && !BETWEEN_TRIES.includes(name)))(
    'in "%s" include whatever passes by itself of the services that its function may call',
    (_name, task) => {
      const retried = task.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
      if (retried.includes('States.ALL')) return;
      const services = servicesOf(functionOf(task.Arguments?.FunctionName ?? ''));
      expect(services.length).toBeGreaterThan(0);
      const passing = [...PASSING_EVERYWHERE, ...services.flatMap((service) => PASSING[service] ?? [`of ${service}?`])];
      expect(passing.filter((error) => !retried.includes(error))).toEqual([]);
    },
  );

  it('need not be retried where the next state does the work', () => {
    expect(stateNamed('Remind approvers').Catch?.at(-1)?.Next).toBe('Grant access');
  });

  it.each(BETWEEN_TRIES)(
    'keep no removal and no cut waiting for Slack: "%s" is tried once, and comes again',
    (name) => {
      const { Retry, Catch, TimeoutSeconds, Next } = stateNamed(name);
      expect([Retry, Catch]).toEqual([undefined, [{ ErrorEquals: ['States.ALL'], Next }]]);
      expect(TimeoutSeconds).toBeLessThanOrEqual(15);
      expect(reachable(Next ?? '', (state) => state !== 'Announce end')).toContain(name);
    },
  );

  it.each(TASKS)(
    'name States.ALL in "%s" alone and last, or whatever stands behind it is never looked at',
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

  it.each(TASKS)('name in "%s" no error a second time: the second entry would be dead', (_name, task) => {
    for (const list of [task.Retry ?? [], task.Catch ?? []]) {
      const all = list.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(all).toEqual([...new Set(all)]);
    }
  });

  it.each(TASKS.filter(([name]) => !BETWEEN_TRIES.includes(name)))(
    'retry a function that Lambda could not run in "%s"',
    (_name, task) => {
      const retried = task.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
      expect(retried.includes('States.ALL') || retried.includes('Lambda.ServiceException')).toBe(true);
    },
  );

  it('leave no task without a last resort, except the one that may fail the workflow for the clean-up to take over', () => {
    const uncaught = TASKS.filter(
      ([, { Catch = [] }]) => !Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')),
    );
    expect(uncaught.map(([name]) => name)).toEqual(['Note unsent report']);
  });
});

describe('taking access back', () => {
  const { Retry = [], Catch = [] } = stateNamed('Revoke access');

  it('is tried again for as long as it takes: nothing ends the tries but success, or that there is no such request', () => {
    expect(Catch.map(({ ErrorEquals, Next }) => [ErrorEquals, Next])).toEqual([
      [['RequestNotFoundError'], 'No request'],
      [['States.ALL'], 'Announce ending'],
    ]);
    const trying = reachable('Announce ending', (state) => state !== 'Removed?');
    expect([...trying].filter((name) => ['Succeed', 'Fail'].includes(stateNamed(name).Type))).toEqual(['No request']);
    for (const name of trying) if (name !== 'No request') expect(reachable(name)).toContain('Revoke access');
  });

  it('is not retried for ever where there is no such request', () => {
    const never = Retry.filter(({ MaxAttempts }) => MaxAttempts === 0).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(never).toEqual(['RequestNotFoundError']);
  });

  it('is told of within a minute when it does not work', () => {
    for (const retrier of Retry) if (retrier.MaxAttempts !== 0) expect(longestSeconds(retrier)).toBeLessThan(60);
  });

  it('gives room between two tries, more each time, and never as much as the alarm looks at at once', () => {
    const pauses = [Catch.at(-1), stateNamed('Check removal').Catch?.at(-1)].map((way) => way?.Assign?.waitSeconds);
    expect(new Set(pauses)).toEqual(new Set(['{% $min([240, $max([5, $waitSeconds * 2])]) %}']));
    expect(stateNamed('Wait before another try').Seconds).toBe('{% $waitSeconds %}');
    const begun = STATES.get('Begin')?.Choices?.filter(({ Next }) => Next !== 'No request');
    expect(begun?.map(({ Assign }) => Assign?.waitSeconds)).toEqual([5, 5, 5]);
  });

  it('goes back to the revoke when a check of the removal fails', () => {
    expect(stateNamed('Check removal').Catch?.at(-1)?.Next).toBe('Announce ending');
    expect(stateNamed('Announce ending').Next).toBe('Wait before another try');
    expect(stateNamed('Wait before another try')).toMatchObject({ Type: 'Wait', Next: 'Revoke access' });
  });
});

describe('warning of the end', () => {
  it('is over before the end of the shortest access that is warned of, whatever hangs', () => {
    const { Retry = [], TimeoutSeconds } = stateNamed('Warn before the end');
    const [retrier] = Retry;
    const longest = longestSeconds(retrier) + ((retrier?.MaxAttempts ?? 0) + 1) * Number(TimeoutSeconds);
    // A third of the shortest is a minute; the sweep looks a minute and a half after the end.
    expect(longest).toBeLessThan(60 + 30);
  });
});

/** The sum of all waits of a retrier, without the chance by which each may be shorter. */
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
  it('but those with which nothing else waits is done within an hour', () => {
    const patient = ['Note unsent report', 'Announce report', 'Announce decision'];
    const quick = TASKS.filter(([name]) => !patient.includes(name)).flatMap(([name, { Retry = [] }]) =>
      Retry.map((retrier) => ({ name, seconds: longestSeconds(retrier) })),
    );
    expect(quick.filter(({ seconds }) => seconds > 3600)).toEqual([]);
  });
});
