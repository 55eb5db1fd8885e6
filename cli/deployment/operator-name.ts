import type { CliIo } from '../terminal/io.ts';

/**
 * The operator as the audit names them: the ARN that AWS reports for the credentials. A name from the shell would prove
 * nothing.
 *
 * @returns `cli:` and the ARN of the caller. Rejects when STS does not answer
 */
export async function operatorName({ callerArn }: Pick<CliIo, 'callerArn'>): Promise<string> {
  return `cli:${await callerArn()}`;
}

/**
 * The same for commands that take access away. They must not fail when STS does not answer: the name is then
 * `cli:unidentified`.
 */
export function operatorNameInEmergency(io: Pick<CliIo, 'callerArn'>): Promise<string> {
  return operatorName(io).catch(() => 'cli:unidentified');
}
