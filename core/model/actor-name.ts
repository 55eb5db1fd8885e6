/** Prefix of an operator's id in events. The ARN of the operator's credentials, as AWS reports it, follows. */
const OPERATOR = 'cli:';

/**
 * An IAM or STS ARN. For an assumed role the last part is the session name, which Identity Center sets to the user
 * name.
 */
const ARN = /^arn:[\w-]+:(?:sts|iam)::\d*:(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

/** Is this the id of an operator who used the command line? */
export function isOperator(id: string): boolean {
  return id.startsWith(OPERATOR);
}

/**
 * The last part of an ARN (with or without the operator prefix), which names the person. `undefined` where it is no
 * ARN.
 */
export function arnName(id: string): string | undefined {
  return ARN.exec(isOperator(id) ? id.slice(OPERATOR.length) : id)?.[1];
}
