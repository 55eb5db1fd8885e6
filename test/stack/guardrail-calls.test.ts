import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { ADMIN, CLOUDFORMATION, configured, HERE, isForbidden, PIPELINE } from './guardrail-says.ts';
import { flatten, statements, synthesize } from './synthesized.ts';

/**
 * Functions that operators may call by hand (docs/doctor.md, docs/runbook.md); the sweep ignores the event's content.
 */
const ASKED = ['cut-sessions', 'report-on-access', 'sweep-access', 'try-access'];
const WORKFLOW = `arn:aws:iam::${HERE}:role/Glasshammer-WorkflowRole98C7DC98-1ABC`;
const config = configured({ targets: ['r-ab12'], policyWriters: [PIPELINE] });

function ways(name: string): [string, string][] {
  const arn = `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-${name}`;
  // By invocation, asynchronously, by function URL, and each also with a version, which is another ARN.
  return ['InvokeFunction', 'InvokeAsync', 'InvokeFunctionUrl'].flatMap((verb) =>
    [arn, `${arn}:$LATEST`, `${arn}:7`].map((one): [string, string] => [`lambda:${verb}`, one]),
  );
}

test.each(FUNCTION_NAMES.filter((name) => !ASKED.includes(name)))(
  'an administrator cannot invoke %s by hand, because it trusts its event',
  (name) => {
    for (const [action, arn] of ways(name)) {
      expect([arn, isForbidden(action, arn, ADMIN, config)]).toEqual([arn, true]);
      expect([arn, isForbidden(action, arn, CLOUDFORMATION, config)]).toEqual([arn, false]);
    }
  },
);

test('operators can call the functions that they need by hand', () => {
  expect(FUNCTION_NAMES).toEqual(expect.arrayContaining(ASKED));
  for (const [action, arn] of ASKED.flatMap(ways))
    expect([arn, isForbidden(action, arn, ADMIN, config)]).toEqual([arn, false]);
});

test('the workflow can call its functions, and a named policy writer can end one request by hand', () => {
  const called = statements(synthesize())
    .filter(({ owner, actions }) => owner === 'Workflow' && actions.includes('lambda:InvokeFunction'))
    .flatMap(({ resources }) => resources.map(flatten));
  expect(called.length).toBeGreaterThan(5);
  for (const logical of called) {
    const [, id = ''] = /^<Functions(\w+)Function/.exec(logical) ?? [];
    const name = id.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase();
    expect(FUNCTION_NAMES).toContain(name);
    for (const [action, arn] of ways(name))
      expect([arn, isForbidden(action, arn, WORKFLOW, config)]).toEqual([arn, false]);
  }
  for (const [action, arn] of ways('revoke-access')) expect(isForbidden(action, arn, PIPELINE, config)).toBe(false);
});

test('an execution that ended cannot be redriven; one that runs may be stopped, which only ends its access', () => {
  const execution = `arn:aws:states:eu-central-1:${HERE}:execution:glasshammer-access:REQUEST_ID`;
  expect(isForbidden('states:RedriveExecution', execution, ADMIN)).toBe(true);
  expect(isForbidden('states:StopExecution', execution, ADMIN)).toBe(false);
});
