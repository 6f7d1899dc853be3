/**
 * Where a model holds: what its derivation takes to be small, as numbers, and a verdict on them. They depend on
 * the device alone, not on its state.
 */
import { globalCutoff, thermalRates } from '../model/global.js';
import { bathCoupling } from '../model/local.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';

/** Up to the first of them a condition holds; up to the second it is doubtful; beyond it fails. */
export const VALIDITY_BORDERS = [0.1, 1] as const;

/** From the best to the worst. */
export const VALIDITY_VERDICTS = ['holds', 'doubtful', 'fails'] as const;
export type ValidityVerdict = (typeof VALIDITY_VERDICTS)[number];

interface ConditionNotes {
  readonly symbol: string;
  readonly description: string;
}

/** What has to be small, in the order in which it is printed. */
export const CONDITIONS = {
  load: {
    symbol: 'β_r/4I',
    description: 'quantum corrections that the load of Eq. (17) leaves out',
  },
  localLoad: {
    symbol: 'γ/|λ|',
    description: 'load, which acts locally, against the coupling of qubits and rotor',
  },
  weakCoupling: {
    symbol: 'J/2B',
    description: 'rate at which a cold bath would damp its qubit, against its splitting 2B',
  },
  local: {
    symbol: '|λ|/2B',
    description: 'coupling of qubits and rotor against the splitting of a qubit',
  },
  secular: {
    symbol: 'Γ/Δε',
    description: 'rates of the baths against the smallest splitting that H_S makes of two levels',
  },
} as const satisfies Record<string, ConditionNotes>;

export type Condition = keyof typeof CONDITIONS;
const NAMES = Object.keys(CONDITIONS) as readonly Condition[];

/** Which of them a model has to meet. Collisions are exact but for the load that acts between them. */
export const CONDITIONS_OF = {
  local: ['load', 'weakCoupling', 'local'],
  global: ['load', 'localLoad', 'weakCoupling', 'secular'],
  collisions: ['load'],
} as const satisfies Record<string, readonly Condition[]>;

/** Null where a condition is none of the model, or what it is about is not there. */
export type ValidityNumbers = Readonly<Record<Condition, number | null>>;

export interface Validity extends ValidityNumbers {
  readonly verdict: ValidityVerdict;
  /** The conditions that make the verdict other than `holds`. */
  readonly because: readonly Condition[];
}

const verdictOn = (value: number | null): ValidityVerdict => {
  if (value === null || value <= VALIDITY_BORDERS[0]) return 'holds';
  return value <= VALIDITY_BORDERS[1] ? 'doubtful' : 'fails';
};

function judged(numbers: Partial<ValidityNumbers>): Validity {
  const all = Object.fromEntries(
    NAMES.map((name) => [name, numbers[name] ?? null]),
  ) as ValidityNumbers;
  const because = NAMES.filter((name) => verdictOn(all[name]) !== 'holds');
  const fails = because.some((name) => verdictOn(all[name]) === 'fails');
  return {
    ...all,
    verdict: fails ? 'fails' : because.length > 0 ? 'doubtful' : 'holds',
    because,
  };
}

/** β_r/4I: Eq. (17) is the first order in it of a load that is thermal. */
const loadRatio = ({ gamma, betaR, I }: DeviceParameters): number | null =>
  gamma === 0 ? null : betaR / (4 * I);

/**
 * The least of ε_{+,k} − ε_{−,k} = 2√(h_k² + λ²) over all levels, h_k = (B_1 − B_2) + (2k + 1)/4I: which of them
 * a window has shall not be seen. 4I h_k is 4I(B_1 − B_2) less an odd number, and every odd number has its level.
 */
function smallestSplitting({ B1, B2, I, lambda }: DeviceParameters): number {
  const distance = Math.abs(1 - (Math.abs(4 * I * (B1 - B2)) % 2));
  // Beyond the range of floating point it is not known; 0 is the worst.
  const half = Number.isFinite(distance) ? distance / (4 * I) : 0;
  return 2 * Math.hypot(half, lambda);
}

function localNumbers(parameters: DeviceParameters): Partial<ValidityNumbers> {
  const { B1, B2, g, chi, lambda } = parameters;
  return {
    load: loadRatio(parameters),
    weakCoupling: Math.max(
      bathCoupling(1, g, chi) ** 2 / (2 * B1),
      bathCoupling(2, g, chi) ** 2 / (2 * B2),
    ),
    local: Math.abs(lambda) / (2 * Math.min(B1, B2)),
  };
}

function globalNumbers(parameters: DeviceParameters, cutoff: number): Partial<ValidityNumbers> {
  const { beta1, beta2, B1, B2, g, chi, gamma, lambda } = parameters;
  const baths = [
    thermalRates(2 * B1, beta1, bathCoupling(1, g, chi), cutoff),
    thermalRates(2 * B2, beta2, bathCoupling(2, g, chi), cutoff),
  ];
  const fastest = Math.max(...baths.map(({ emission, absorption }) => emission + absorption));
  const density = (coupling: number, splitting: number) =>
    coupling ** 2 / (1 + (splitting / cutoff) ** 2);
  return {
    load: loadRatio(parameters),
    // Without interaction the rotor has no part in what is global.
    localLoad: gamma === 0 || lambda === 0 ? null : gamma / Math.abs(lambda),
    weakCoupling: Math.max(
      density(bathCoupling(1, g, chi), 2 * B1),
      density(bathCoupling(2, g, chi), 2 * B2),
    ),
    secular: lambda === 0 ? null : fastest / smallestSplitting(parameters),
  };
}

/**
 * Where a device's master equation stands.
 * @param window of the result; Ω depends on it with `cutoff` = `max-bohr`
 */
export const validityOf = (parameters: DeviceParameters, window: Window): Validity =>
  judged(
    parameters.model === 'local'
      ? localNumbers(parameters)
      : globalNumbers(parameters, globalCutoff(window, parameters)),
  );

/** The same of exact collisions. */
export const collisionValidity = (parameters: DeviceParameters): Validity =>
  judged({ load: loadRatio(parameters) });

/** One line: the numbers, then the verdict. */
export function describeValidity(validity: Validity): string {
  const numbers = NAMES.flatMap((name) => {
    const value = validity[name];
    return value === null ? [] : [`${CONDITIONS[name].symbol} = ${Number(value.toPrecision(3))}`];
  });
  if (numbers.length === 0) return 'holds, nothing that has to be small is there';
  const [small, large] = VALIDITY_BORDERS;
  const above = validity.because.map((name) => {
    const border = verdictOn(validity[name]) === 'fails' ? large : small;
    return `${CONDITIONS[name].symbol} > ${border}`;
  });
  const why = above.length === 0 ? `none above ${small}` : above.join(', ');
  return `${numbers.join(', ')}: ${validity.verdict}, ${why}`;
}
