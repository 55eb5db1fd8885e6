/**
 * Stands in for the SDK's cache of discovered endpoints in the bundles (an alias of the build). DynamoDB's client makes one, and uses it
 * only where discovery is turned on, which nothing here does: seven kilobytes at every cold start for nothing.
 */
export class EndpointCache {}
