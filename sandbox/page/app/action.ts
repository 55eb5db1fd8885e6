/** One call to the sandbox. `done`: what to tell the person once it went well. */
export interface Call {
  path: string;
  body: unknown;
  done?: string;
  /** Where the answer belongs, when it is not only good or bad news. */
  answers?: { what: 'options'; field: string } | { what: 'form'; viewId: string } | { what: 'use' };
  /** What is asked with it, at the same time. */
  beside?: Call;
}

/** The words of a confirm dialog. */
export interface Confirm {
  title: string;
  text: string;
  ok: string;
  cancel: string;
  danger: boolean;
}

/** Values of the fields of a form, by their `data-field`. */
export type FieldValues = Record<string, string | string[] | null>;

/** What can happen on the page. `value` and `fields` are filled in from the event. */
export type Action =
  | { do: 'be'; value?: string }
  /** `read`: the newest message of each place whose messages have been before their eyes. */
  | { do: 'go'; place: string; read?: Record<string, string> }
  | { do: 'visit'; viewer: string; place: string }
  | { do: 'panel'; panel: 'mail' | 'workflow' | 'alarms' }
  | { do: 'read-mail'; index: number | null }
  | { do: 'mail-format'; format: 'html' | 'text' }
  | { do: 'call'; call: Call }
  /** A press in a menu: the value picked goes into the call. */
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
