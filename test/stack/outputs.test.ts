import { flatten, synthesize } from './synthesized.ts';

test('the outputs of a deployment tell an operator every next step', () => {
  const outputs = Object.fromEntries(
    Object.entries(synthesize().toJSON().Outputs as Record<string, { Value: unknown }>).map(([name, { Value }]) => [
      name,
      flatten(Value),
    ]),
  );
  for (const route of ['interactivity', 'commands', 'options', 'events']) {
    const name = `Url${route.charAt(0).toUpperCase()}${route.slice(1)}`;
    expect(outputs[name]).toMatch(new RegExp(`^<SlackEndpointApi\\w+\\.ApiEndpoint>/slack/${route}$`));
  }
  expect(outputs.SlackManifestCommand).toMatch(
    /^npx glasshammer slack-manifest --url <SlackEndpointApi\w+\.ApiEndpoint>$/,
  );
  expect(outputs.SlackSecretCommand).toMatch(
    /put-secret-value --secret-id <SlackSecret\w+> --secret-string file:\/\/slack-secret\.json$/,
  );
  expect(outputs.ApiUrl).toMatch(/^https:\/\/<ApiDoorApi\w+>\.execute-api\.eu-central-1\.<AWS::URLSuffix>\/v1$/);
  // A command with nothing to fill in, which says what is still to be done.
  expect(outputs.DoctorCommand).toBe('npx glasshammer doctor --stack Glasshammer');
  // `policy explain` uses it.
  expect(outputs.LongestAccess).toBe('12h');
  expect(outputs.Version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      'SlackSecretArn',
      'StateMachineArn',
      'AccessTable',
      'RequestTable',
      'AlarmTopicArn',
      'ReportRoleArn',
    ]),
  );
});
