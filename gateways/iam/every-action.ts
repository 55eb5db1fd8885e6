import { readFileSync } from 'node:fs';

/** The file beside the report's bundle in which every IAM action stands: a line a service, `s3 GetObject PutObject …`. */
export const EVERY_ACTION_FILE = 'iam-actions.txt';

/**
 * Every IAM action there is, as AWS publishes them, such as `s3:GetObject`.
 *
 * @param file where the build wrote them; a path or an address
 * @returns `undefined` where they are not there: how large a policy is cannot be said then
 */
export function readEveryAction(file: URL | string): readonly string[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return text.split('\n').flatMap((line) => {
    const [service = '', ...names] = line.split(' ');
    return names.map((name) => `${service}:${name}`);
  });
}
