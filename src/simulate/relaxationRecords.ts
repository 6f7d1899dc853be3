/** How a device comes to its steady state, as observables: computed where they are asked for by name. */
import type { ObservableRecord } from './observable.js';

export const relaxationRecords = {
  gap: {
    is: { kind: 'relaxation', read: ({ gap }) => gap?.value ?? null },
    name: 'gap of the generator',
    symbol: 'Δ',
    tex: '\\Delta',
    unit: '1/time',
    equation: '',
    formula: '\\min_{\\lambda\\ne0}(-\\mathrm{Re}\\,\\lambda),\\quad\\mathcal L R=\\lambda R',
    text: 'The rate of the slowest mode among the elements of ρ whose charges are those of the populations: by it the steady state is reached in the end.',
    absent: 'where it is not known to six digits: modes all but coalesce, or others may be as slow',
    section: 'Relaxation',
    leftOutOf: ['table', 'page'],
  },
} as const satisfies Readonly<Record<string, ObservableRecord>>;

export type RelaxationName = keyof typeof relaxationRecords;
export const RELAXATION_NAMES = Object.keys(relaxationRecords) as readonly RelaxationName[];
