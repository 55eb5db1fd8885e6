import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as identitystore from '@aws-sdk/client-identitystore';
import * as organizations from '@aws-sdk/client-organizations';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import * as programErrors from '../../core/access/errors.ts';
import { config as example } from '../../glasshammer.config.ts';
import type { FunctionName } from '../../lambdas/environment-names.ts';
import { functionRights, type OwnResources } from '../../lib/function-rights.ts';
import { LAMBDA_ERRORS, PASSING, PASSING_EVERYWHERE, SDK_ERRORS, STEP_FUNCTIONS_ERRORS } from './error-names.ts';
import { STATES, stateNamed, TASKS } from './workflow-file.ts';

const OURS = Object.values(programErrors).map((error) => new error('').name as string);

/** Classes of errors that the packages of the services the functions call really have. */
const SERVICES = [dynamodb, identitystore, organizations, secretsManager, sfn, ssoAdmin].flatMap((service) =>
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

  it.each(TASKS.filter(([name]) => !['Remind approvers', 'Warn before the end'].includes(name)))(
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

  it('need not be retried by the two that nothing is lost with: the next state does their work, or none is owed', () => {
    expect(stateNamed('Remind approvers').Catch?.at(-1)?.Next).toBe('Grant access');
    expect(stateNamed('Warn before the end').Catch?.at(-1)?.Next).toBe('Hold until the end');
  });

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

  it.each(TASKS.filter(([name]) => name !== 'Warn before the end'))(
    'retry a function that Lambda could not run in "%s"',
    (_name, task) => {
      const retried = task.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
      expect(retried.includes('States.ALL') || retried.includes('Lambda.ServiceException')).toBe(true);
    },
  );

  it('leave no task without a last resort, except the two that may fail the workflow for the clean-up to take over', () => {
    const uncaught = TASKS.filter(
      ([, { Catch = [] }]) => !Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')),
    );
    expect(uncaught.map(([name]) => name)).toEqual(['Revoke access', 'Note missing report']);
  });
});

describe('taking access back', () => {
  const { Retry = [], Catch } = stateNamed('Revoke access');

  it('is caught by nothing: a failed revoke fails the workflow, and that starts a clean-up', () => {
    expect(Catch).toBeUndefined();
  });

  it('is retried for days whatever the error', () => {
    const last = Retry.at(-1);
    expect(last?.ErrorEquals).toEqual(['States.ALL']);
    expect(longestSeconds(last)).toBeGreaterThan(6 * 24 * 3600);
  });

  it('is not retried for ever where there is no such request', () => {
    const never = Retry.filter(({ MaxAttempts }) => MaxAttempts === 0).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(never).toEqual(['RequestNotFoundError']);
  });

  it('is retried within minutes throughout, so that it ends soon after whatever was wrong', () => {
    for (const { MaxAttempts, MaxDelaySeconds } of Retry)
      if (MaxAttempts !== 0) expect(MaxDelaySeconds).toBeLessThanOrEqual(120);
  });

  it('goes back to the revoke when a check of the removal fails', () => {
    const next = stateNamed('Check removal').Catch?.at(-1)?.Next ?? '';
    expect(stateNamed(next)).toMatchObject({ Type: 'Wait', Next: 'Revoke access' });
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
  it('but those of the revoke, the reports and what waits for people is done within an hour', () => {
    const patient = ['Revoke access', 'Send report', 'Send report without activity', 'Note missing report'];
    const quick = TASKS.filter(([name]) => !patient.includes(name)).flatMap(([name, { Retry = [] }]) =>
      Retry.map((retrier) => ({ name, seconds: longestSeconds(retrier) })),
    );
    expect(quick.filter(({ seconds }) => seconds > 3600)).toEqual([]);
  });
});
