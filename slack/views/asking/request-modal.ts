import type { ExternalSelect, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { AccessPreview } from '../../../core/access/request/preview-access.ts';
import { ACCOUNT_ID } from '../../../core/model/target.ts';
import { ACTIONS, actionIdFor, FIELDS, MODALS } from '../../actions.ts';
import { actions, button, context, input, option, plain, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { LIMITS } from '../../limits.ts';
import type { ModalData } from '../../modal-data.ts';
import type { WantedTarget } from '../../payload/break-glass-button.ts';
import { ticketExample } from '../../ticket-example.ts';
import { oneLine, quote } from '../../words/wording.ts';
import {
  durationInput,
  type FormReading,
  MAX_TICKET_LENGTH,
  modal,
  readDuration,
  readStart,
  readText,
  reasonInput,
  startInputAt,
  ticketInput,
} from '../modal-parts.ts';
import { ACCOUNT_GROUP_PREFIX, permissionSetValue } from './form-options.ts';
import { NOTHING_CHOSEN, outcomeLines } from './form-outcome.ts';

export interface RequestModalData {
  /** Where the answer is sent. */
  readonly data: ModalData;
  /** The configured maximum; what this person may have is decided when they ask. Seconds. */
  readonly maxDurationSeconds: number;
  readonly defaultDurationSeconds: number;
  /** Values that are filled in, as `form-options.ts` writes them. What a person has entered in a block, Slack keeps. */
  readonly initial?: {
    readonly account?: Choice;
    readonly permissionSet?: Choice;
    readonly durationSeconds?: number;
    /** ISO 8601. */
    readonly startsAt?: string;
    readonly reason?: string;
    readonly ticket?: string;
  };
  /** Targets the person had before, to be filled in with one press. */
  readonly recents?: readonly { readonly label: string; readonly value: string }[];
  /** The expected outcome; absent until a target is chosen. */
  readonly preview?: AccessPreview;
  /** A remark about how the form was filled in; plain text. */
  readonly hint?: string;
}

/** An option of a menu. */
export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** More buttons would push the form off a phone's screen. */
const MOST_RECENTS = 4;

/**
 * The form behind `/access`, the shortcuts and the App Home. Its menus load their options while a person types, so they
 * offer only what this person may ask for, however many accounts there are.
 */
export function requestModal(form: RequestModalData): ModalView {
  const { data, initial = {}, recents = [], preview, hint = '' } = form;
  const { about, account, fill } = data;
  const filled = fill === undefined || fill === 0 ? [] : [`filled-${fill}`];
  const demands = preview?.outcome === 'refused' ? undefined : preview;
  return modal({
    name: MODALS.request,
    title: 'Request AWS access',
    submit: 'Request',
    data,
    blocks: [
      about === undefined || about.text === '' ? undefined : section('*About*', quote(about.text, 500)),
      hint === '' ? undefined : context(oneLine(hint, 500)),
      recentsRow(recents),
      input(FIELDS.account, 'Account or group', menu('Search by name or id', initial.account), {
        dispatch: true,
        ...suffixOf(filled),
      }),
      input(FIELDS.permissionSet, 'Permission set', menu('Choose the account first', initial.permissionSet), {
        optional: true,
        dispatch: true,
        hint: 'Leave this empty for a group.',
        ...suffixOf([...(account === undefined ? [] : [account]), ...filled]),
      }),
      lengthInput(form, filled),
      startInputAt(initial.startsAt),
      reasonInput({ initial: initial.reason ?? '', minLength: Math.max(1, demands?.reasonMinLength ?? 1) }),
      ticketInput({ initial: initial.ticket ?? '', ...ticketDemand(demands?.ticketPatterns ?? []) }),
      { ...section(...(preview === undefined ? [NOTHING_CHOSEN] : outcomeLines(preview))), block_id: 'outcome' },
      context('Access ends by itself. What is done with it is reported.'),
    ],
  });
}

function recentsRow(recents: readonly Choice[]): KnownBlock | undefined {
  return actions(
    ...recents
      .slice(0, MOST_RECENTS)
      .map(({ label, value }, index) =>
        button({ actionId: actionIdFor(ACTIONS.fillIn, String(index)), text: label, value }),
      ),
  );
}

/** Durations up to what the target allows, or what is left of it. */
function lengthInput(form: RequestModalData, filled: readonly string[]) {
  const { maxDurationSeconds, defaultDurationSeconds, initial = {}, preview } = form;
  const longest = preview?.longestSeconds ?? 0;
  const isLimited = longest >= 60 && longest < maxDurationSeconds;
  const maxSeconds = isLimited ? longest : maxDurationSeconds;
  return durationInput({
    label: 'For how long',
    maxSeconds,
    initialSeconds: Math.min(initial.durationSeconds ?? defaultDurationSeconds, Math.floor(maxSeconds)),
    dispatch: true,
    ...suffixOf([...(isLimited ? [String(Math.floor(maxSeconds))] : []), ...filled]),
  });
}

function ticketDemand(patterns: readonly string[]): { readonly optional: boolean; readonly hint?: string } {
  const [pattern] = patterns;
  if (pattern === undefined) return { optional: true };
  const example = ticketExample(pattern);
  return { optional: false, hint: `Needed here${example === undefined ? '' : `, such as ${example}`}.` };
}

function suffixOf(parts: readonly string[]): { readonly suffix?: string } {
  return parts.length === 0 ? {} : { suffix: parts.join(':') };
}

/** What the form asks for. The values should be those that the menus offered, but nothing proves it. */
export interface RequestForm {
  readonly wanted: WantedTarget;
  readonly durationSeconds: number;
  /** ISO 8601; absent: at once. */
  readonly startsAt?: string;
  readonly reason: string;
  readonly ticket: string;
}

/** Reads the submission, or returns a sentence for every wrong field. */
export function readRequestModal({ values }: CallView): FormReading<RequestForm> {
  const account = readText(values, FIELDS.account);
  const permissionSet = readText(values, FIELDS.permissionSet);
  const durationSeconds = readDuration(values);
  const reason = readText(values, FIELDS.reason);
  const wanted = readWanted({ account, permissionSet });
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

/** The target that is chosen in the menus, or what is missing. */
export function readWanted({
  account,
  permissionSet,
}: {
  readonly account: string;
  readonly permissionSet: string;
}): WantedTarget | FieldError {
  if (account.startsWith(ACCOUNT_GROUP_PREFIX) && account.length > ACCOUNT_GROUP_PREFIX.length) {
    return { group: account.slice(ACCOUNT_GROUP_PREFIX.length) };
  }
  if (!ACCOUNT_ID.test(account)) return { field: FIELDS.account, error: 'Choose an account or a group.' };
  if (permissionSet === '') return { field: FIELDS.permissionSet, error: 'Choose a permission set for this account.' };
  return { accountId: account, permissionSet };
}

/** Only the ARN of a permission set can be too long for an option. */
function optionOf({ label, value }: Choice): PlainTextOption {
  return option(label, permissionSetValue(value, label));
}

function menu(placeholder: string, initial?: Choice): ExternalSelect {
  return {
    type: 'external_select',
    // 0: the menu shows options before anything is typed.
    min_query_length: 0,
    placeholder: plain(placeholder, LIMITS.placeholder),
    ...(initial === undefined ? {} : { initial_option: optionOf(initial) }),
  };
}
