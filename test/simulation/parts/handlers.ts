import { handler as accessRecordsChanged } from '../../../lambdas/access-records-changed/index.ts';
import { handler as accessRequested } from '../../../lambdas/access-requested/index.ts';
import { handler as announceAccess } from '../../../lambdas/announce-access/index.ts';
import { handler as askForApproval } from '../../../lambdas/ask-for-approval/index.ts';
import { handler as auditToArchive } from '../../../lambdas/audit-to-archive/index.ts';
import { handler as checkAssignment } from '../../../lambdas/check-assignment/index.ts';
import { handler as cutSessions } from '../../../lambdas/cut-sessions/index.ts';
import { handler as grantAccess } from '../../../lambdas/grant-access/index.ts';
import { handler as holdAccess } from '../../../lambdas/hold-access/index.ts';
import { handler as reportOnAccess } from '../../../lambdas/report-on-access/index.ts';
import { handler as revokeAccess } from '../../../lambdas/revoke-access/index.ts';
import type { FunctionName } from '../../../lambdas/shared/environment-names.ts';
import { handler as sweepAccess } from '../../../lambdas/sweep-access/index.ts';
import { handler as watchAssignments } from '../../../lambdas/watch-assignments/index.ts';
import type { Handler } from './containers.ts';

/** The deployed functions' handlers, from their source. */
export const HANDLERS: Readonly<Partial<Record<FunctionName, Handler>>> = {
  'access-records-changed': accessRecordsChanged,
  'access-requested': accessRequested,
  'announce-access': announceAccess,
  'audit-to-archive': auditToArchive,
  'ask-for-approval': askForApproval,
  'check-assignment': checkAssignment,
  'cut-sessions': cutSessions,
  'grant-access': grantAccess,
  'hold-access': holdAccess,
  'report-on-access': reportOnAccess,
  'revoke-access': revokeAccess,
  'sweep-access': sweepAccess,
  'watch-assignments': watchAssignments,
};
