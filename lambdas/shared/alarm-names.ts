/** Where the description of an alarm sends its reader. */
const RUNBOOK = 'docs/runbook.md';

/** What the name and the description of an alarm say: whoever reads an alarm back from CloudWatch knows no more of it. */
export interface NamedAlarm {
  readonly id: string;
  readonly severity: 'high' | 'low';
  /** Without a full stop. */
  readonly title: string;
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
}

/** Name of a deployment's alarm in CloudWatch. @param prefix what the names of the deployment begin with */
export function alarmName(prefix: string, { severity, id }: Pick<NamedAlarm, 'severity' | 'id'>): string {
  return `${prefix}-${severity}-${id}`;
}

/** What is read of it, in a mail or in CloudWatch. */
export function alarmDescription({ title, runbookHeading }: Pick<NamedAlarm, 'title' | 'runbookHeading'>): string {
  return `${title}. ${RUNBOOK}: "${runbookHeading}"`;
}

/**
 * The same read back. Somebody may have changed a description by hand: then all of it is the title, and the heading is empty.
 *
 * @returns `undefined` for an alarm that is none of this deployment's, such as one of another whose name begins with the same
 */
export function readAlarm(prefix: string, name: string, description: string): NamedAlarm | undefined {
  const rest = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : '';
  const severity = rest.startsWith('high-') ? 'high' : rest.startsWith('low-') ? 'low' : undefined;
  if (severity === undefined) return undefined;
  const id = rest.slice(severity.length + 1);
  const said = /^(.*)\. docs\/runbook\.md: "([^"]*)"$/s.exec(description);
  return { id, severity, title: said?.[1] ?? description, runbookHeading: said?.[2] ?? '' };
}
