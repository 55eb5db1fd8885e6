/** Prefix of an operator's id in events. The ARN of the operator's credentials, as AWS reports it, follows. */
const OPERATOR = 'cli:';

/** An IAM or STS ARN. An assumed role's ARN ends in the session name; Identity Center uses the user name. */
const ARN = /^arn:[\w-]+:(?:sts|iam)::\d*:(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

/** Is this the id of an operator who used the command line? */
export function isOperator(id: string): boolean {
  return id.startsWith(OPERATOR);
}

/** The last part of an ARN, with or without operator prefix: it names the person. `undefined`: it is no ARN. */
export function arnName(id: string): string | undefined {
  return ARN.exec(isOperator(id) ? id.slice(OPERATOR.length) : id)?.[1];
}
