import { requestPage } from '../../core/access/notify/request-page.ts';
import type { ChatMessage } from '../../core/model/chat-message.ts';
import { type AccessRequest, askedApprovers, type SentMessage } from '../../core/model/request.ts';
import type { MessageView } from '../../slack/blocks.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { peopleOf } from '../../slack/people.ts';
import { approvalMessage } from '../../slack/views/approving/approval-message.ts';
import { endWarning, outcomeNotice } from '../../slack/views/approving/reminder.ts';
import { answerMessage, questionMessage, reportCard } from '../../slack/views/reporting/report-card.ts';
import { reviewMessage } from '../../slack/views/reporting/review-message.ts';
import { statusMessage } from '../../slack/views/status-message.ts';
import type { Settings } from './settings.ts';

/**
 * Renders the messages about a request, each with a link to the request's page.
 *
 * @param consoleUrl absent without a console
 */
export function statusRenderer(
  settings: Settings,
  consoleUrl: string | undefined,
): {
  render(request: AccessRequest, role: SentMessage['role']): ChatMessage;
  readonly approvalChannel: string;
} {
  const { portalUrl } = settings;
  const render = renderWith(settings, portalUrl);
  return {
    // Not used without Slack.
    approvalChannel: settings.slack?.approvalChannel ?? '',
    render: (request, role) => withPageLink(render(request, role), pageOf(consoleUrl, request.id)),
  };
}

function renderWith(settings: Settings, portalUrl: string) {
  return (request: AccessRequest, role: SentMessage['role']): MessageView => {
    const people = peopleOf(request);
    if (role === 'report') return reportCard(request, people);
    if (role === 'question') return questionMessage(request, people);
    if (role === 'answer') return answerMessage(request, people);
    if (role === 'warning') return endWarning(request);
    if (role === 'outcome') return outcomeNotice(request, people);
    if (role === 'approval' && request.breakGlass) return reviewMessage(request, people);
    if (role === 'approval') {
      const { waitingPaths, allows, usedBefore } = request.asked ?? {};
      return approvalMessage({
        request,
        people,
        waitingPaths,
        allows,
        usedBefore,
      });
    }
    const approvers = askedApprovers(request);
    const reportDelaySeconds = settings.report.deliveryDelaySeconds;
    return statusMessage({ request, portalUrl, people, approvers, reportDelaySeconds });
  };
}

/** The address of a request's page; `undefined` without a console. */
export function pageOf(consoleUrl: string | undefined, requestId: string): string | undefined {
  return consoleUrl === undefined ? undefined : requestPage(consoleUrl, requestId);
}
