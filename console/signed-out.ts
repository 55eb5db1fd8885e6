import { SITE_CONFIG, type SiteConfig } from '../lib/console/site-headers.ts';

/* All that the page does on which people are who have signed out: it leads to the access portal, which may know them still. */

const { portalUrl } = (await (await fetch(SITE_CONFIG)).json()) as SiteConfig;
const link = document.createElement('a');
link.href = portalUrl;
link.textContent = 'Open the AWS access portal';
document.getElementById('portal')?.append(link);
