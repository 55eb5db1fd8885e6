/**
 * Replaces the SDK's cache of discovered endpoints in the bundles (an alias of the build). DynamoDB's client creates
 * one but uses it only if endpoint discovery is on, and nothing here turns it on. This saves seven kilobytes at every
 * cold start.
 */
export class EndpointCache {}
