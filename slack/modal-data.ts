import * as z from 'zod/mini';
import type { AboutMessage } from '../core/model/request.ts';
import type { WantedTarget } from './payload/break-glass-button.ts';

/**
 * What a modal carries from the press that opened it to its submission, in `private_metadata`. Our own app wrote it and Slack
 * kept it, but it is a claim like a button's value: whoever reads it asks the policies again.
 */
const modalData = z.object({
  requestId: z.optional(z.string().check(z.maxLength(200))),
  channel: z.optional(z.string().check(z.maxLength(64))),
  messageTs: z.optional(z.string().check(z.maxLength(40))),
  origin: z.optional(z.enum(['alert', 'command', 'shortcut', 'home'])),
  wanted: z.optional(
    z.union([
      z.object({ accountId: z.string().check(z.maxLength(12)), permissionSet: z.string().check(z.maxLength(200)) }),
      z.object({ group: z.string().check(z.maxLength(300)) }),
    ]),
  ),
  durationSeconds: z.optional(z.number().check(z.positive())),
  account: z.optional(z.string().check(z.maxLength(300))),
  clickKey: z.optional(z.string().check(z.maxLength(100))),
  fill: z.optional(z.number().check(z.nonnegative(), z.maximum(1_000))),
  about: z.optional(
    z.object({
      text: z.string().check(z.maxLength(400)),
      channel: z.string().check(z.maxLength(64)),
      ts: z.string().check(z.maxLength(40)),
      link: z.optional(z.string().check(z.maxLength(200))),
    }),
  ),
});

export interface ModalData {
  readonly requestId?: string;
  /** Where the answer belongs. */
  readonly channel?: string;
  readonly messageTs?: string;
  readonly origin?: 'alert' | 'command' | 'shortcut' | 'home';
  /** The target of the button that was pressed. */
  readonly wanted?: WantedTarget;
  readonly durationSeconds?: number;
  /** What is chosen in the first menu, for the second one: Slack does not send one menu's choice with the other's search. */
  readonly account?: string;
  /** Tells the button that was pressed from others, so that it starts nothing twice. */
  readonly clickKey?: string;
  /** How often the form was filled in by a button: its menus then have new ids, for Slack keeps what was chosen under the old ones. */
  readonly fill?: number;
  /** The message it is about. */
  readonly about?: AboutMessage;
}

/** Text for `private_metadata`; the limits of each field keep it well under Slack's 3,000 characters. */
export function writeModalData(data: ModalData): string {
  const parsed = modalData.safeParse(data);
  // A field too long to carry is left out: the submission then lacks it and is refused, instead of Slack refusing the modal.
  return JSON.stringify(parsed.success ? parsed.data : {});
}

/** Reads `private_metadata` back. `undefined`: not written by this program. */
export function readModalData(privateMetadata: string): ModalData | undefined {
  try {
    const parsed = modalData.safeParse(JSON.parse(privateMetadata));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
