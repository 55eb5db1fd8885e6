import type { InputBlock, KnownBlock, ModalView, PlainTextInput, PlainTextOption, StaticSelect } from '@slack/types';
import { durationWords } from '../../core/model/duration.ts';
import { FIELDS, type FieldName, type ModalName } from '../actions.ts';
import { input, option, plain } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { type ModalData, writeModalData } from '../modal-data.ts';

/** What a submission is answered with when a field is wrong: the modal stays open and shows the sentence at the field. */
export type FieldErrors = Readonly<Partial<Record<FieldName, string>>>;

export type FormReading<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly errors: FieldErrors };

/** A reason longer than this is a document, and the audit is no place for one. */
const MAX_REASON_LENGTH = 1000;
export const MAX_TICKET_LENGTH = 100;

/** Lengths people choose from; whatever the policies allow less is left out. */
const DURATION_CHOICES = [15, 30, 60, 120, 240, 480, 720, 1440].map((minutes) => minutes * 60);

/** A modal from its parts; blocks that are `undefined` are left out. */
export function modal(parts: {
  readonly name: ModalName;
  readonly title: string;
  readonly submit: string;
  readonly data: ModalData;
  /** On top of another modal, to which closing it leads back. */
  readonly onTop?: boolean;
  readonly blocks: readonly (KnownBlock | undefined)[];
}): ModalView {
  return {
    type: 'modal',
    callback_id: parts.name,
    title: plain(parts.title, LIMITS.modalTitle),
    submit: plain(parts.submit, LIMITS.modalButton),
    close: plain(parts.onTop === true ? 'Back' : 'Cancel', LIMITS.modalButton),
    private_metadata: writeModalData(parts.data),
    blocks: parts.blocks.filter((block) => block !== undefined).slice(0, LIMITS.viewBlocks),
  };
}

/**
 * The answer to a submission whose fields are wrong. Slack finds a field by its block, and drops the whole answer for a block that
 * the form does not have; so what is about a field that is not there is told at the first one that is.
 */
export function errorsAnswer(
  errors: FieldErrors,
  blockIds: Readonly<Record<string, string>> = {},
): { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> } {
  const [first] = Object.values(blockIds);
  const placed: Record<string, string> = {};
  for (const [field, error] of Object.entries(errors)) {
    const blockId = blockIds[field] ?? (first === undefined ? field : first);
    placed[blockId] = placed[blockId] === undefined ? error : `${placed[blockId]} ${error}`;
  }
  return { response_action: 'errors', errors: placed };
}

/** The field for the reason. */
export function reasonInput(
  options: { readonly minLength?: number; readonly initial?: string; readonly optional?: boolean } = {},
): InputBlock {
  const { minLength = 0, initial = '', optional = false } = options;
  const element: PlainTextInput = {
    type: 'plain_text_input',
    multiline: true,
    max_length: MAX_REASON_LENGTH,
    ...(minLength > 0 ? { min_length: Math.min(minLength, MAX_REASON_LENGTH) } : {}),
    ...initialValue(initial, MAX_REASON_LENGTH),
    placeholder: plain('What is broken, and what will you do?', LIMITS.placeholder),
  };
  const least = minLength > 1 ? `At least ${minLength} letters and digits. ` : '';
  return input(FIELDS.reason, 'Reason', element, {
    optional,
    hint: `${least}Approvers, the audit and the report show it.`,
  });
}

/** The field for a ticket. @default - optional, as only some policies ask for one */
export function ticketInput(
  options: { readonly initial?: string; readonly optional?: boolean; readonly hint?: string } = {},
): InputBlock {
  const { initial = '', optional = true, hint } = options;
  const element: PlainTextInput = {
    type: 'plain_text_input',
    max_length: MAX_TICKET_LENGTH,
    ...initialValue(initial, MAX_TICKET_LENGTH),
    placeholder: plain('INC-1234', LIMITS.placeholder),
  };
  return input(FIELDS.ticket, 'Ticket', element, { optional, hint });
}

/** A field for a note of several lines. */
export function noteInput(label: string, options: { readonly optional: boolean; readonly hint?: string }): InputBlock {
  const element: PlainTextInput = { type: 'plain_text_input', multiline: true, max_length: MAX_REASON_LENGTH };
  return input(FIELDS.note, label, element, options);
}

/** A choice of lengths up to `maxSeconds`, the longest included. */
export function durationInput(options: {
  readonly label: string;
  readonly maxSeconds: number;
  readonly initialSeconds?: number;
  readonly optional?: boolean;
  /** A change is told at once. */
  readonly dispatch?: boolean;
  /** Makes the block another one for Slack, which then forgets a choice that is not offered any more. */
  readonly suffix?: string;
}): InputBlock {
  const { label, maxSeconds, initialSeconds, optional = false, dispatch = false, suffix } = options;
  const longest = Math.max(60, Math.floor(maxSeconds));
  const lengths = [...new Set([...DURATION_CHOICES.filter((seconds) => seconds < longest), longest])];
  const choices: PlainTextOption[] = lengths.map((seconds) => option(durationWords(seconds), String(seconds)));
  const initial = choices.find((choice) => choice.value === String(initialSeconds));
  const element: StaticSelect = {
    type: 'static_select',
    options: choices,
    placeholder: plain('How long?', LIMITS.placeholder),
    initial_option: initial,
  };
  return input(FIELDS.duration, label, element, { optional, dispatch, suffix });
}

/** When access starts, for work that is planned. */
function startInput(): InputBlock {
  return input(
    FIELDS.start,
    'From',
    { type: 'datetimepicker' },
    { optional: true, dispatch: true, hint: 'Leave it empty for now. Times are in your own zone.' },
  );
}

/** A field for the start that is filled in already. @param startsAt ISO 8601 */
export function startInputAt(startsAt: string | undefined): InputBlock {
  const block = startInput();
  const seconds = startsAt === undefined ? Number.NaN : Math.floor(Date.parse(startsAt) / 1000);
  return Number.isNaN(seconds)
    ? block
    : { ...block, element: { ...block.element, type: 'datetimepicker', initial_date_time: seconds } };
}

/** The chosen start (ISO 8601), where one was chosen. Slack gives seconds since 1970. */
export function readStart(values: Readonly<Record<string, string>>): { readonly startsAt?: string } {
  const text = readText(values, FIELDS.start);
  return /^\d{10}$/.test(text) ? { startsAt: new Date(Number(text) * 1000).toISOString() } : {};
}

/** The chosen length in seconds. `undefined`: none, or not one of the shape we offer. */
export function readDuration(values: Readonly<Record<string, string>>): number | undefined {
  const text = readText(values, FIELDS.duration);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** A field as it was filled in, without space around it. Empty when left out. */
export function readText(values: Readonly<Record<string, string>>, field: FieldName, max = MAX_REASON_LENGTH): string {
  return (values[field] ?? '').trim().slice(0, max);
}

function initialValue(initial: string, max: number): { initial_value?: string } {
  return initial === '' ? {} : { initial_value: initial.slice(0, max) };
}
