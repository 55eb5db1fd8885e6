/** The file that an alarm's description points to. */
const RUNBOOK = 'docs/runbook.md';

/** What the name and the description of an alarm contain, and so all that can be read back from CloudWatch. */
export interface NamedAlarm {
  readonly id: string;
  readonly severity: 'high' | 'low';
  /** Without a full stop. */
  readonly title: string;
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
}

/** Name of a deployment's alarm in CloudWatch. @param prefix the beginning of all names of the deployment */
export function alarmName(prefix: string, { severity, id }: Pick<NamedAlarm, 'severity' | 'id'>): string {
  return `${prefix}-${severity}-${id}`;
}

/** Description of an alarm, as mails and CloudWatch show it. */
export function alarmDescription({ title, runbookHeading }: Pick<NamedAlarm, 'title' | 'runbookHeading'>): string {
  return `${title}. ${RUNBOOK}: "${runbookHeading}"`;
}

/**
 * Reads an alarm back from CloudWatch. If its description was changed by hand, the whole description becomes the title
 * and the heading is empty.
 *
 * @returns `undefined` for an alarm of another deployment, even if its names begin with the same prefix
 */
export function readAlarm(prefix: string, name: string, description: string): NamedAlarm | undefined {
  const rest = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : '';
  const severity = rest.startsWith('high-') ? 'high' : rest.startsWith('low-') ? 'low' : undefined;
  if (severity === undefined) return undefined;
  const id = rest.slice(severity.length + 1);
  const said = /^(.*)\. docs\/runbook\.md: "([^"]*)"$/s.exec(description);
  return { id, severity, title: said?.[1] ?? description, runbookHeading: said?.[2] ?? '' };
}
