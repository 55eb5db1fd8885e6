import { awsErrorInWords } from '../../../cli/deployment/aws-errors.ts';

const ENV = { AWS_REGION: 'eu-central-1', AWS_PROFILE: 'prod', ACCESS_TABLE: 'access', REQUEST_TABLE: 'requests' };

function failure(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const DENIED =
  'User: arn:aws:sts::111122223333:assumed-role/Dev/olga is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:eu-central-1:111122223333:table/requests because no identity-based policy allows the dynamodb:Query action';

/** An error of the SDK, a part of the message for the operator, and whether AWS refused (exit code 5). */
const CASES: readonly (readonly [string, Error, RegExp, boolean])[] = [
  [
    'no credentials',
    failure('CredentialsProviderError', 'Could not load credentials from any providers'),
    /aws sso login/,
    false,
  ],
  [
    'a missing profile',
    failure(
      'CredentialsProviderError',
      'Could not resolve credentials using profile: [prd] in configuration/credentials file(s).',
    ),
    /profile prd: is it in ~\/\.aws\/config/,
    false,
  ],
  [
    'an expired SSO session',
    failure('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    /session has expired: aws sso login --profile prod/,
    false,
  ],
  ['no Region', failure('Error', 'Region is missing'), /AWS_REGION=/, false],
  [
    'an expired token',
    failure('ExpiredTokenException', 'The security token included in the request is expired'),
    /has expired: aws sso login/,
    true,
  ],
  [
    'a missing right',
    failure('AccessDeniedException', DENIED),
    /Dev\/olga may not dynamodb:Query on arn:aws:dynamodb:eu-central-1:111122223333:table\/requests \(profile prod, eu-central-1\)$/,
    true,
  ],
  [
    'a missing table',
    failure('ResourceNotFoundException', 'Requested resource not found'),
    /no table access or no requests \(profile prod, eu-central-1\).*--stack/,
    true,
  ],
  [
    'swapped tables',
    failure('ValidationException', 'The table does not have the specified index: by-state'),
    /swapped/,
    true,
  ],
  [
    'a missing workflow',
    failure('StateMachineDoesNotExist', "State Machine Does Not Exist: 'x'"),
    /StateMachineArn/,
    true,
  ],
  ['a throttled account', failure('ThrottlingException', 'Rate exceeded'), /slow down/, true],
  [
    'an unreachable AWS endpoint',
    failure('AggregateError', '', { errors: [{ code: 'ECONNREFUSED' }] }),
    /cannot be reached.*ECONNREFUSED/,
    false,
  ],
  [
    'any other error of AWS',
    failure('TableInUseException', 'busy', { $metadata: {} }),
    /^TableInUseException \(profile prod, eu-central-1\): busy$/,
    true,
  ],
];

test.each(CASES)('%s gives a message that says what to do', (_what, error, says, refused) => {
  const told = awsErrorInWords(error, { env: ENV });
  expect(told?.text).toMatch(says);
  expect(told?.refused).toBe(refused);
});

test('an error in the code of Glasshammer is not reported as an error of AWS', () => {
  expect(awsErrorInWords(new TypeError('x is not a function'), { env: ENV })).toBeUndefined();
  expect(awsErrorInWords('a text', { env: ENV })).toBeUndefined();
});
