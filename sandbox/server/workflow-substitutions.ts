import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';

/**
 * The values of `${GrantAccessFunction}` and the like in the workflow definition. The stack names them by the same
 * rule.
 */
export function workflowSubstitutions(): Record<string, string> {
  return Object.fromEntries(
    WORKFLOW_FUNCTIONS.map((name) => [
      `${name
        .split('-')
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('')}Function`,
      name,
    ]),
  );
}

/** The functions that the workflow does not call: Slack, people, schedules and streams do. */
const OUTSIDE_THE_WORKFLOW: readonly string[] = [
  'access-requested',
  'api',
  'try-access',
  'change-policies',
  'access-records-changed',
  'sweep-access',
  'watch-assignments',
  'audit-to-bus',
  'audit-to-archive',
];
const WORKFLOW_FUNCTIONS = FUNCTION_NAMES.filter((name) => !OUTSIDE_THE_WORKFLOW.includes(name));
