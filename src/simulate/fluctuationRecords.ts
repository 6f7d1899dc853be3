/**
 * What fluctuates in a steady state, as observables: computed only where they are asked for by name, from one more
 * factorisation of the device's equations.
 */
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { ObservableRecord, OfFluctuations, Value } from './observable.js';

/** The mill's baths, and what the currents and heats of each are called. */
const BATHS = {
  bath1: { current: 'N1', heat: 'Q1', tex: 'N_1', what: 'quanta from bath 1' },
  bath2: { current: 'N2', heat: 'Q2', tex: 'N_2', what: 'quanta from bath 2' },
  load: { current: 'L', heat: 'Qr', tex: 'L', what: 'angular momentum from the load' },
} as const;

type Bath = keyof typeof BATHS;

const SUBSCRIPTS: Readonly<Record<string, string>> = { 1: '₁', 2: '₂', r: 'ᵣ' };
const plain = (name: string): string => name.replace(/[12r]/, (x) => SUBSCRIPTS[x]);

const NO_JUMPS = 'where the bath has no jumps';

const common = {
  equation: '',
  section: 'Fluctuations',
  leftOutOf: ['table', 'page'],
} as const;

const record = (
  takes: OfFluctuations['takes'],
  read: OfFluctuations['read'],
  rest: Pick<ObservableRecord, 'name' | 'symbol' | 'tex' | 'unit' | 'formula' | 'text' | 'absent'>,
) => ({ is: { kind: 'fluctuation', read, takes }, ...common, ...rest }) satisfies ObservableRecord;

/** Null of a bath that has no jumps. */
const present =
  (bath: Bath, read: (found: FluctuatingState) => Value) => (found: FluctuatingState) =>
    found.baths.includes(bath) ? read(found) : null;

const current = (bath: Bath) => {
  const { current: name, what, tex } = BATHS[bath];
  return record(
    ['means'],
    present(bath, (found) => found.quanta(bath)?.mean.value ?? null),
    {
      name: `current of ${what}`,
      symbol: `⟨${plain(name)}⟩/t`,
      tex: `\\langle ${tex}\\rangle/t`,
      unit: '1/time',
      formula: `\\mathrm{Tr}[\\mathcal J'\\rho]`,
      text: 'How much comes in by time, positive into the device.',
      absent: NO_JUMPS,
    },
  );
};

const noise = (bath: Bath) => {
  const { current: name, what, tex } = BATHS[bath];
  return record(
    ['noise'],
    present(bath, (found) => found.quanta(bath)?.noise.value ?? null),
    {
      name: `noise of ${what}`,
      symbol: `D(${plain(name)})`,
      tex: `D_{${tex}}`,
      unit: '1/time',
      formula: `\\lim_{t\\to\\infty}\\mathrm{Var}(${tex})/t`,
      text: 'At zero frequency: by it the variance of what has come in grows with time.',
      absent: NO_JUMPS,
    },
  );
};

const heatNoise = (bath: Bath) => {
  const { heat, tex } = BATHS[bath];
  const of = heat.replace('Q', 'Q_');
  return record(
    ['heat'],
    present(bath, (found) => found.heat(bath)?.noise.value ?? null),
    {
      name: `noise of the heat from ${bath === 'load' ? 'the load' : `bath ${tex.slice(-1)}`}`,
      symbol: `D(${plain(heat)})`,
      tex: `D_{${of}}`,
      unit: 'energy^2/time',
      formula: `\\lim_{t\\to\\infty}\\mathrm{Var}(${of})/t`,
      text: `The same of the heat that its jumps bring.${bath === 'load' ? ' In the global model it is all of their energy, with the work Wᵣ.' : ''}`,
      absent: NO_JUMPS,
    },
  );
};

