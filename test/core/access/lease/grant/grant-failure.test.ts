import { failureText, grantFailureKind } from '../../../../../core/access/lease/grant/grant-failure.ts';

const lambdaCause = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, '    at send (index.mjs:1:1)'] });

describe('what is kept of a failure the workflow has caught', () => {
  test.each<[string, { error: string; cause: string }, string | undefined]>([
    ['nothing, when nothing was caught', { error: '', cause: '' }, undefined],
    [
      'the error and its message, without the trace',
      { error: 'AccessDeniedException', cause: lambdaCause('AccessDeniedException', 'User: "x" is not authorized') },
      'AccessDeniedException: User: "x" is not authorized',
    ],
    [
      'the message of a cause that was cut short',
      { error: 'ConflictException', cause: lambdaCause('ConflictException', 'busy').slice(0, 60) },
      'ConflictException: busy',
    ],
    ['the error alone, when its message was cut off', { error: 'Broken', cause: '{"errorType":"Bro' }, 'Broken'],
    [
      'the time limit, in words',
      { error: 'States.Timeout', cause: '' },
      'the function that gives access did not finish within a minute',
    ],
    [
      'a cause that is no JSON',
      { error: 'Lambda.Unknown', cause: 'The runtime exited.' },
      'Lambda.Unknown: The runtime exited.',
    ],
  ])('%s', (_what, caught, text) => {
    expect(failureText(caught)).toBe(text);
  });

  test('a long text is cut', () => {
    expect(failureText({ error: 'E', cause: 'x'.repeat(5000) })?.length).toBeLessThan(1000);
  });
});

/** Failures in the words of AWS, and of people who have reported them. */
test.each([
  ['Policy arn:aws:iam::123456789012:policy/team/Deploy does not exist or is not attachable.', 'missing-policy'],
  [
    'Received a 404 status error: Not supported policy arn:aws:iam::123456789012:policy/Deploy does not exist',
    'missing-policy',
  ],
  ['We were unable to complete the operation. Please manage your AWS account', 'suspended-account'],
  ['Account 123456789012 is suspended', 'suspended-account'],
  ['LimitExceededException: Cannot exceed quota for RolesPerAccount: 1000', 'quota'],
  ['ServiceQuotaExceededException: You have exceeded AWS SSO limits', 'quota'],
  ['Received a 404 status error: assignee not found in directory', 'gone'],
  [
    'AccessDeniedException: User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: sso:CreateAccountAssignment',
    'denied',
  ],
  ['ConflictException: There is a conflicting operation in progress', 'conflict'],
  ['Identity Center took too long', 'slow'],
  ['An unexpected internal service exception was encountered', 'other'],
])('"%s" is recognized', (failure, kind) => {
  expect(grantFailureKind(failure)).toBe(kind);
});
