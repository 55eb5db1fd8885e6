import { readFileSync } from 'node:fs';

/**
 * The file beside the report's bundle that lists every IAM action: a line for each service, `s3 GetObject PutObject …`.
 */
export const EVERY_ACTION_FILE = 'iam-actions.txt';

/**
 * Every IAM action that AWS publishes, such as `s3:GetObject`.
 *
 * @param file the file that the build wrote; a path or a URL
 * @returns `undefined` if the file is absent: then nothing can be said about how much a policy allows
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
