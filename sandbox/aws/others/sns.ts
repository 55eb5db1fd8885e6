import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { Notification, World } from '../world/world.ts';

/** SNS: Publish to a topic that exists, and who receives it. */
export function sns(world: World, newId: () => string, onNotification: (message: Notification) => void): Operations {
  return {
    ListSubscriptionsByTopic({ TopicArn: topicArn = '' }: { TopicArn?: string }) {
      if (!world.topics.includes(topicArn)) throw new AwsError('NotFoundException', 'Topic does not exist');
      const listed = (world.subscriptions[topicArn] ?? []).map(({ protocol, endpoint, confirmed }, index) => ({
        SubscriptionArn: confirmed ? `${topicArn}:subscription-${index}` : 'PendingConfirmation',
        Owner: world.homeAccountId,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topicArn,
      }));
      return { Subscriptions: { member: listed } };
    },
    Publish(input: { TopicArn?: string; Subject?: string; Message: string }, call: Call) {
      const { TopicArn: topicArn, Subject: subject = '', Message: message } = input;
      if (topicArn === undefined) throw invalid('TopicArn Reason: no value for required parameter');
      if (!world.topics.includes(topicArn)) throw new AwsError('NotFoundException', 'Topic does not exist');
      // A subject is ASCII, begins with a letter, digit or punctuation, and is one line of at most 100 characters.
      if (input.Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) throw invalid('Subject');
      if (message === '') throw invalid('Empty message');
      if (Buffer.byteLength(message) > 256 * 1024) throw invalid('Message too long');
      const sent = { messageId: newId(), topicArn, subject, message, at: new Date(call.nowMs).toISOString() };
      world.notifications.push(sent);
      onNotification(sent);
      return { MessageId: sent.messageId };
    },
  };
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}
