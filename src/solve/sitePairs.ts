/** The first of a site's unknowns that unknown j follows from: those of a pair do not follow from each other. */
export const afterOwn = (j: number, paired: number): number =>
  j < paired ? j - (j % 2) + 2 : j + 1;
