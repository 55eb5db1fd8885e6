import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { answerFinding } from '../hardening/answer-finding.ts';

/** Where an event ends that could not be handled in time. An alarm watches each; nothing reads them but a person. */
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
