import { SITE_CONFIG, type SiteConfig } from '../lib/console/site-headers.ts';
import { signIn } from './session/sign-in.ts';

/*
 * By itself, because whoever has to sign in first leaves this page at once and loads it again: the console is read beside the change
 * of the code for tokens, and not twice.
 */

async function signedIn() {
  const site = (await (await fetch(SITE_CONFIG)).json()) as SiteConfig;
  return [site, await signIn(site)] as const;
}

const signingIn = signedIn();
// Whoever leaves the page never comes here, and a failure is told by the console itself.
const isBack = new URLSearchParams(location.search);
if (!isBack.has('code') && !isBack.has('error')) await signingIn.catch(() => undefined);
const { start } = await import('./start.tsx');
await start(signingIn);
