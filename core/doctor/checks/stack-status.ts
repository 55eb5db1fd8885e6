/** States of a stack in which what was deployed last is there, whole. */
const HEALTHY: readonly string[] = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

/** Is what was deployed last there, whole? A cleaned-up update and one that is just being cleaned up alike. */
export function isHealthy(status: string): boolean {
  return HEALTHY.includes(status) || status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
}
