import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type CfnUserPoolClient,
  FeaturePlan,
  OAuthScope,
  ProviderAttribute,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { SIGN_IN_PROVIDER, USER_ID_ATTRIBUTE } from '../../core/model/sign-in.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { SIGNED_OUT } from './site-headers.ts';

/** Lifetime of an identity or access token. Short, because a stolen token cannot be revoked. */
const TOKEN_VALIDITY = Duration.minutes(15);

/** How long tokens can be renewed without a new sign-in: a working day. */
const SIGN_IN_VALIDITY = Duration.hours(8);

/**
 * Length of an Identity Store user id: a GUID of 36 characters, in some stores after ten hexadecimal digits and a
 * hyphen.
 */
const LONGEST_USER_ID = 47;

/** The name of the user pool, and the SAML metadata of Identity Center's application. */
export interface ConsoleSignInProps {
  readonly poolName: string;
  /** Prefix of the sign-in page's host name. */
  readonly prefix: string;
  readonly region: string;
  readonly samlMetadataUrl: string;
}

/**
 * The sign-in of the web console: a Cognito user pool whose only users come from Identity Center.
 *
 * No user has a password, nobody can sign up, and the pool's one client allows one provider. Cognito writes the
 * attributes at each sign-in, so the client must be allowed to write them. Users cannot write them: that needs the
 * scope `aws.cognito.signin.user.admin`, which no token of this client has.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
 */
export class ConsoleSignIn extends Construct {
  readonly pool: UserPool;
  /** `https://<prefix>.auth.<region>.amazoncognito.com`, without a slash at the end. */
  readonly url: string;
  /** The application's assertion consumer service URL, as Identity Center asks for it. */
  readonly assertionUrl: string;
  /** The application's SAML audience, as Identity Center asks for it. */
  readonly audience: string;
  readonly #provider: UserPoolIdentityProviderSaml;

  constructor(scope: Construct, id: string, { poolName, prefix, region, samlMetadataUrl }: ConsoleSignInProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: poolName,
      selfSignUpEnabled: false,
      signInCaseSensitive: false,
      featurePlan: FeaturePlan.ESSENTIALS,
      // No user has a password; if an administrator sets one by hand, it must at least be long.
      passwordPolicy: {
        minLength: 32,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
      },
      customAttributes: {
        [USER_ID_ATTRIBUTE]: new StringAttribute({ minLen: 1, maxLen: LONGEST_USER_ID, mutable: true }),
      },
      // Nothing is lost: CloudTrail has the sign-ins, and Cognito creates a user again at the next sign-in.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#provider = new UserPoolIdentityProviderSaml(this, 'IdentityCenter', {
      userPool: this.pool,
      name: SIGN_IN_PROVIDER,
      metadata: UserPoolIdentityProviderSamlMetadata.url(samlMetadataUrl),
      attributeMapping: { custom: { [`custom:${USER_ID_ATTRIBUTE}`]: ProviderAttribute.other(USER_ID_ATTRIBUTE) } },
    });
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: prefix } });
    this.url = `https://${prefix}.auth.${region}.amazoncognito.com`;
    this.assertionUrl = `${this.url}/saml2/idpresponse`;
    this.audience = `urn:amazon:cognito:sp:${this.pool.userPoolId}`;
    answerFindings(this.pool);
  }

  /** The claim `iss` of the pool's tokens. */
  get issuer(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`;
  }

  /**
   * Adds the console as a client of the pool. A public client, because a browser cannot keep a secret; PKCE binds each
   * authorization code instead.
   *
   * @param siteUrl address of the console, without a slash at the end
   */
  clientFor(siteUrl: string): UserPoolClient {
    const client = this.pool.addClient('Console', {
      generateSecret: false,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.custom(this.#provider.providerName)],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [`${siteUrl}/`],
        logoutUrls: [`${siteUrl}/${SIGNED_OUT}`],
      },
      idTokenValidity: TOKEN_VALIDITY,
      accessTokenValidity: TOKEN_VALIDITY,
      refreshTokenValidity: SIGN_IN_VALIDITY,
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    client.node.addDependency(this.#provider);
    // Cognito's default would allow sign-in with a password.
    (client.node.defaultChild as CfnUserPoolClient).explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
    return client;
  }
}

function answerFindings(pool: UserPool): void {
  const noPasswords =
    'Protection against guessed passwords has nothing to protect: nobody has one, and none is asked for.';
  answerFinding(
    pool,
    'COG2',
    'Nobody has a password here: people sign in at Identity Center, which asks for the second factor.',
  );
  answerFinding(pool, 'COG3', noPasswords);
  answerFinding(pool, 'COG8', noPasswords);
}
