/** How operators are written down: by whoever AWS says their credentials belong to. */
const OPERATOR = 'cli:';

/** Somebody's ARN; of a role it ends in the name of the session, which is the person's. */
const ARN = /^arn:[\w-]+:(?:sts|iam)::\d*:(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

/** Was it an operator, at a command line? */
export function isOperator(id: string): boolean {
  return id.startsWith(OPERATOR);
}

/** Who AWS knows by an ARN, or an operator, by name: the rest of it tells nobody anything. `undefined` where it is none. */
export function arnName(id: string): string | undefined {
  return ARN.exec(isOperator(id) ? id.slice(OPERATOR.length) : id)?.[1];
}
