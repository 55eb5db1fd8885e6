import { SITE_CONFIG, type SiteConfig } from '../lib/console/site-headers.ts';
import { signIn } from './session/sign-in.ts';

/*
 * The sign-in is loaded without the console: a person who is not signed in leaves this page at once and loads it again
 * afterwards. The console is downloaded only on the way back, while the authorization code is exchanged for tokens.
 */

async function signedIn() {
  const site = (await (await fetch(SITE_CONFIG)).json()) as SiteConfig;
  return [site, await signIn(site)] as const;
}

const signingIn = signedIn();
// When the browser leaves for the sign-in, this promise never settles. After a failure the console starts and shows the
// error.
const isBack = new URLSearchParams(location.search);
if (!isBack.has('code') && !isBack.has('error')) await signingIn.catch(() => undefined);
const { start } = await import('./start.tsx');
await start(signingIn);
