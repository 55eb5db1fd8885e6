/** How a list that whoever writes items can make as long as they like is read. */
export interface Listing {
  /**
   * Asked before each page is read, whatever was on the last one: a list may be long without having anything to tell. Where it says no, the list
   * throws OutOfTimeError, because an end would mean that there is nothing more.
   */
  readonly goOn?: (() => boolean) | undefined;
}

export interface RequestListing extends Listing {
  /** ISO 8601; only those planned to end from then on. */
  readonly endsFrom?: string | undefined;
}