const produced = (bath: Bath) =>
  record(
    ['entropies'],
    present(bath, (found) => found.entropyProduction(bath).value),
    {
      name: `entropy that ${bath === 'load' ? 'the load' : `bath ${bath.slice(-1)}`} produces`,
      symbol: `σ(${bath})`,
      tex: `\\sigma_{\\mathrm{${bath}}}`,
      unit: '1/time',
      formula: '-\\mathrm{Tr}[\\mathcal L_b[\\rho](\\ln\\rho-\\ln\\pi_b)]',
      text: 'By Spohn, with the fixed point of its own dissipator: never negative.',
      absent: `${NO_JUMPS} or no such fixed point`,
    },
  );

/** What a relation has of a state beside noise and mean. */
const COSTS = { fano: [], uncertainty: ['entropy'], kineticUncertainty: ['activity'] } as const;

const relation = (
  bath: Bath,
  key: keyof typeof COSTS,
  { name, symbol, formula, text }: { name: string; symbol: string; formula: string; text: string },
) => {
  const { current: of, what, tex } = BATHS[bath];
  return record(
    ['noise', 'means', ...COSTS[key]],
    present(bath, (found) => found[key](bath)),
    {
      name: `${name} of ${what}`,
      symbol: `${symbol}(${plain(of)})`,
      tex: `\\mathrm{${symbol}}_{${tex}}`,
      unit: '1',
      formula,
      text,
      absent: `${NO_JUMPS}, or nothing flows`,
    },
  );
};

const fano = (bath: Bath) =>
  relation(bath, 'fano', {
    name: 'Fano factor',
    symbol: 'F',
    formula: 'D/|J|',
    text: 'Noise by mean current: 1 where quanta come one by one and independently.',
  });

const tur = (bath: Bath) =>
  relation(bath, 'uncertainty', {
    name: 'uncertainty relation (TUR)',
    symbol: 'TUR',
    formula: 'D\\sigma/J^2',
    text: 'Noise · entropy production/current²: at least 2 in classical machines.',
  });

const kur = (bath: Bath) =>
  relation(bath, 'kineticUncertainty', {
    name: 'kinetic uncertainty relation (KUR)',
    symbol: 'KUR',
    formula: 'D\\,\\mathcal A/J^2',
    text: 'Noise · rate of all jumps/current²: at least 1 in classical machines.',
  });

export const fluctuationRecords = {
  'currents.N1': current('bath1'),
  'currents.N2': current('bath2'),
  'currents.L': current('load'),
  'noise.N1': noise('bath1'),
  'noise.N2': noise('bath2'),
  'noise.L': noise('load'),
  'heatNoise.Q1': heatNoise('bath1'),
  'heatNoise.Q2': heatNoise('bath2'),
  'heatNoise.Qr': heatNoise('load'),
  'fano.N1': fano('bath1'),
  'fano.N2': fano('bath2'),
  'fano.L': fano('load'),
  'TUR.N1': tur('bath1'),
  'TUR.N2': tur('bath2'),
  'TUR.L': tur('load'),
  'KUR.N1': kur('bath1'),
  'KUR.N2': kur('bath2'),
  'KUR.L': kur('load'),
  'entropyProduction.bath1': produced('bath1'),
  'entropyProduction.bath2': produced('bath2'),
  'entropyProduction.load': produced('load'),
  'entropyProduction.sum': record(
    ['entropy'],
    (found) => found.totalEntropyProduction?.value ?? null,
    {
      name: 'entropy production',
      symbol: 'σ',
      tex: '\\sigma',
      unit: '1/time',
      formula: '\\sum_b\\sigma_b',
      text: 'Of all baths, by Spohn.',
      absent: 'where that of a bath is not known',
    },
  ),
  'entropyProduction.clausius': record(['heat', 'means'], (found) => found.clausius, {
    name: 'entropy production by Clausius',
    symbol: '−ΣβQ̇',
    tex: '-\\sum\\beta\\dot Q',
    unit: '1/time',
    formula: '-\\sum_b\\beta_b\\dot Q_b',
    text: 'From heat and temperatures alone.',
    absent: 'where heat is not known',
  }),
} as const satisfies Readonly<Record<string, ObservableRecord>>;

export type FluctuationName = keyof typeof fluctuationRecords;
export const FLUCTUATION_NAMES = Object.keys(fluctuationRecords) as readonly FluctuationName[];
