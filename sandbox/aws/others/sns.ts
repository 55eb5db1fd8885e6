import { AwsError } from '../wire/aws-error.ts';
import type { Operations } from '../wire/service.ts';
import type { World } from '../world/world.ts';

/** SNS: the subscriptions of a topic. */
export function sns(world: World): Operations {
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
  };
}
