import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { PolicyCheck } from '../../../lambdas/api/document/schemas-of-changes.ts';
import { Status } from '../status.tsx';

const TYPES = { error: 'error', warning: 'warning', note: 'info' } as const;
const VERBS = { add: 'New', change: 'Changed', remove: 'Removed' } as const;

/** What a policy change would do, and the problems found in it. */
export function CheckResult({ check: { findings, differences, plan, refusal } }: { readonly check: PolicyCheck }) {
  return (
    <SpaceBetween size="s">
      {refusal !== null && <Status type="error">{refusal.sentence}</Status>}
      {differences.length > 0 && (
        <div>
          <Box variant="h3">What differs</Box>
          <ul className="lines">
            {differences.map(({ name, kind, fields }) => (
              <li key={name}>
                {VERBS[kind]}: <b>{name}</b>
                {fields.map(({ field, before, after }) => (
                  <Box key={field} padding={{ left: 's' }}>
                    {field}: <del>{written(before)}</del> → <ins>{written(after)}</ins>
                  </Box>
                ))}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.length > 0 && (
        <div>
          <Box variant="h3">Who gains or loses what alone</Box>
          <ul className="lines">
            {plan.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {findings.length > 0 && (
        <div>
          <Box variant="h3">What the check says</Box>
          {findings.map(({ severity, text }) => (
            <div key={text}>
              <Status type={TYPES[severity]} wrapText>
                {text}
              </Status>
            </div>
          ))}
        </div>
      )}
    </SpaceBetween>
  );
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
}
