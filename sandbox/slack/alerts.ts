import type { Content } from './checks/check-message.ts';

/** The target of the break-glass button in an example alert. */
export interface AlertTarget {
  accountId: string;
  permissionSetArn: string;
}

/** An alert as an alerting bot posts it through the app, with the bot's own name and icon. */
export interface Alert extends Content {
  channel: string;
  username: string;
  icon: string;
}

/**
 * The example alert as a legacy attachment. Its button names the account in `callback_id` and the permission set in
 * `value`.
 */
export function legacyAlert(channel: string, target: AlertTarget): Alert {
  return {
    channel,
    username: 'Live Laugh Ship',
    icon: ':sparkles:',
    text: '',
    blocks: [],
    attachments: [
      {
        type: 'mrkdwn',
        text: 'Deployment *ABC* is being rolled back.',
        fallback: 'Deployment ABC is being rolled back.',
        callback_id: `deployment_${target.accountId}_abc`,
        color: '#fc6f03',
        attachment_type: 'default',
        actions: [
          { name: 'retry', text: 'Retry', type: 'button', value: 'retry' },
          {
            name: 'break_glass',
            text: 'Break Glass Prod',
            style: 'danger',
            type: 'button',
            value: target.permissionSetArn,
            confirm: { title: 'Are you sure?', text: 'Are you sure?', ok_text: 'Yes', dismiss_text: 'No' },
          },
        ],
      },
    ],
  };
}

/** The example alert with Block Kit. The button's value holds account, permission set, duration and reason. */
export function blockAlert(channel: string, target: AlertTarget): Alert {
  const value = {
    account: target.accountId,
    permissionSet: target.permissionSetArn,
    duration: '1h',
    reason: 'Checkout error rate',
  };
  return {
    channel,
    username: 'Pager',
    icon: ':rotating_light:',
    text: 'Checkout error rate above 5 % in Production',
    attachments: [],
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Checkout error rate above 5 %' } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: 'Orders are failing in `eu-central-1`. On-call: <@U0ANA>' },
        fields: [
          { type: 'mrkdwn', text: '*Service*\ncheckout' },
          { type: 'mrkdwn', text: `*Account*\n${target.accountId}` },
        ],
      },
      {
        type: 'actions',
        block_id: 'alert.actions',
        elements: [
          {
            type: 'button',
            action_id: 'runbook',
            text: { type: 'plain_text', text: 'Runbook' },
            url: 'https://runbooks.example.com/checkout',
          },
          {
            type: 'button',
            action_id: 'break_glass',
            style: 'danger',
            text: { type: 'plain_text', text: 'Break glass' },
            value: JSON.stringify(value),
            confirm: {
              title: { type: 'plain_text', text: 'Break the glass?' },
              text: {
                type: 'mrkdwn',
                text: `You get access to account *${target.accountId}* for one hour. Everybody here will see it.`,
              },
              confirm: { type: 'plain_text', text: 'Break glass' },
              deny: { type: 'plain_text', text: 'Cancel' },
            },
          },
        ],
      },
    ],
  };
}
