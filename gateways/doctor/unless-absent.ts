/** The names by which AWS says that there is no such thing. */
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

/** "There is no such thing" is an answer; every other failure is not. A key that cannot be used (`Reason: KMS_…`) is no absence. */
export async function unlessAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { name = '', Reason: reason } = error as { name?: string; Reason?: unknown };
    if (ABSENT.has(name) && !String(reason ?? '').startsWith('KMS_')) return undefined;
    throw error;
  }
}
