/** Stack states in which the last deployment is in place completely. */
const HEALTHY: readonly string[] = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

/** Is the last deployment in place completely? True also while CloudFormation is still cleaning up after an update. */
export function isHealthy(status: string): boolean {
  return HEALTHY.includes(status) || status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
}
