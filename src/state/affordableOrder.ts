/** Spectra of dense matrices up to this order are computed unasked: it takes seconds. */
export const AFFORDABLE_ORDER = 640;
