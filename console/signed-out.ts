import { SITE_CONFIG, type SiteConfig } from '../lib/console/site-headers.ts';

/*
 * The script of the signed-out page. It only adds a link to the access portal, where the person may still be signed in.
 */

const { portalUrl } = (await (await fetch(SITE_CONFIG)).json()) as SiteConfig;
const link = document.createElement('a');
link.href = portalUrl;
link.textContent = 'Open the AWS access portal';
document.getElementById('portal')?.append(link);
