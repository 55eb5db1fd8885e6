import { ENDED_ON_TIME, GRANTED_ALONE, REPORTS_MISSING, UNREVIEWED, WHO_HAD_WHAT } from './access-questions.ts';
import { COULD_HAVE_APPROVED, WHO_APPROVED } from './approval-questions.ts';
import { MAPPINGS, POLICY_HISTORY, POLICY_WHEN_GRANTED } from './policy-questions.ts';
import type { AuditQuestion } from './question.ts';

/** Every question that `audit ask` answers, in the order of docs/audit.md. */
export const QUESTIONS: readonly AuditQuestion[] = [
  WHO_HAD_WHAT,
  WHO_APPROVED,
  GRANTED_ALONE,
  ENDED_ON_TIME,
  POLICY_HISTORY,
  POLICY_WHEN_GRANTED,
  COULD_HAVE_APPROVED,
  REPORTS_MISSING,
  UNREVIEWED,
  MAPPINGS,
];
