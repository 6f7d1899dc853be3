/** How large matrices are whose spectra are computed: the time goes with the third power of their rows. */

/** Eigenvalues that are computed unasked: about a second. */
export const AFFORDABLE_ORDER = 640;
/** Eigenvalues that are computed where they are asked for by name: about a minute for each spectrum. */
export const ASKED_ORDER = 3000;
/** Eigenvectors, of real symmetric matrices, of which a complex one makes one of twice the rows: some seconds. */
export const AFFORDABLE_VECTORS = 640;

/** Seconds of one core for the eigenvalues of a Hermitian matrix of 1,000 rows, measured on one of 2020. */
const SECONDS = 2.7;

/** About how long the eigenvalues of a Hermitian matrix take, in seconds. */
export const eigenvalueSeconds = (order: number): number => SECONDS * (order / 1000) ** 3;
