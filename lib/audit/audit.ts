import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { grantRights } from '../rights/rights.ts';
import type { Tables } from '../tables.ts';
import { AuditArchive } from './audit-archive.ts';

/** The two targets of audit events: an event bus for immediate delivery, and an archive for later questions. */
export class AuditTargets extends Construct {
  readonly bus: EventBus;
  readonly archive: AuditArchive;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly prefix: string;
      readonly audit: CheckedConfig['audit'];
      readonly dataKeyArn?: string | undefined;
    },
  ) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.prefix,
      // In GovCloud, event buses have no description.
      ...(Stack.of(this).partition === 'aws' && {
        description: 'What happens in Glasshammer, event by event; docs/audit.md has the schema.',
      }),
    });
    this.archive = new AuditArchive(this, 'Archive', { audit: props.audit, dataKeyArn: props.dataKeyArn });
  }
}

/**
 * How long Lambda gathers events before it invokes the function: an event may be this late, and in return not every
 * write of the table costs an invocation.
 */
const GATHER_SECONDS = 5;

/**
 * DynamoDB drops a stream record after 24 hours without notice. One hour earlier Lambda sends the record to the
 * dead-letter queue, which has an alarm. The request table still has the whole history, and `glasshammer audit replay`
 * archives what is missing.
 */
const OLDEST_RECORD_SECONDS = 23 * 3600;

export interface AuditStreamProps {
  readonly tables: Tables;
  /** The function that delivers the events to one target. */
  readonly deliver: AccessFunction;
}

/**
 * Delivers the request table's stream to one target. Each target has its own stream reader, so a target that is down
 * does not delay the other, and neither delays a grant or a revoke. At most two readers should share a DynamoDB stream.
 */
export class AuditStream extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { tables, deliver }: AuditStreamProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    grantRights(deliver.role, [{ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queue.queueArn] }]);
    const mapping = new CfnEventSourceMapping(this, 'Stream', {
      functionName: deliver.function.functionName,
      eventSourceArn: tables.requestsStreamArn,
      // From the oldest record, so that no event between the first request and the creation of this mapping is missed.
      startingPosition: 'TRIM_HORIZON',
      batchSize: 100,
      maximumBatchingWindowInSeconds: GATHER_SECONDS,
      // The function reports how far it got, and Lambda hands it the rest again, in order, while the stream has it.
      // When the function times out or runs out of memory on a batch, Lambda splits the batch and hands it the first
      // half first; none is skipped.
      // See https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html.
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: OLDEST_RECORD_SECONDS,
      destinationConfig: { onFailure: { destination: this.deadLetters.queue.queueArn } },
    });
    // When the mapping is made, Lambda checks that the role may read the stream.
    mapping.node.addDependency(deliver.role);
  }
}
