import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';

/**
 * Notifies when a month's costs exceed the budget, or are forecast to. It has no budget actions and switches nothing
 * off, because access must always be taken back.
 */
export function addBudget(
  scope: Construct,
  { budgets, alarms, tags }: Pick<CheckedConfig, 'budgets' | 'alarms' | 'tags'>,
): void {
  if (!budgets) return;
  const { monthly, emails = alarms.emails, onlyTag } = budgets;
  const subscribers = emails.map((address) => ({ subscriptionType: 'EMAIL', address }));
  new CfnBudget(scope, 'Budget', {
    budget: {
      // AWS makes up a name. When the subscribers change, CloudFormation makes a new budget before it deletes the old
      // one, and budget names are unique in an account: with a fixed name, every later deployment would fail. See
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthly, unit: 'USD' },
      ...(onlyTag !== undefined && { costFilters: { TagKeyValue: [`user:${onlyTag}$${tags[onlyTag]}`] } }),
    },
    notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: 100,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    })),
  });
}
