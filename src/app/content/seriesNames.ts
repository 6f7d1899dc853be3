/** What may be drawn against time. */
export const SERIES_NAMES = ['power', 'flows', 'momentum'] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];
