/** A place in a definition. `state` is absent for a field of the whole workflow. */
export interface Place {
  readonly state?: string;
  /** The path of the field as AWS writes it: `Arguments/Payload/requestId`, `Choices[1]/Condition`. */
  readonly field: string;
}

function describe(place: Place, problem: string): string {
  return place.state === undefined
    ? `${place.field}: ${problem}`
    : `state '${place.state}', ${place.field}: ${problem}`;
}

/**
 * The definition uses a feature that AWS has and this interpreter lacks. Loading fails, so that no workflow runs
 * differently from AWS.
 */
export class UnsupportedConstructError extends Error {
  override readonly name = 'UnsupportedConstructError';
  readonly place: Place;

  constructor(place: Place, problem: string) {
    super(describe(place, problem));
    this.place = place;
  }
}

/** The definition would be refused by AWS, or every execution of it would fail. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
  readonly place: Place;

  constructor(place: Place, problem: string) {
    super(describe(place, problem));
    this.place = place;
  }
}
