/*
 * Plain data without the CDK: CloudFront sends these headers with every file of the console, and so does the sandbox.
 */

/**
 * The console's content security policy. Pages may load their own files and call their own API and the sign-in page.
 * Inline scripts and styles, other origins and framing are blocked.
 *
 * @param signInUrl origin of the sign-in page
 */
export function contentSecurityPolicy(signInUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${signInUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Further headers, for which CloudFront has no setting. */
export const OTHER_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Cache headers: files with hashed names may be cached for a year; files that refer to them must be revalidated. */
export const KEPT = 'public, max-age=31536000, immutable';
export const NOT_KEPT = 'no-cache';

/** Folder of the files that browsers may keep: their names contain a hash of their content. */
export const KEPT_FOLDER = 'assets';

/** The file that the pages read first: where to sign in, and as which client. */
export interface SiteConfig {
  /** Addresses where people sign in, where the page exchanges codes for tokens, and where people sign out. */
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly logoutUrl: string;
  readonly clientId: string;
  /** The AWS access portal: signing out of the console may leave the Identity Center session, which ends there. */
  readonly portalUrl: string;
  /** Path of the API on the console's own host; it begins with a slash. */
  readonly api: string;
}

export const SITE_CONFIG = 'config.json';

/** The page shown after sign-out. It does not start a sign-in, as the console itself does at once. */
export const SIGNED_OUT = 'signed-out.html';
