import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';

/** The functions a deployment has. @param withApi whether the configuration asks for the API or for the console, which calls it */
export function deployedFunctions(withApi: boolean): readonly FunctionName[] {
  const optional: readonly FunctionName[] = OPTIONAL_FUNCTIONS;
  return FUNCTION_NAMES.filter((name) => withApi || !optional.includes(name));
}
