import { activityAnswerSchema, reportAnswerSchema } from './document/schemas-of-report.ts';

const ONE = '/people/{userId}/requests/{requestId}';

/** What can be known of one request beside its history, as operations of the API. */
export const ONE_OPERATIONS = {
  getReport: {
    method: 'GET',
    path: `${ONE}/report`,
    summary: 'What was done with the access of a request: for whoever the request is there for',
    answer: reportAnswerSchema,
  },
  getActivity: {
    method: 'GET',
    path: `${ONE}/activity`,
    summary: 'What was done so far with access; read once a minute at most. Call again while it is being read',
    answer: activityAnswerSchema,
  },
} as const;
