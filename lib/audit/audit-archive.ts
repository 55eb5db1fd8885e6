import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { answerFinding } from '../hardening/answer-finding.ts';

/** Prefix of the object keys of audit events. */
export const EVENTS_PREFIX = 'events/';

/** Prefix of the object keys of the lists of calls. */
export const LISTS_PREFIX = 'reports/';

const PREFIXES = [EVENTS_PREFIX, LISTS_PREFIX] as const;

export interface AuditArchiveProps {
  readonly audit: CheckedConfig['audit'];
  /** ARN of a KMS key. @default - a key that S3 manages */
  readonly dataKeyArn?: string | undefined;
}

/**
 * Keeps every audit event and every list of calls. Each object is written once and locked for the configured days: in
 * compliance mode nobody can delete it, in governance mode only principals with a special right. The stack does not
 * change a bucket that the organization provides.
 */
export class AuditArchive extends Construct {
  readonly bucket: IBucket;
  /** `<bucket>/<prefix>*` as cdk-nag writes it: with the bucket's logical id, because its ARN is a reference. */
  readonly nameOf: (prefix: string) => string;

  constructor(scope: Construct, id: string, { audit, dataKeyArn }: AuditArchiveProps) {
    super(scope, id);
    if (audit.bucket !== undefined) {
      this.bucket = Bucket.fromBucketName(this, 'Bucket', audit.bucket);
      this.nameOf = (prefix) => this.bucket.arnForObjects(`${prefix}*`);
      return;
    }
    const bucket = this.makeBucket(audit, dataKeyArn);
    this.bucket = bucket;
    this.nameOf = (prefix) => `<${Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket)}.Arn>/${prefix}*`;
  }

  private makeBucket(audit: CheckedConfig['audit'], dataKeyArn: string | undefined): Bucket {
    const locked = Duration.days(audit.retentionDays);
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(dataKeyArn === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : {
            encryption: BucketEncryption.KMS,
            encryptionKey: Key.fromKeyArn(this, 'DataKey', dataKeyArn),
            // Each event is one small object; a bucket key lets one call of KMS serve many objects.
            bucketKeyEnabled: true,
          }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        audit.lock === 'compliance' ? ObjectLockRetention.compliance(locked) : ObjectLockRetention.governance(locked),
      lifecycleRules: [
        // An object that was overwritten or deleted stays as a noncurrent version for as long as it is locked.
        { id: 'old-versions', noncurrentVersionExpiration: Duration.days(30) },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...PREFIXES.flatMap((prefix) =>
          audit.expireAfterDays === undefined
            ? []
            : [{ id: prefix.slice(0, -1), prefix, expiration: Duration.days(audit.expireAfterDays) }],
        ),
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    forbid(bucket, 'NothingIsDeleted', ['s3:DeleteObject', 's3:DeleteObjectVersion']);
    forbid(bucket, 'NoLockIsShortened', ['s3:BypassGovernanceRetention']);
    // Every operation that creates an object has `s3:ObjectCreationOperation`; the parts of an upload do not, and need
    // no condition.
    forbid(bucket, 'NothingIsWrittenOver', ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
    // Replication writes without `If-None-Match`: another bucket replicated into this one would bypass the statement
    // above.
    forbid(bucket, 'NothingIsReplicatedHere', ['s3:ReplicateDelete', 's3:ReplicateObject']);
    // Without this, deleting the stack would leave an archive that anybody in the account could empty.
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    answerFinding(
      bucket,
      'S1',
      'This is the audit log. Access to it is recorded by CloudTrail data events, which an organization switches on for all of its buckets in one place; a log of the log would need another bucket of the same kind.',
    );
    return bucket;
  }
}

/**
 * Denies the actions to everybody, the account's administrators and the root user included. S3 does not evaluate the
 * bucket policy when a lifecycle rule expires an object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
function forbid(
  bucket: Bucket,
  sid: string,
  actions: string[],
  conditions?: Record<string, Record<string, string>>,
): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: PREFIXES.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      ...(conditions && { conditions }),
    }),
  );
}
