/** Where the AWS console is, by partition. */
const CONSOLE: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The name of the AWS console's host for a Region. A partition that is not known is taken for `aws`. */
export function consoleHost(partition: string, region: string): string {
  return `${region}.${CONSOLE[partition] ?? CONSOLE.aws}`;
}
