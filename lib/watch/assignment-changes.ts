/*
 * Plain data, free of the CDK: the stack makes a rule of it, and the sandbox hands events on by it.
 */

/**
 * Every call that makes or removes an assignment or a membership, as EventBridge gets it from CloudTrail; ours included, because
 * whose it was is told from the role that made it, which a pattern could only compare where a record has one.
 */
export const ASSIGNMENT_CHANGES = {
  source: ['aws.sso', 'aws.sso-directory', 'aws.identitystore'],
  detailType: ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['sso.amazonaws.com', 'sso-directory.amazonaws.com', 'identitystore.amazonaws.com'],
    eventName: [
      'CreateAccountAssignment',
      'DeleteAccountAssignment',
      'CreateGroupMembership',
      'DeleteGroupMembership',
      // The console's own names for the same.
      'AddMemberToGroup',
      'RemoveMemberFromGroup',
    ],
  },
};

/** Minutes between the steps of the full pass; a step does nothing while no pass is due. */
export const DRIFT_STEP_MINUTES = 5;
