import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';

/**
 * Tells when a month costs more than it may, or will. AWS Budgets knows no actions of ours, and nothing is switched off: access must
 * always be taken back.
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
      // Without a name AWS makes one up. To tell somebody else CloudFormation makes a new budget and then deletes the old one, and a name
      // is unique in an account: a fixed one would be taken, and every later deployment fail.
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
