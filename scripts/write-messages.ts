/** Writes docs/messages.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messagesPage } from './messages/render.ts';

writeFileSync(fileURLToPath(new URL('../docs/messages.md', import.meta.url)), messagesPage());
