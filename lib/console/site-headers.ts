/*
 * Plain data, free of the CDK: CloudFront sends these headers with every file of the console, and so does the sandbox.
 */

/**
 * What the pages of the console may load and call: their own files, their own API, and the sign-in they get their tokens from. No
 * script or style is written into a page, nothing comes from anywhere else, and no other page shows them in a frame.
 *
 * @param signInUrl origin of the sign-in
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

/** The headers that CloudFront has no setting of its own for. */
export const OTHER_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Files whose names say what is in them may be kept; those that name them may not. */
export const KEPT = 'public, max-age=31536000, immutable';
export const NOT_KEPT = 'no-cache';

/** Beneath this, every file has a name that is made of what is in it. */
export const KEPT_FOLDER = 'assets';

/** What the pages read first: whom to ask for tokens, and as whom. */
export interface SiteConfig {
  /** Where people sign in, where codes are changed for tokens, and where they sign out. */
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly logoutUrl: string;
  readonly clientId: string;
  /** The AWS access portal, where whoever has signed out here may have to sign out as well. */
  readonly portalUrl: string;
  /** Where the API is, beginning with a slash: at the address of the console itself. */
  readonly api: string;
}

export const SITE_CONFIG = 'config.json';

/** Where people are who have signed out: a page that signs nobody in, as the console itself does at once. */
export const SIGNED_OUT = 'signed-out.html';
