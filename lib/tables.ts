import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type CfnTable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

const KEPT: TableProps = {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
};

/**
 * The two tables: the access table with people's policies and records, and the request table with what came of them.
 * Both are kept when the stack is deleted.
 */
export class Tables extends Construct {
  /**
   * Policies and access records. People or their pipelines write them; no function may, except that `change-policies`,
   * where it is deployed, may write policies.
   */
  readonly access: Table;
  /** Requests with their events, leases, reports, and the operators' switches. */
  readonly requests: Table;

  /** @param dataKeyArn ARN of a KMS key; if absent, the tables use the key that AWS manages */
  constructor(scope: Construct, id: string, dataKeyArn?: string) {
    super(scope, id);
    const encrypted: Pick<TableProps, 'encryption' | 'encryptionKey'> =
      dataKeyArn === undefined
        ? { encryption: TableEncryption.AWS_MANAGED }
        : {
            encryption: TableEncryption.CUSTOMER_MANAGED,
            encryptionKey: Key.fromKeyArn(this, 'DataKey', dataKeyArn),
          };
    this.access = new Table(this, 'Access', { ...KEPT, ...encrypted });
    this.requests = new Table(this, 'Requests', { ...KEPT, ...encrypted, timeToLiveAttribute: 'ttl' });
    this.requests.addGlobalSecondaryIndex({
      indexName: 'by-state',
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'endsAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    // Has every request, refused ones too. It projects only the attributes that lists filter by, so few writes of a
    // request also write the index.
    this.requests.addGlobalSecondaryIndex({
      indexName: 'by-month',
      partitionKey: { name: 'askedIn', type: AttributeType.STRING },
      sortKey: { name: 'requestedAt', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['state', 'breakGlass', 'review', 'find'],
    });
  }

  /** ARN of the request table's stream: the history of every request, event by event. */
  get requestsStreamArn(): string {
    const { tableStreamArn } = this.requests;
    if (!tableStreamArn) throw new Error('the request table has no stream');
    return tableStreamArn;
  }

  /** `<table>/stream/*` of the request table, as cdk-nag writes it. */
  get requestsStreamsName(): string {
    return `<${Stack.of(this).getLogicalId(this.requests.node.defaultChild as CfnTable)}.Arn>/stream/*`;
  }

  /** ARN of the access table's stream. */
  get accessStreamArn(): string {
    const { tableStreamArn } = this.access;
    if (!tableStreamArn) throw new Error('the access table has no stream');
    return tableStreamArn;
  }

  /** `<table>/stream/*` as cdk-nag writes it: with the table's logical id, because its ARN is a reference. */
  get accessStreamsName(): string {
    return `<${Stack.of(this).getLogicalId(this.access.node.defaultChild as CfnTable)}.Arn>/stream/*`;
  }
}
