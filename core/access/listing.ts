/** How to read a list that an attacker who may write items can make as long as they like. */
export interface Listing {
  /**
   * Called before each page is read, whatever the last page held: a long list may hold nothing of use. When it returns
   * false, the list throws OutOfTimeError, because a normal end would mean that there is nothing more.
   */
  readonly goOn?: (() => boolean) | undefined;
}

export interface RequestListing extends Listing {
  /** ISO 8601; only requests whose planned end is not earlier. */
  readonly endsFrom?: string | undefined;
}
