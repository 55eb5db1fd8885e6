import { auditRecordSchema, requesterHistorySchema } from './document/schemas-of-one.ts';
import { activityAnswerSchema, reportAnswerSchema } from './document/schemas-of-report.ts';

const ONE = '/people/{userId}/requests/{requestId}';

/** Operations of the API about one request, apart from those that show or change the request itself. */
export const ONE_OPERATIONS = {
  getReport: {
    method: 'GET',
    path: `${ONE}/report`,
    summary: 'The report on what was done with the access of a request; for the people who may see the request',
    answer: reportAnswerSchema,
  },
  getActivity: {
    method: 'GET',
    path: `${ONE}/activity`,
    summary:
      'What was done with the access so far; CloudTrail is read at most once a minute. Call again while the status is reading',
    answer: activityAnswerSchema,
  },
  getRequesterHistory: {
    method: 'GET',
    path: `${ONE}/requester-history`,
    summary:
      'Earlier requests of the requester; for the people who may decide the request while it waits, and for auditors and operators',
    answer: requesterHistorySchema,
  },
  getAuditRecord: {
    method: 'GET',
    path: `${ONE}/audit`,
    summary: 'The audit events of a request, and the execution of its workflow; for auditors and operators',
    answer: auditRecordSchema,
  },
} as const;
