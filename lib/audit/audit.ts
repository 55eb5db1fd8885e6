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

/** Where events go: a bus for whoever wants to hear of them at once, an archive for whoever asks later. */
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
      // Buses of GovCloud know no description.
      ...(Stack.of(this).partition === 'aws' && {
        description: 'What happens in Glasshammer, event by event; docs/audit.md has the schema.',
      }),
    });
    this.archive = new AuditArchive(this, 'Archive', { audit: props.audit, dataKeyArn: props.dataKeyArn });
  }
}

/** Events gathered before a function runs: how late an event may be, against one invocation for each write of the table. */
const GATHER_SECONDS = 5;

/**
 * A stream forgets its records after 24 hours, and says nothing. An hour before that a record goes to the dead letters, where an
 * alarm finds it; the history in the table is still whole, and `glasshammer audit replay` archives what is missing.
 */
const OLDEST_RECORD_SECONDS = 23 * 3600;

export interface AuditStreamProps {
  readonly tables: Tables;
  /** The function that hands the events to one target. */
  readonly deliver: AccessFunction;
}

/**
 * The history of requests on its way to one target. Each target has a stream reader of its own, so that one that is down keeps
 * no other waiting; and none is on the way of a grant or a revoke. A stream of DynamoDB takes two readers, not more.
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
      // From the beginning, so that nothing between the first request and this mapping is missed.
      startingPosition: 'TRIM_HORIZON',
      batchSize: 100,
      maximumBatchingWindowInSeconds: GATHER_SECONDS,
      // The function says how far it got, and is handed the rest again, in order, for as long as there is a stream. A batch over
      // which it dies, because it takes too long or does not fit, comes again in halves, the first of them first, and none is skipped.
      // See https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html.
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: OLDEST_RECORD_SECONDS,
      destinationConfig: { onFailure: { destination: this.deadLetters.queue.queueArn } },
    });
    // Lambda checks the role's right to read the stream when the mapping is made.
    mapping.node.addDependency(deliver.role);
  }
}
