/** The names of AWS's errors for a resource that does not exist. */
const ABSENT: ReadonlySet<string> = new Set([
  'AccountNotFoundException',
  'NoSuchBucket',
  'NotFound',
  'NotFoundException',
  'OrganizationalUnitNotFoundException',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
  'TableNotFoundException',
]);

/**
 * Returns `undefined` if AWS says that the resource does not exist; any other error passes. A key that cannot be used
 * (`Reason: KMS_…`) is not an absence.
 */
export async function unlessAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { name = '', Reason: reason } = error as { name?: string; Reason?: unknown };
    if (ABSENT.has(name) && !String(reason ?? '').startsWith('KMS_')) return undefined;
    throw error;
  }
}
