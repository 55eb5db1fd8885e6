import { parseAllDocuments, visit } from 'yaml';
import type { ReadPolicies } from '../../core/policy/changing/change-policies.ts';
import { hasLostItsZero, policiesIn, withoutByteOrderMark } from '../../core/policy/changing/policy-file.ts';

/**
 * Reads a policy file as strictly as the command line does: a list, or a map with `policies`, in one document of YAML's
 * core schema.
 */
export const readPolicies: ReadPolicies = (text) => {
  const [document, second] = parseAllDocuments(withoutByteOrderMark(text), { prettyErrors: true });
  if (document === undefined || !('contents' in document)) return { problem: 'the text holds no policy' };
  if (second !== undefined) return { problem: 'the text has more than one document; remove the ---' };
  const [error] = document.errors;
  if (error !== undefined) return { problem: `the text is no YAML: ${error.message.split('\n')[0]}` };
  let lost: string | undefined;
  visit(document, {
    Scalar: (_key, { value, source = '' }) => {
      if (hasLostItsZero(value, source)) lost ??= source;
    },
  });
  if (lost !== undefined) return { problem: `YAML took ${lost} for a number and lost its zero; write "${lost}"` };
  let content: unknown;
  try {
    content = document.toJS();
  } catch (wrong) {
    // `toJS` throws on aliases that multiply beyond its limit.
    return { problem: `the text is no YAML: ${wrong instanceof Error ? wrong.message : String(wrong)}` };
  }
  const entries = policiesIn(content);
  if (!Array.isArray(entries)) return { problem: 'the text must be a list of policies, or a map with policies' };
  // A text that was emptied by mistake must not remove all policies.
  return entries.length === 0 ? { problem: 'the text holds no policy' } : { entries };
};
