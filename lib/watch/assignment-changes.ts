/* Plain data without the CDK: the stack makes a rule from it, and the sandbox matches events with it. */

/**
 * Matches every call that makes or removes an assignment or a membership, as EventBridge gets it from CloudTrail.
 * Glasshammer's own calls are included: they are recognized by the caller's role, and a pattern could compare that only
 * in records that have one.
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
      // The names that calls of the AWS console have.
      'AddMemberToGroup',
      'RemoveMemberFromGroup',
    ],
  },
};

/** Minutes between the steps of the full pass; a step does nothing while no pass is due. */
export const DRIFT_STEP_MINUTES = 5;
