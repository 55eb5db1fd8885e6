/** Where in a definition something stands. The state is absent for what belongs to the whole workflow. */
export interface Place {
  readonly state?: string;
  /** As AWS writes it: `Arguments/Payload/requestId`, `Choices[1]/Condition`. */
  readonly field: string;
}

function describe(place: Place, problem: string): string {
  return place.state === undefined
    ? `${place.field}: ${problem}`
    : `state '${place.state}', ${place.field}: ${problem}`;
}

/** The definition uses something that AWS has but the interpreter does not. Better refused at load than played wrong. */
export class UnsupportedConstructError extends Error {
  override readonly name = 'UnsupportedConstructError';
  readonly place: Place;

  constructor(place: Place, problem: string) {
    super(describe(place, problem));
    this.place = place;
  }
}

/** The definition is one that AWS would refuse, or could only fail with. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
  readonly place: Place;

  constructor(place: Place, problem: string) {
    super(describe(place, problem));
    this.place = place;
  }
}
