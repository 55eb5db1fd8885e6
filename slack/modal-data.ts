import * as z from 'zod/mini';
import type { AboutMessage } from '../core/model/request.ts';
import { LIMITS } from './limits.ts';
import type { WantedTarget } from './payload/break-glass-button.ts';

/**
 * What a modal carries in `private_metadata` from the press that opened it to its submission. Glasshammer wrote it and
 * Slack stored it, but like a button's value it proves nothing: the policies are asked again after it is read.
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
  /** Where the answer is sent. */
  readonly channel?: string;
  readonly messageTs?: string;
  readonly origin?: 'alert' | 'command' | 'shortcut' | 'home';
  /** The target of the button that was pressed. */
  readonly wanted?: WantedTarget;
  readonly durationSeconds?: number;
  /** The choice in the first menu, for the second one: a menu's search does not contain the choice of another menu. */
  readonly account?: string;
  /** Identifies the button that was pressed, so that pressing it again starts nothing new. */
  readonly clickKey?: string;
  /**
   * How often a button has filled in the form. The menus then get new block ids, because Slack keeps the choices made
   * under the old ones.
   */
  readonly fill?: number;
  /** The message that the ask is about. */
  readonly about?: AboutMessage;
}

/**
 * Text for `private_metadata`. A field that is too long is left out, and the message that the ask is about as well if
 * all together would be longer than Slack takes: otherwise Slack would refuse the modal.
 */
export function writeModalData(data: ModalData): string {
  const fitting: ModalData = Object.fromEntries(
    Object.entries(modalData.shape).flatMap(([name, field]) => {
      const parsed = field.safeParse(data[name as keyof ModalData]);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
  const text = JSON.stringify(fitting);
  return text.length <= LIMITS.privateMetadata ? text : JSON.stringify({ ...fitting, about: undefined });
}

/** Reads `private_metadata`; `undefined` if Glasshammer has not written it. */
export function readModalData(privateMetadata: string): ModalData | undefined {
  try {
    const parsed = modalData.safeParse(JSON.parse(privateMetadata));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
