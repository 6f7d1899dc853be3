/** Parts by their numbers, each of which may be made when it is first asked for; a list of them is one, too. */
export interface Listed<Part> {
  readonly length: number;
  at(n: number): Part | undefined;
}

/** All of them. */
export const allOf = <Part>(listed: Listed<Part>): Part[] =>
  Array.from({ length: listed.length }, (_, n) => listed.at(n) as Part);
