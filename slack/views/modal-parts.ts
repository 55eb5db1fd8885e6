import type { InputBlock, KnownBlock, ModalView, PlainTextInput, PlainTextOption, StaticSelect } from '@slack/types';
import { durationWords } from '../../core/model/duration.ts';
import { FIELDS, type FieldName, type ModalName } from '../actions.ts';
import { input, option, plain } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { type ModalData, writeModalData } from '../modal-data.ts';

/** The answer to a submission with wrong fields: the modal stays open and shows each sentence at its field. */
export type FieldErrors = Readonly<Partial<Record<FieldName, string>>>;

export type FormReading<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly errors: FieldErrors };

/** Longer texts are documents, which do not belong into a reason or the audit. Characters. */
const MAX_REASON_LENGTH = 1000;
export const MAX_TICKET_LENGTH = 100;

/** Durations to choose from, in seconds; those above the allowed maximum are left out. */
const DURATION_CHOICES = [15, 30, 60, 120, 240, 480, 720, 1440].map((minutes) => minutes * 60);

/** A modal from its parts; blocks that are `undefined` are left out. */
export function modal(parts: {
  readonly name: ModalName;
  readonly title: string;
  readonly submit: string;
  readonly data: ModalData;
  /** The modal lies on top of another one, to which closing it returns. */
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
 * The answer to a submission with wrong fields. Slack takes errors by block id and ignores the whole answer if the form
 * has no such block, so an error about a missing field is shown at the first block.
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

/** The field for a ticket. @default - optional, because only some policies ask for one */
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

/** A menu of durations up to `maxSeconds`, which is the last choice. */
export function durationInput(options: {
  readonly label: string;
  readonly maxSeconds: number;
  readonly initialSeconds?: number;
  readonly optional?: boolean;
  /** Slack sends a change at once. */
  readonly dispatch?: boolean;
  /** Changes the block id, so that Slack forgets a choice that is no longer offered. */
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

/** The field for the start, for planned work. */
function startInput(): InputBlock {
  return input(
    FIELDS.start,
    'From',
    { type: 'datetimepicker' },
    { optional: true, dispatch: true, hint: 'Leave it empty for now. Times are in your own zone.' },
  );
}

/** The field for the start, filled in. @param startsAt ISO 8601 */
export function startInputAt(startsAt: string | undefined): InputBlock {
  const block = startInput();
  const seconds = startsAt === undefined ? Number.NaN : Math.floor(Date.parse(startsAt) / 1000);
  return Number.isNaN(seconds)
    ? block
    : { ...block, element: { ...block.element, type: 'datetimepicker', initial_date_time: seconds } };
}

/** The chosen start (ISO 8601), if there is one. Slack sends seconds since 1970. */
export function readStart(values: Readonly<Record<string, string>>): { readonly startsAt?: string } {
  const text = readText(values, FIELDS.start);
  return /^\d{10}$/.test(text) ? { startsAt: new Date(Number(text) * 1000).toISOString() } : {};
}

/** The chosen duration in seconds; `undefined` if there is none, or it is no number that the menu could have. */
export function readDuration(values: Readonly<Record<string, string>>): number | undefined {
  const text = readText(values, FIELDS.duration);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** The text of a field, trimmed; empty if the field was left out. */
export function readText(values: Readonly<Record<string, string>>, field: FieldName, max = MAX_REASON_LENGTH): string {
  return (values[field] ?? '').trim().slice(0, max);
}

function initialValue(initial: string, max: number): { initial_value?: string } {
  return initial === '' ? {} : { initial_value: initial.slice(0, max) };
}
