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
import { AskAll, type AskOfOne, leftOf, useAskAll } from '../parts/asking/ask-all.tsx';
import { BreakGlass, useConfirmed } from '../parts/asking/break-glass.tsx';
import { Decisions, type Foreseen } from '../parts/asking/decisions.tsx';
import { demandsOf, lacksOf } from '../parts/asking/demands.ts';
import { type AccountChoice, MoreAccounts } from '../parts/asking/more-accounts.tsx';
import { PickStart } from '../parts/asking/pick-start.tsx';
import { PickTarget } from '../parts/asking/pick-target.tsx';
import { Pinned } from '../parts/asking/pinned.tsx';
import { noteRecent } from '../parts/asking/shortcuts.ts';
import { useAsking } from '../parts/asking/use-asking.ts';
import { usePreviews } from '../parts/asking/use-preview.ts';
import { useAction, usePageContext } from '../parts/context.ts';
import { detailHref, type WantedTarget } from '../parts/route.ts';
import { lengthOptions } from '../words/lengths.ts';
import { lengthWords } from '../words/words.ts';

/**
 * Requests access, in one account or in several at once, and previews the decision while the person fills in the form.
 */
export function RequestPage({ wanted: first }: { readonly wanted: WantedTarget }) {
  const { me, tell } = usePageContext();
  const { busy, error, run } = useAction();
  const [wanted, setWanted] = useState(first);
  const [others, setOthers] = useState<readonly AccountChoice[]>([]);
  const [duration, setDuration] = useState('PT1H');
  const [startsAt, setStartsAt] = useState<string>();
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [confirmed, setConfirmed] = useConfirmed(JSON.stringify([wanted, others, duration, startsAt]));

  const isWhole =
    wanted.groupId !== undefined || (wanted.accountId !== undefined && wanted.permissionSet !== undefined);
  const targets = useMemo<readonly WantedTarget[]>(() => {
    if (!isWhole) return [];
    const { permissionSet } = wanted;
    return [
      wanted,
      ...others.map((other) => ({ ...other, ...(permissionSet === undefined ? {} : { permissionSet }) })),
    ];
  }, [isWhole, wanted, others]);
  const asks = useMemo(
    () => targets.map((target) => askFor(target, { duration, startsAt, reason, ticket })),
    [targets, duration, startsAt, reason, ticket],
  );
  const previews = usePreviews(asks);
  const all = targets.map((target, at) => ({ wanted: target, preview: undefined, error: undefined, ...previews[at] }));
  const demands = demandsOf(all);
  const options = lengthOptions(demands.longest);
  const lacks = lacksOf(all, { reason, ticket });
  const glass = all.filter(({ preview }) => preview?.breakGlass === true && preview.outcome !== 'refused');

  const canAsk =
    isWhole &&
    all.every(({ preview, error: failed }) => preview !== undefined || failed !== undefined) &&
    lacks === undefined &&
    all.every(({ preview }) => preview?.outcome !== 'refused') &&
    (glass.length === 0 || confirmed);
  const ask = useAsking();
  const send = (body: AskOfOne['body']) =>
    run(async () => {
      const made = await ask<RequestDetail>('/requests', body);
      noteRecent(me.userId, wanted);
      tell(made.state === 'pending' ? 'The approvers are asked.' : 'Granted: it is being given.');
      location.hash = detailHref(made.id);
    });
  const several = useAskAll(ask, () => {
    tell('All of it is asked for: here is how each stands.');
    location.hash = '#/';
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!canAsk) return;
    const each = all.map(({ wanted: target, preview }, at) => ({
      wanted: target,
      body: { ...asks[at], confirmBreakGlass: confirmed && preview?.breakGlass === true },
    }));
    void (each.length > 1 ? several.begin(each) : send({ ...asks[0], confirmBreakGlass: confirmed }));
  };
  /** Selects a target. The other accounts stay selected, unless the target is a group or one of them. */
  const choose = (target: WantedTarget) => {
    setWanted(target);
    setOthers(target.accountId === undefined ? [] : others.filter(({ accountId }) => accountId !== target.accountId));
  };
  const keepOnly = (kept: readonly WantedTarget[]) => {
    const [one, ...more] = kept;
    if (one === undefined) return;
    setWanted(one);
    setOthers(more.map(({ accountId = '', accountName = accountId }) => ({ accountId, accountName })));
  };
  const closeSeveral = () => {
    several.close();
    // The requests that were made are not sent again: only the failed accounts stay in the form.
    keepOnly(leftOf(several).map(({ wanted: left }) => left));
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
                {doingWords(all)}
              </Button>
            </SpaceBetween>
          }
          errorText={error === undefined ? null : sentenceOf(error)}
        >
          <div className="beside">
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">What</Header>}>
                <SpaceBetween size="l">
                  <PickTarget wanted={wanted} onChange={choose} />
                  {isWhole && wanted.accountId !== undefined && (
                    <MoreAccounts first={wanted.accountId} others={others} onChange={setOthers} />
                  )}
                  <Pinned wanted={wanted} isWhole={isWhole} onChoose={choose} />
                </SpaceBetween>
              </Container>
              <Container header={<Header variant="h2">When and why</Header>}>
                <SpaceBetween size="l">
                  <FormField
                    label="For how long"
                    constraintText={
                      demands.longest === null ? undefined : `At most ${lengthWords(demands.longest)} for this.`
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
                      demands.reasonMinLength > 1
                        ? `At least ${demands.reasonMinLength} letters and digits.`
                        : 'For the approvers, and for the record.'
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
                    label={<span>Ticket{demands.tickets.length > 0 ? '' : <i> - optional</i>}</span>}
                    constraintText={
                      demands.tickets.length > 0 ? `Must match ${demands.tickets.join(', and ')}` : undefined
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
                  <Decisions
                    all={all}
                    onLeaveOut={({ accountId }) => keepOnly(targets.filter((target) => target.accountId !== accountId))}
                  />
                </div>
              </Container>
              {glass.length > 0 && (
                <BreakGlass
                  confirmed={confirmed}
                  where={
                    all.length > 1
                      ? glass.map(({ wanted: { accountName, accountId = '' } }) => accountName ?? accountId)
                      : []
                  }
                  onChange={setConfirmed}
                />
              )}
            </SpaceBetween>
          </div>
        </Form>
      </form>
      {several.asks !== undefined && <AskAll all={several} onClose={closeSeveral} />}
    </ContentLayout>
  );
}

interface Written {
  readonly duration: string;
  readonly startsAt: string | undefined;
  readonly reason: string;
  readonly ticket: string;
}

function askFor({ accountId, permissionSet, groupId }: WantedTarget, written: Written): Evaluate {
  const { duration, startsAt, reason, ticket } = written;
  return {
    ...(groupId === undefined ? { accountId, permissionSet } : { group: groupId }),
    duration,
    ...(startsAt === undefined ? {} : { startsAt }),
    // While the person has not written a reason or ticket, the field is left out, so that the preview does not complain
    // of an empty one.
    ...(reason === '' ? {} : { reason }),
    ...(ticket === '' ? {} : { ticket }),
  };
}

/** The label of the submit button. */
function doingWords(all: readonly Foreseen[]): string {
  const each = (is: (preview: PreviewView) => boolean) =>
    all.length > 0 && all.every(({ preview }) => preview !== undefined && is(preview));
  const what = each(({ breakGlass }) => breakGlass)
    ? 'Break the glass'
    : each(({ outcome }) => outcome === 'granted')
      ? 'Get access'
      : 'Ask';
  return all.length > 1 ? `${what} in ${all.length} accounts` : what;
}
