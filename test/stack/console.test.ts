import type { Template } from 'aws-cdk-lib/assertions';
import { BASE, flatten, only, resources, statements, synthesize } from './synthesized.ts';

const CONSOLE = { samlMetadataUrl: 'https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/MTExMTIyMjIzMzMz' };

let template: Template;
beforeAll(() => {
  template = synthesize({ console: CONSOLE });
});

const values = (type: string) => resources(template, type).map(([, { Properties }]) => Properties);

test('without a console in the configuration nothing of it is deployed', () => {
  const without = synthesize();
  for (const type of ['AWS::CloudFront::Distribution', 'AWS::Cognito::UserPool', 'Custom::CDKBucketDeployment'])
    expect([type, resources(without, type)]).toEqual([type, []]);
  expect(Object.keys(without.toJSON().Outputs).filter((name) => name.startsWith('Console'))).toEqual([]);
  const { Variables } = only(without, 'AWS::Lambda::Function', 'FunctionsApi').Properties.Environment;
  expect(Object.keys(Variables).filter((name) => name.startsWith('CONSOLE'))).toEqual([]);
});

test('the functions that tell people of a request know the address of its page', () => {
  const told = resources(template, 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
    Properties.Environment?.Variables?.CONSOLE_URL === undefined ? [] : [Properties.FunctionName],
  );
  const tellers = ['access-requested', 'announce-access', 'ask-for-approval', 'report-on-access', 'watch-assignments'];
  expect(new Set(told)).toEqual(new Set(tellers.map((name) => `glasshammer-${name}`)));
});

test('the console works without the API for terminals: the function exists, and no signed call reaches it', () => {
  const alone = synthesize({ api: undefined, console: CONSOLE });
  expect(resources(alone, 'AWS::ApiGateway::RestApi')).toEqual([]);
  only(alone, 'AWS::Lambda::Function', 'FunctionsApi');
});

test('a throttled call of the console is counted from the log of its API, and raises an alarm', () => {
  const [, { Properties }] = resources(template, 'AWS::Logs::MetricFilter').find(([id]) =>
    id.startsWith('ConsoleDoor'),
  ) ?? ['', { Properties: {} }];
  expect(Properties).toMatchObject({ FilterPattern: '{ $.status = 429 }' });
  expect(flatten(Properties.LogGroupName)).toMatch(/^<ConsoleDoorLogs/);
  const [{ MetricName }] = Properties.MetricTransformations;
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties);
  expect(alarms.filter((alarm) => alarm.MetricName === MetricName).map(({ AlarmName }) => AlarmName)).toEqual([
    'glasshammer-low-console-calls-turned-away',
  ]);
});

describe('signing in to the console', () => {
  test('nobody has a password or can sign up: the only identity provider is Identity Center', () => {
    const pool = only(template, 'AWS::Cognito::UserPool').Properties;
    expect(pool.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true });
    const client = only(template, 'AWS::Cognito::UserPoolClient').Properties;
    expect(client.SupportedIdentityProviders.map(flatten)).toEqual([
      expect.stringMatching(/^<ConsoleSignInIdentityCenter/),
    ]);
    expect(client.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
    const provider = only(template, 'AWS::Cognito::UserPoolIdentityProvider').Properties;
    expect(provider).toMatchObject({
      ProviderName: 'IdentityCenter',
      ProviderType: 'SAML',
      ProviderDetails: { MetadataURL: CONSOLE.samlMetadataUrl },
      AttributeMapping: { 'custom:userId': 'userId' },
    });
    // With sign-in started by the provider, an unsolicited assertion could sign a person in as somebody else.
    expect(provider.ProviderDetails.IDPInit ?? 'false').toBe('false');
  });

  test('nobody can change who they are: no token has the scope that writes attributes', () => {
    const client = only(template, 'AWS::Cognito::UserPoolClient').Properties;
    expect(client.AllowedOAuthScopes).toEqual(['openid']);
  });

  test("a code works only with its secret and for the console's address, and the ID token lasts 15 minutes", () => {
    const client = only(template, 'AWS::Cognito::UserPoolClient').Properties;
    expect(client).toMatchObject({ AllowedOAuthFlows: ['code'], GenerateSecret: false, EnableTokenRevocation: true });
    expect(client.CallbackURLs.map(flatten)).toEqual([
      expect.stringMatching(/^https:\/\/<ConsoleSiteDistribution\w+\.DomainName>\/$/),
    ]);
    // The sign-out page is not the console, which would sign the same person in again at once.
    expect(client.LogoutURLs.map(flatten)).toEqual([
      expect.stringMatching(/^https:\/\/<ConsoleSiteDistribution\w+\.DomainName>\/signed-out\.html$/),
    ]);
    expect([client.IdTokenValidity, client.TokenValidityUnits.IdToken]).toEqual([15, 'minutes']);
  });

  test('each route verifies the token, for this pool and client, and the function knows both', () => {
    const door = resources(template, 'AWS::ApiGatewayV2::Route').filter(([id]) => id.startsWith('ConsoleDoor'));
    expect(door.map(([, { Properties }]) => [Properties.RouteKey, Properties.AuthorizationType])).toEqual([
      ['GET /v1/{proxy+}', 'JWT'],
      ['POST /v1/{proxy+}', 'JWT'],
    ]);
    const { Issuer, Audience } = only(template, 'AWS::ApiGatewayV2::Authorizer').Properties.JwtConfiguration;
    const { Variables } = only(template, 'AWS::Lambda::Function', 'FunctionsApi').Properties.Environment;
    expect(Variables).toMatchObject({ CONSOLE_ISSUER: Issuer, CONSOLE_CLIENT: Audience[0] });
    expect(flatten(Issuer)).toMatch(/^https:\/\/cognito-idp\.[^/]+\/<ConsoleSignInPool\w+>$/);
    expect(Audience).toHaveLength(1);
  });
});

