import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { sentenceOf } from '../api/client.ts';
import { SignInError } from '../session/sign-in.ts';

/** Shown instead of the console when it could not start, with the reason. */
export function StartFailed({ error }: { readonly error: unknown }) {
  return (
    <Box padding="xxl">
      <main>
        <Alert
          type="error"
          header="The console did not start"
          action={<Button onClick={() => location.assign('.')}>Sign in again</Button>}
        >
          {error instanceof SignInError ? error.message : sentenceOf(error)}
        </Alert>
      </main>
    </Box>
  );
}
