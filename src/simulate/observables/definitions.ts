/** How records say what they are read from, and the unit that many share. */
import type { KnownFlows } from '../knownFlows.js';
import type { ObservableRecord, Section, Value } from '../observable.js';
import type { SteadyReading } from '../steadyReading.js';

export const ofFlows = (read: (flows: KnownFlows) => Value) => ({ kind: 'flows', read }) as const;
export const ofSolution = (read: (reading: SteadyReading) => Value) =>
  ({ kind: 'solution', read }) as const;

export const energyFlow = 'energy/time';

/** What not every record has. */
const WITHOUT = { symbol: '', tex: '', equation: '', formula: '' } as const;

type Told = Omit<ObservableRecord, 'section' | keyof typeof WITHOUT> &
  Partial<Pick<ObservableRecord, keyof typeof WITHOUT>>;

type InSection<S extends Section, R> = {
  readonly [N in keyof R]: R[N] & Omit<typeof WITHOUT, keyof R[N]> & { readonly section: S };
};

/** Records that stand together. */
export const inSection = <const S extends Section, const R extends Readonly<Record<string, Told>>>(
  section: S,
  records: R,
): InSection<S, R> =>
  Object.fromEntries(
    Object.entries(records).map(([name, record]) => [name, { ...WITHOUT, ...record, section }]),
  ) as unknown as InSection<S, R>;
