import { spotTarget } from '../../core/access/request/target/spot-target.ts';
import type { Shortcut } from '../../slack/call.ts';
import type { ModalData } from '../../slack/modal-data.ts';
import { logFailure } from '../shared/log.ts';
import { aboutMessage } from './break-glass.ts';
import { filledWith, openRequestForm } from './forms/open-form.ts';
import type { FormState } from './forms/request-form.ts';
import type { HttpAnswer } from './http.ts';
import type { Services } from './services.ts';

/** Answers "Break glass for this" on a message: opens the form about that message, with the target that it names. */
export async function openAboutMessage(call: Shortcut, all: Services): Promise<HttpAnswer> {
  const { message } = call;
  const about = aboutMessage(message);
  const data: ModalData = {
    origin: 'shortcut',
    ...(message === undefined ? {} : { channel: message.channel, messageTs: message.threadTs ?? message.ts }),
    ...(about === undefined ? {} : { about }),
  };
  return openRequestForm(call, await suggested(message?.words ?? '', data, all), all);
}

/** The form's state with what the message names; the person chooses the rest. */
async function suggested(words: string, data: ModalData, all: Services): Promise<FormState> {
  try {
    const { account, permissionSet } = spotTarget(words, {
      accounts: await all.accounts(),
      permissionSets: all.permissionSets,
    });
    if (account === undefined) return { data };
    if (permissionSet !== undefined) {
      const target = { accountId: account.id, permissionSetArn: permissionSet.arn };
      return filledWith({ target, names: { accountName: account.name, permissionSetName: permissionSet.name } }, data);
    }
    const choice = { label: account.name, value: account.id };
    return { data: { ...data, account: account.id }, initial: { account: choice }, chosen: { account: account.id } };
  } catch (error) {
    logFailure('slack.form-incomplete', error);
    return { data };
  }
}
