import {
  FUNCTION_NAMES,
  type FunctionName,
  OPTIONAL_FUNCTIONS,
  type OptionalFunction,
} from '../../lambdas/shared/environment-names.ts';

/** The functions a deployment has. @param wanted which of the optional ones the configuration asks for; the console calls `api`, too */
export function deployedFunctions(wanted: Readonly<Record<OptionalFunction, boolean>>): readonly FunctionName[] {
  const left: readonly FunctionName[] = OPTIONAL_FUNCTIONS.filter((name) => !wanted[name]);
  return FUNCTION_NAMES.filter((name) => !left.includes(name));
}
