import type { KnownBlock } from '@slack/types';
import { type AccessRequest, askedApprovers, type SentMessage } from '../../core/model/request.ts';
import { approvalMessage } from '../../slack/views/approving/approval-message.ts';
import { endWarning, outcomeNotice } from '../../slack/views/approving/reminder.ts';
import { answerMessage, questionMessage, reportCard } from '../../slack/views/reporting/report-card.ts';
import { reviewMessage } from '../../slack/views/reporting/review-message.ts';
import { statusMessage } from '../../slack/views/status-message.ts';
import type { Settings } from './settings.ts';

interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** How a request is shown in the messages about it. */
export function statusRenderer(settings: Settings): {
  render(request: AccessRequest, role: SentMessage['role']): Message;
  readonly approvalChannel: string;
} {
  const { portalUrl } = settings;
  return {
    approvalChannel: settings.slack.approvalChannel,
    render(request, role) {
      const people = new Map(Object.entries(request.asked?.slackIds ?? {}));
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
          ...(waitingPaths === undefined ? {} : { waitingPaths }),
          ...(allows === undefined ? {} : { allows }),
          ...(usedBefore === undefined ? {} : { usedBefore }),
        });
      }
      const approvers = askedApprovers(request);
      const reportDelaySeconds = settings.report.deliveryDelaySeconds;
      return statusMessage({ request, portalUrl, people, approvers, reportDelaySeconds });
    },
  };
}
