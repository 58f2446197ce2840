/** Opening hours on the wire, as docs/http.md names them. */

/** From, to: a `to` that is not later is on the next day; "24:00" ends a whole day. */
export type Pair = readonly [string, string];

export interface Holiday {
  readonly first: string;
  readonly last: string;
  readonly name: string;
}

export interface Workday {
  readonly date: string;
  readonly hours: readonly Pair[];
  readonly name: string;
}

export interface Plan {
  readonly zone: string;
  readonly always: boolean;
  readonly week: readonly (readonly Pair[])[];
  readonly holidays: readonly Holiday[];
  readonly workdays: readonly Workday[];
}

export interface Hours extends Plan {
  readonly version: number;
  readonly open: boolean;
  readonly next_opening: string | null;
}
