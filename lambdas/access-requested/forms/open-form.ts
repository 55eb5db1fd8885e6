import { identifyPerson } from '../../../core/access/request/identity/identify.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { isGroupTarget } from '../../../core/model/target.ts';
import type { BlockAction, LegacyAction, Shortcut } from '../../../slack/call.ts';
import type { ModalData } from '../../../slack/modal-data.ts';
import { ACCOUNT_GROUP_PREFIX } from '../../../slack/views/asking/form-options.ts';
import type { HttpAnswer } from '../http.ts';
import { refuse } from '../refused-action.ts';
import { openModal, replyToAction } from '../reply.ts';
import type { Services } from '../services.ts';
import { type FormState, renderRequestForm } from './request-form.ts';

/**
 * Opens the form. The person is identified first, so that nobody fills in a form that could only be refused; a person
 * who is not identified gets the refusal's reason.
 */
export async function openRequestForm(
  call: Shortcut | BlockAction | LegacyAction,
  form: FormState,
  all: Services,
): Promise<HttpAnswer> {
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) {
    const { strangers } = await refuse(call, who, all);
    if (call.kind !== 'shortcut') return replyToAction(call, strangers.notice(), all);
    // A shortcut has no channel to answer in, so the refusal is shown in a modal.
    return openModal(call, strangers.modal(), all);
  }
  const { view } = await renderRequestForm(who.person, form, all);
  return openModal(call, view, all);
}

/** The state of a form in which this target is chosen. */
export function filledWith({ target, names }: Pick<AccessRequest, 'target' | 'names'>, data: ModalData): FormState {
  if (isGroupTarget(target)) {
    const account = { label: names.groupName ?? target.groupId, value: `${ACCOUNT_GROUP_PREFIX}${target.groupId}` };
    return { data: { ...data, account: account.value }, initial: { account }, chosen: { account: account.value } };
  }
  const account = { label: names.accountName ?? target.accountId, value: target.accountId };
  const name = names.permissionSetName ?? target.permissionSetArn;
  const permissionSet = { label: name, value: target.permissionSetArn };
  return {
    data: { ...data, account: account.value },
    initial: { account, permissionSet },
    chosen: { account: account.value, permissionSet: permissionSet.value },
  };
}
