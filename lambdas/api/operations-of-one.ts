import { auditRecordSchema, requesterHistorySchema } from './document/schemas-of-one.ts';
import { activityAnswerSchema, reportAnswerSchema } from './document/schemas-of-report.ts';

const ONE = '/people/{userId}/requests/{requestId}';

/** Operations of the API about one request, apart from those that show or change the request itself. */
export const ONE_OPERATIONS = {
  getReport: {
    method: 'GET',
    path: `${ONE}/report`,
    summary: 'What was done with the access of a request: for the people who may see the request',
    answer: reportAnswerSchema,
  },
  getActivity: {
    method: 'GET',
    path: `${ONE}/activity`,
    summary: 'What was done so far with access; read once a minute at most. Call again while it is being read',
    answer: activityAnswerSchema,
  },
  getRequesterHistory: {
    method: 'GET',
    path: `${ONE}/requester-history`,
    summary:
      'What the person of a request asked for before; for the people who may decide it, while it waits, and auditors and operators',
    answer: requesterHistorySchema,
  },
  getAuditRecord: {
    method: 'GET',
    path: `${ONE}/audit`,
    summary: 'Everything that is recorded of a request, and the run of its workflow; for auditors and operators',
    answer: auditRecordSchema,
  },
} as const;
