import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { STAGE } from '../rights/door-policy.ts';
import {
  contentSecurityPolicy,
  KEPT,
  KEPT_FOLDER,
  NOT_KEPT,
  OTHER_HEADERS,
  SITE_CONFIG,
  type SiteConfig,
} from './site-headers.ts';

export interface ConsoleSiteProps {
  readonly prefix: string;
  /** Domain name of the API that serves `/v1/…`. */
  readonly apiDomain: string;
  /** Origin of the sign-in page. */
  readonly signInUrl: string;
  readonly domain: NonNullable<CheckedConfig['console']>['domain'];
}

/**
 * The console's files: a private bucket and one CloudFront distribution, which alone reads it and adds strict security
 * headers to every response.
 */
export class ConsoleSite extends Construct {
  /** `https://…`, without a slash at the end. */
  readonly url: string;
  readonly distribution: Distribution;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, { prefix, apiDomain, signInUrl, domain }: ConsoleSiteProps) {
    super(scope, id);
    this.#bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // It holds nothing that the next deployment would not write again.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const headers = new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `${prefix}-console`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(signInUrl), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(OTHER_HEADERS).map(([header, value]) => ({ header, value, override: true })),
      },
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `${prefix}: the web console`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.#bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
      },
      additionalBehaviors: {
        // The API has the same origin as the pages, so it needs no CORS headers and no page of another site may call
        // it.
        [`/${STAGE}/*`]: {
          origin: new HttpOrigin(apiDomain),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: headers,
        },
      },
      ...(domain && {
        domainNames: [domain.name],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    });
    this.url = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    answerFindings(this.#bucket, this.distribution);
  }

  /**
   * Uploads the files. Old files with hashed names stay, for pages that are still open.
   *
   * @param folder the built console
   */
  deploy(folder: string, config: SiteConfig, logGroup: LogGroup): void {
    const shared = { destinationBucket: this.#bucket, prune: false, logGroup };
    const kept = new BucketDeployment(this, 'Kept', {
      ...shared,
      sources: [Source.asset(folder)],
      exclude: ['*'],
      include: [`${KEPT_FOLDER}/*`],
      cacheControl: [CacheControl.fromString(KEPT)],
    });
    const notKept = new BucketDeployment(this, 'NotKept', {
      ...shared,
      sources: [Source.asset(folder), Source.jsonData(SITE_CONFIG, config)],
      exclude: [`${KEPT_FOLDER}/*`],
      cacheControl: [CacheControl.fromString(NOT_KEPT)],
    });
    // The files with hashed names go first, so a browser that gets the new page finds the files it names.
    notKept.node.addDependency(kept);
    const { logicalId } = this.#bucket.node.defaultChild as CfnBucket;
    answerDeploymentFindings(this, `<${Stack.of(this).resolve(logicalId)}.Arn>`);
  }
}

function answerFindings(bucket: Bucket, distribution: Distribution): void {
  answerFinding(bucket, 'S1', 'It holds the same public program for everybody; only the distribution reads it.');
  answerFinding(distribution, 'CFR1', 'People travel; where from somebody may sign in is a matter of Identity Center.');
  answerFinding(
    distribution,
    'CFR2',
    'Files are the same for everybody, and each call of the API comes with a verified token and is throttled: docs/decisions/0021-no-firewall-before-the-api.md.',
  );
  answerFinding(
    distribution,
    'CFR3',
    'The files say nothing of who reads them; each call of the API is logged by the API itself.',
  );
  answerFinding(
    distribution,
    'CFR4',
    "CloudFront's own certificate comes with CloudFront's own oldest protocol; with console.domain it is TLS 1.2 of 2021.",
  );
}

/** Findings about the CDK's own function, which copies the files, and runs only at deployments. */
function answerDeploymentFindings(site: ConsoleSite, bucketName: string): void {
  const stack = Stack.of(site);
  const qualifier = stack.synthesizer.bootstrapQualifier;
  const assets = `cdk-${qualifier}-assets-${stack.account}-${stack.region}`;
  const actions = ['s3:GetBucket*', 's3:GetObject*', 's3:List*', 's3:Abort*', 's3:DeleteObject*'];
  const wildcards = [
    ...actions.map((action) => `Action::${action}`),
    `Resource::arn:aws:s3:::${assets}/*`,
    `Resource::${bucketName}/*`,
  ];
  for (const copier of stack.node.children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))) {
    const scope = copier as Construct;
    const runs = "the CDK's function that copies the console's files";
    answerFinding(scope, 'L1', `At deployments only: ${runs}. The CDK says what it runs on.`);
    answerFinding(
      scope,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      `At deployments only: ${runs}. It writes its log by the policy that AWS has for it.`,
    );
    for (const wildcard of wildcards)
      answerFinding(
        scope,
        `IAM5[${wildcard}]`,
        `At deployments only: ${runs} reads the CDK's bucket of assets and writes the console's bucket.`,
      );
  }
}
