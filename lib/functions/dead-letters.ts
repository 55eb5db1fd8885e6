import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { answerFinding } from '../hardening/answer-finding.ts';

/**
 * A dead-letter queue for events that failed in every attempt. Each queue has an alarm; only people read the messages.
 */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    answerFinding(
      this.queue,
      'SQS3',
      'This is a dead-letter queue, of an EventBridge rule, a stream or asynchronous invocations.',
    );
  }
}
