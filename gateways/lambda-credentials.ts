import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's default chain of credential providers in the bundles (an alias of the build). Lambda hands a
 * function its credentials in the environment and nowhere else, so the rest of the chain (profiles, single sign-on, instance
 * metadata) would only be weight at every cold start, and a way for credentials to come from somewhere nobody thought of.
 */
export const defaultProvider = () => fromEnv();
