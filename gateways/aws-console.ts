/** Host of the AWS console, by partition. */
const CONSOLE: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The host name of the AWS console in a Region. An unknown partition counts as `aws`. */
export function consoleHost(partition: string, region: string): string {
  return `${region}.${CONSOLE[partition] ?? CONSOLE.aws}`;
}
