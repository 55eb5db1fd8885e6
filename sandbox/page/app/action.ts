/** One call to the sandbox. `done`: the message for the person after it succeeded. */
export interface Call {
  path: string;
  body: unknown;
  done?: string;
  /** Where the answer is shown, if it is more than a success or an error. */
  answers?: { what: 'options'; field: string } | { what: 'form'; viewId: string } | { what: 'use' };
  /** A second call, made at the same time. */
  beside?: Call;
}

/** The words of a confirmation dialog. */
export interface Confirm {
  title: string;
  text: string;
  ok: string;
  cancel: string;
  danger: boolean;
}

/** The values of a form's fields, by their `data-field`. */
export type FieldValues = Record<string, string | string[] | null>;

/** The actions of the page. `value` and `fields` are filled in from the event. */
export type Action =
  | { do: 'be'; value?: string }
  /** `read`: the newest message of each place that the viewer has seen. */
  | { do: 'go'; place: string; read?: Record<string, string> }
  | { do: 'visit'; viewer: string; place: string }
  | { do: 'panel'; panel: 'mail' | 'workflow' | 'alarms' }
  | { do: 'read-mail'; index: number | null }
  | { do: 'mail-format'; format: 'html' | 'text' }
  | { do: 'call'; call: Call }
  /** A pick from a menu. The picked value is added to the call. */
  | { do: 'pick'; call: Call; value?: string }
  | { do: 'confirm'; confirm: Confirm; call: Call }
  | { do: 'confirmed' }
  | { do: 'dismiss' }
  | { do: 'compose'; fields?: FieldValues }
  | { do: 'submit-form'; viewId: string; fields?: FieldValues }
  | {
      do: 'press-in-form';
      viewId: string;
      actionId: string;
      buttonValue?: string;
      blockId: string;
      value?: string;
      fields?: FieldValues;
    }
  | { do: 'search'; viewId: string; field: string; value?: string; fields?: FieldValues }
  | { do: 'answered'; call: Call; status: number; json: unknown }
  | { do: 'quiet' };
