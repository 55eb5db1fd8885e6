import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type FormEvent, useMemo, useState } from 'react';
import type { Evaluate, PreviewView, RequestDetail } from '../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import { BreakGlass, useConfirmed } from '../parts/asking/break-glass.tsx';
import { Decision } from '../parts/asking/decision.tsx';
import { PickStart } from '../parts/asking/pick-start.tsx';
import { PickTarget } from '../parts/asking/pick-target.tsx';
import { Pinned } from '../parts/asking/pinned.tsx';
import { noteRecent } from '../parts/asking/shortcuts.ts';
import { useAsking } from '../parts/asking/use-asking.ts';
import { usePreview } from '../parts/asking/use-preview.ts';
import { useDesk, useDoing } from '../parts/context.ts';
import { detailHref, type WantedTarget } from '../parts/route.ts';
import { lengthOptions } from '../words/lengths.ts';
import { lengthWords } from '../words/words.ts';

/** Asks for access, and shows while one writes what would come of it. */
export function RequestPage({ wanted: first }: { readonly wanted: WantedTarget }) {
  const { me, tell } = useDesk();
  const { busy, error, run } = useDoing();
  const [wanted, setWanted] = useState(first);
  const [duration, setDuration] = useState('PT1H');
  const [startsAt, setStartsAt] = useState<string>();
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [confirmed, setConfirmed] = useConfirmed(JSON.stringify([wanted, duration, startsAt]));

  const isWhole =
    wanted.groupId !== undefined || (wanted.accountId !== undefined && wanted.permissionSet !== undefined);
  const asked = useMemo<Evaluate | undefined>(() => {
    if (!isWhole) return undefined;
    const { accountId, permissionSet, groupId } = wanted;
    return {
      ...(groupId === undefined ? { accountId, permissionSet } : { group: groupId }),
      duration,
      ...(startsAt === undefined ? {} : { startsAt }),
      // What is still to be written is nothing to complain about.
      ...(reason === '' ? {} : { reason }),
      ...(ticket === '' ? {} : { ticket }),
    };
  }, [isWhole, wanted, duration, startsAt, reason, ticket]);
  const { preview, error: previewError } = usePreview(asked);
  const options = lengthOptions(preview?.longest ?? null);
  const lacks = missing(preview, reason, ticket);

  const canAsk =
    isWhole &&
    (preview !== undefined || previewError !== undefined) &&
    lacks === undefined &&
    preview?.outcome !== 'refused' &&
    (preview?.breakGlass !== true || confirmed);
  const ask = useAsking();
  const send = () =>
    run(async () => {
      const made = await ask<RequestDetail>('/requests', { ...asked, confirmBreakGlass: confirmed });
      noteRecent(me.userId, wanted);
      tell(made.state === 'pending' ? 'The approvers are asked.' : 'Granted: it is being given.');
      location.hash = detailHref(made.id);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canAsk) void send();
  };

  return (
    <ContentLayout header={<Header variant="h1">Request access</Header>} maxContentWidth={1160}>
      <form onSubmit={submit}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button href="#/" variant="link" formAction="none">
                Cancel
              </Button>
              <Button variant="primary" loading={busy} disabled={!canAsk} disabledReason={lacks} data-testid="ask">
                {preview?.breakGlass === true
                  ? 'Break the glass'
                  : preview?.outcome === 'granted'
                    ? 'Get access'
                    : 'Ask'}
              </Button>
            </SpaceBetween>
          }
          errorText={error === undefined ? null : sentenceOf(error)}
        >
          <div className="beside">
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">What</Header>}>
                <SpaceBetween size="l">
                  <PickTarget wanted={wanted} onChange={setWanted} />
                  <Pinned wanted={wanted} isWhole={isWhole} onChoose={setWanted} />
                </SpaceBetween>
              </Container>
              <Container header={<Header variant="h2">When and why</Header>}>
                <SpaceBetween size="l">
                  <FormField
                    label="For how long"
                    constraintText={
                      preview?.longest == null ? undefined : `At most ${lengthWords(preview.longest)} for this.`
                    }
                  >
                    <Select
                      selectedOption={
                        options.find(({ value }) => value === duration) ?? {
                          value: duration,
                          label: lengthWords(duration),
                        }
                      }
                      options={options}
                      onChange={({ detail }) => setDuration(detail.selectedOption.value ?? duration)}
                      data-testid="duration"
                    />
                  </FormField>
                  <PickStart onChange={setStartsAt} />
                  <FormField
                    label="Reason"
                    constraintText={
                      preview !== undefined && preview.reasonMinLength > 1
                        ? `At least ${preview.reasonMinLength} letters and digits.`
                        : 'For whoever decides, and for the record.'
                    }
                  >
                    <Textarea
                      value={reason}
                      rows={3}
                      onChange={({ detail }) => setReason(detail.value)}
                      data-testid="reason"
                    />
                  </FormField>
                  <FormField
                    label={<span>Ticket{preview?.ticketPatterns.length ? '' : <i> - optional</i>}</span>}
                    constraintText={
                      preview?.ticketPatterns.length ? `Must match ${preview.ticketPatterns.join(' or ')}` : undefined
                    }
                  >
                    <Input value={ticket} onChange={({ detail }) => setTicket(detail.value)} data-testid="ticket" />
                  </FormField>
                </SpaceBetween>
              </Container>
            </SpaceBetween>
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">What will come of it</Header>}>
                <div aria-live="polite" data-testid="decision">
                  {isWhole ? (
                    <Decision preview={preview} error={previewError} />
                  ) : (
                    <Box color="text-body-secondary">Choose what you need, and you see here what would come of it.</Box>
                  )}
                </div>
              </Container>
              {preview?.breakGlass === true && preview.outcome !== 'refused' && (
                <BreakGlass confirmed={confirmed} onChange={setConfirmed} />
              )}
            </SpaceBetween>
          </div>
        </Form>
      </form>
    </ContentLayout>
  );
}

/** What has to be written before it can be asked. */
function missing(preview: PreviewView | undefined, reason: string, ticket: string): string | undefined {
  if (preview === undefined) return undefined;
  const letters = reason.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (letters < preview.reasonMinLength) return 'Write a reason first';
  if (preview.ticketPatterns.length > 0 && ticket.trim() === '') return 'Name the ticket first';
  return undefined;
}