describe('a page of the console', () => {
  test('loads and calls only its own address and the sign-in, and no other page can show it in a frame', () => {
    const { SecurityHeadersConfig: headers } = only(template, 'AWS::CloudFront::ResponseHeadersPolicy').Properties
      .ResponseHeadersPolicyConfig;
    const policy: string = headers.ContentSecurityPolicy.ContentSecurityPolicy;
    const rules = Object.fromEntries(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]));
    expect(rules).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'", 'https://glasshammer-111122223333.auth.eu-central-1.amazoncognito.com'],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(headers.StrictTransportSecurity.AccessControlMaxAgeSec).toBeGreaterThanOrEqual(31_536_000);
    expect(headers.FrameOptions.FrameOption).toBe('DENY');
    const { DefaultCacheBehavior, CacheBehaviors } = only(template, 'AWS::CloudFront::Distribution').Properties
      .DistributionConfig;
    for (const behaviour of [DefaultCacheBehavior, ...CacheBehaviors]) {
      expect(behaviour.ResponseHeadersPolicyId).toBeDefined();
      expect(['https-only', 'redirect-to-https']).toContain(behaviour.ViewerProtocolPolicy);
    }
  });

  test("is read from a private bucket by the console's distribution alone", () => {
    for (const { PublicAccessBlockConfiguration: block } of values('AWS::S3::Bucket'))
      expect(Object.values(block)).toEqual([true, true, true, true]);
    const [origin] = only(template, 'AWS::CloudFront::Distribution').Properties.DistributionConfig.Origins;
    expect(origin.OriginAccessControlId).toBeDefined();
    const policy = only(template, 'AWS::S3::BucketPolicy', 'ConsoleSite').Properties.PolicyDocument;
    const readers = policy.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(readers).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
  });

  test('is copied by a function that can write nothing of what people decide', () => {
    const copying = statements(template).filter(({ owner }) => owner.startsWith('CustomCDKBucketDeployment'));
    expect(copying.length).toBeGreaterThan(0);
    for (const { actions } of copying) for (const action of actions) expect(action).toMatch(/^s3:/);
  });
});

test('an own address is served with its certificate, and with TLS 1.2 at least', () => {
  const domain = {
    name: 'access.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  };
  const own = synthesize({ console: { ...CONSOLE, domain } });
  const { Aliases, ViewerCertificate } = only(own, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
  expect(Aliases).toEqual([domain.name]);
  expect(ViewerCertificate).toMatchObject({
    AcmCertificateArn: domain.certificateArn,
    MinimumProtocolVersion: 'TLSv1.2_2021',
  });
  expect(only(own, 'AWS::Cognito::UserPoolClient').Properties.CallbackURLs).toEqual(['https://access.example.com/']);
  expect(BASE.console).toBeUndefined();
});
