import type { OperatorMailer } from '../../core/access/notify/mail-operators.ts';
import type { PersonMail } from '../../core/access/notify/mail-words.ts';
import { renderMail } from '../../core/access/notify/render-mail.ts';
import { consolePage } from '../../core/access/notify/request-page.ts';
import { driftFoundMail, driftRemovedMail, interferenceMail } from '../../core/drift/drift-mail.ts';
import type { DriftNotifier } from '../../core/drift/ports.ts';
import type { Proposal } from '../../core/policy/changing/proposal.ts';
import { proposalMail } from '../../core/policy/changing/tell-proposals.ts';
import type { Chat } from '../../gateways/slack/chat.ts';
import type { MessageView } from '../../slack/blocks.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { driftFoundMessage, driftRemovedMessage, interferenceMessage } from '../../slack/views/drift-message.ts';
import { proposalMessage } from '../../slack/views/proposal-message.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';

/** How operators are told: in their Slack channel, or each by mail if there is no Slack. */
export interface OperatorWays {
  readonly slack: { readonly chat: Chat; readonly channel: string } | undefined;
  readonly mails: OperatorMailer;
  /** Without a slash at the end; absent without a console. */
  readonly consoleUrl?: string | undefined;
}

/** Tells operators something. @throws when nobody could be told */
export type TellOperators = (notice: {
  readonly page: 'drift' | 'policies';
  readonly message: () => MessageView;
  readonly mail: () => PersonMail;
  /** Principal id of the operator who caused the notice and gets no mail about it. */
  readonly from?: string;
}) => Promise<void>;

/** Tells operators in Slack or by mail, with a link to the page in the console, if there is one. */
export function operatorTeller({ slack, mails, consoleUrl }: OperatorWays): TellOperators {
  return async ({ page, message, mail, from }) => {
    if (slack === undefined) {
      await mails.tell(renderMail(mail(), page), from);
      return;
    }
    try {
      const link = consoleUrl === undefined ? undefined : consolePage(consoleUrl, page);
      await slack.chat.post(slack.channel, withPageLink(message(), link));
    } catch (error) {
      count(METRICS.slackFailed);
      throw error;
    }
  };
}

/** Tells operators about drift. It is counted first, so that the alarm does not wait for Slack or a mail. */
export function driftTeller(
  tell: TellOperators,
  { consoleUrl }: Pick<OperatorWays, 'consoleUrl'>,
  story: (requestId: string) => Promise<void>,
): DriftNotifier {
  const places = { consoleUrl };
  return {
    async found(findings, mode) {
      count(METRICS.driftFound, findings.length);
      await tell({
        page: 'drift',
        message: () => driftFoundMessage(findings, mode),
        mail: () => driftFoundMail(findings, mode, places),
      });
    },
    removed: (items) =>
      tell({ page: 'drift', message: () => driftRemovedMessage(items), mail: () => driftRemovedMail(items, places) }),
    async interfered(interference) {
      count(METRICS.driftFound);
      await tell({
        page: 'drift',
        message: () => interferenceMessage(interference),
        mail: () => interferenceMail(interference, places),
      });
    },
    story,
  };
}

/** Tells operators that a change of the policies waits for one of them. */
export function proposalTeller(tell: TellOperators, places: Pick<OperatorWays, 'consoleUrl'>) {
  return (proposal: Proposal): Promise<void> =>
    tell({
      page: 'policies',
      message: () => proposalMessage(proposal),
      mail: () => proposalMail(proposal, places),
      from: proposal.principalId,
    });
}
