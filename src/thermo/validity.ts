/**
 * Where a model holds: what its derivation takes to be small, as numbers, and a verdict on them. They depend on
 * the device alone, not on its state.
 */
import { LOAD, SHARED_CONDITIONS } from '../model/masterEquations/conditions.js';
import type { Condition as ConditionRecord } from '../model/masterEquations/masterEquation.js';
import {
  type ConditionName,
  MODELS,
  masterEquationOf,
  masterEquations,
} from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';

/** Up to the first of them a condition holds; up to the second it is doubtful; beyond it fails. */
const VALIDITY_BORDERS = [0.1, 1] as const;

/** From the best to the worst. */
export const VALIDITY_VERDICTS = ['holds', 'doubtful', 'fails'] as const;
export type ValidityVerdict = (typeof VALIDITY_VERDICTS)[number];

const everyCondition: readonly Omit<ConditionRecord, 'value'>[] = [
  ...SHARED_CONDITIONS,
  ...MODELS.flatMap((model): readonly ConditionRecord[] => masterEquations[model].conditions),
];

export type Condition = ConditionName;

/** What has to be small, in the order in which it is printed. */
export const CONDITIONS = Object.fromEntries(
  everyCondition.map(({ name, symbol, description }) => [name, { symbol, description }]),
) as Readonly<Record<Condition, Omit<ConditionRecord, 'name' | 'value'>>>;

const NAMES = Object.keys(CONDITIONS) as readonly Condition[];

/** Which of them a device's master equation has to meet. */
export const conditionsOf = (parameters: Pick<DeviceParameters, 'model'>): Condition[] =>
  masterEquationOf(parameters).conditions.map(({ name }) => name as Condition);

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

export function judged(numbers: Partial<ValidityNumbers>): Validity {
  const because: Condition[] = [];
  let verdict: ValidityVerdict = 'holds';
  const all = {} as Record<Condition, number | null>;
  for (const name of NAMES) {
    const value = numbers[name] ?? null;
    all[name] = value;
    const found = verdictOn(value);
    if (found === 'holds') continue;
    because.push(name);
    if (verdict !== 'fails') verdict = found;
  }
  return Object.assign(all, { verdict, because });
}

/** Of collisions, which are exact but for the load that acts between them. */
export const collisionValidity = (parameters: DeviceParameters): Validity =>
  judged({ load: LOAD.value(parameters) });

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
