import type { ExternalSelect, ModalView } from '@slack/types';
import { FIELDS, MODALS } from '../actions.ts';
import { context, input, option, plain } from '../blocks.ts';
import type { WantedTarget } from '../break-glass-button.ts';
import type { CallView } from '../call.ts';
import { LIMITS } from '../limits.ts';
import type { ModalData } from '../modal-data.ts';
import { ACCOUNT_GROUP_PREFIX } from './form-options.ts';
import {
  durationInput,
  type FormReading,
  MAX_TICKET_LENGTH,
  modal,
  readDuration,
  readStart,
  readText,
  reasonInput,
  startInput,
  ticketInput,
} from './modal-parts.ts';

export interface RequestModalData {
  /** Where the answer belongs. */
  readonly data: ModalData;
  /** The longest anybody may ask for; what this person may have is decided when they ask. */
  readonly maxDurationSeconds: number;
  readonly defaultDurationSeconds: number;
  /** Chosen already, when the form extends or repeats a request. Values as `form-options.ts` writes them. */
  readonly initial?: {
    readonly account?: { readonly label: string; readonly value: string };
    readonly permissionSet?: { readonly label: string; readonly value: string };
    readonly reason?: string;
    readonly ticket?: string;
  };
}

/**
 * The form behind `/access`, the shortcut and the App Home. Its menus ask for their options while a person types, so they offer
 * only what this person may ask for, however many accounts there are.
 */
export function requestModal({
  data,
  maxDurationSeconds,
  defaultDurationSeconds,
  initial = {},
}: RequestModalData): ModalView {
  return modal({
    name: MODALS.request,
    title: 'Request AWS access',
    submit: 'Request',
    data,
    blocks: [
      input(FIELDS.account, 'Account or group', menu('Search by name or id', initial.account), {
        dispatch: true,
      }),
      input(FIELDS.permissionSet, 'Permission set', menu('Choose the account first', initial.permissionSet), {
        optional: true,
        hint: 'Leave this empty for a group.',
      }),
      durationInput({ label: 'For how long', maxSeconds: maxDurationSeconds, initialSeconds: defaultDurationSeconds }),
      startInput(),
      reasonInput({ initial: initial.reason ?? '', minLength: 1 }),
      ticketInput({ initial: initial.ticket ?? '' }),
      context('Access ends by itself. What is done with it is reported.'),
    ],
  });
}

/** What the form asks for. Claims: the values come back as the menus offered them, and nothing proves they were offered. */
export interface RequestForm {
  readonly wanted: WantedTarget;
  readonly durationSeconds: number;
  /** ISO 8601. Absent: at once. */
  readonly startsAt?: string;
  readonly reason: string;
  readonly ticket: string;
}

/** Reads the submission, with a sentence for every field that is wrong. */
export function readRequestModal({ values }: CallView): FormReading<RequestForm> {
  const account = readText(values, FIELDS.account);
  const permissionSet = readText(values, FIELDS.permissionSet);
  const durationSeconds = readDuration(values);
  const reason = readText(values, FIELDS.reason);
  const wanted = wantedOf(account, permissionSet);
  if (durationSeconds === undefined || reason === '' || 'error' in wanted) {
    return {
      ok: false,
      errors: {
        ...('error' in wanted ? { [wanted.field]: wanted.error } : {}),
        ...(durationSeconds === undefined ? { [FIELDS.duration]: 'Choose how long you need it.' } : {}),
        ...(reason === '' ? { [FIELDS.reason]: 'Say what you need it for.' } : {}),
      },
    };
  }
  const ticket = readText(values, FIELDS.ticket, MAX_TICKET_LENGTH);
  return { ok: true, wanted, durationSeconds, ...readStart(values), reason, ticket };
}

type FieldError = { readonly field: 'account' | 'permission-set'; readonly error: string };

function wantedOf(account: string, permissionSet: string): WantedTarget | FieldError {
  if (account.startsWith(ACCOUNT_GROUP_PREFIX) && account.length > ACCOUNT_GROUP_PREFIX.length) {
    return { group: account.slice(ACCOUNT_GROUP_PREFIX.length) };
  }
  if (!/^\d{12}$/.test(account)) return { field: FIELDS.account, error: 'Choose an account or a group.' };
  if (permissionSet === '') return { field: FIELDS.permissionSet, error: 'Choose a permission set for this account.' };
  return { accountId: account, permissionSet };
}

function menu(placeholder: string, initial?: { readonly label: string; readonly value: string }): ExternalSelect {
  return {
    type: 'external_select',
    // 0: the menu shows what there is before anything is typed.
    min_query_length: 0,
    placeholder: plain(placeholder, LIMITS.placeholder),
    ...(initial === undefined ? {} : { initial_option: option(initial.label, initial.value) }),
  };
}
