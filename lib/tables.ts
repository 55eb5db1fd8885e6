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

/** The two tables: what people decided, and what came of it. Both outlive the stack. */
export class Tables extends Construct {
  /** Who may have what. People or their pipeline write it; no function may. */
  readonly access: Table;
  /** Requests with their events, leases, reports and the operator's switches. */
  readonly requests: Table;

  /** @param dataKeyArn of a KMS key; absent: the one that AWS manages */
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
    // Every request, refused ones too. Only what is looked for is in it, so that few writes of a request are writes of the index.
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

  /** `<table>/stream/*` of the request table, as the template checks write it. */
  get requestsStreamsName(): string {
    return `<${Stack.of(this).getLogicalId(this.requests.node.defaultChild as CfnTable)}.Arn>/stream/*`;
  }

  /** ARN of the access table's stream. */
  get accessStreamArn(): string {
    const { tableStreamArn } = this.access;
    if (!tableStreamArn) throw new Error('the access table has no stream');
    return tableStreamArn;
  }

  /** `<table>/stream/*` as the template checks write it: by logical id, because the ARN is a reference. */
  get accessStreamsName(): string {
    return `<${Stack.of(this).getLogicalId(this.access.node.defaultChild as CfnTable)}.Arn>/stream/*`;
  }
}
