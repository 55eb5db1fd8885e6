import '@cloudscape-design/global-styles/index.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import type { SiteConfig } from '../lib/console/site-headers.ts';
import { openApi } from './api/client.ts';
import { App } from './app.tsx';
import { followMode } from './parts/mode.ts';
import { StartFailed } from './parts/start-failed.tsx';
import type { SignedIn } from './session/sign-in.ts';

/** Shows the console to the signed-in person. If the sign-in or the first call fails, shows the error instead. */
export async function start(signedIn: Promise<readonly [SiteConfig, SignedIn]>): Promise<void> {
  followMode();
  const place = document.getElementById('console');
  if (place === null) throw new Error('the page has no place for the console');
  const root = createRoot(place);
  try {
    const [site, session] = await signedIn;
    const { api, me } = await openApi(site.api, session);
    root.render(<App api={api} me={me} signOut={session.signOut} />);
  } catch (error) {
    root.render(<StartFailed error={error} />);
  }
}
