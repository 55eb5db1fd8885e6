import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces the SDK's default chain of credential providers in the bundles (an alias of the build). Lambda gives a
 * function its credentials in the environment and nowhere else. The rest of the chain (profiles, single sign-on,
 * instance metadata) would slow every cold start, and could load credentials from a place that nobody expects.
 */
export const defaultProvider = () => fromEnv();
