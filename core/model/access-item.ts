/** A DynamoDB item of the access table, as a person typed it: nothing about it is trusted yet. */
export type AccessItem = Readonly<Record<string, unknown>> & { readonly id: string };
