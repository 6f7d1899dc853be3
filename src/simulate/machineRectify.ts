/** A described machine in both directions: its steady states before and after two of its baths change places. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { suggestion } from '../machine/description/error.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import {
  type AngularDefinition,
  asymmetryOf,
  type Rectification,
} from '../thermo/rectification.js';
import { checkedValue, parameterOf } from './machineInputs.js';
import type { MachineReading } from './machineSteady.js';

/** Two baths and the parameters by whose values they change places. */
export interface BathPair {
  readonly baths: readonly [string, string];
  readonly parameters: readonly [string, string];
}

/** A bath's temperature where it is one parameter. */
interface TemperatureParameter {
  readonly name: string;
  /** Whether that is the inverse temperature. */
  readonly isInverse: boolean;
}

/** Null where a bath has no temperature, or one by a formula. */
function temperatureOf(
  { description, parameters }: DescribedMachine,
  bath: string,
): TemperatureParameter | null {
  const { temperature, beta } = description.baths[bath];
  const text = `${temperature ?? beta}`.trim();
  const isKnown = parameters.some(({ name }) => name === text);
  return isKnown ? { name: text, isInverse: temperature === undefined } : null;
}

/**
 * The baths that change places, and how.
 * @param baths two names; by default the first two whose temperatures are parameters
 * @param swap two parameters, in the place of temperatures
 * @throws {ParameterError} where there are not two such baths
 */
export function bathPair(
  described: DescribedMachine,
  baths: readonly string[] | undefined,
  swap: readonly string[] | undefined,
): BathPair {
  const known = described.baths.map(({ name }) => name);
  const [first, second, ...more] =
    baths ??
    (swap === undefined
      ? known.filter((name) => temperatureOf(described, name) !== null)
      : known
    ).slice(0, 2);
  for (const name of [first, second, ...more]) {
    if (name === undefined || known.includes(name)) continue;
    const allowed = `two of ${known.join(', ')}${suggestion(name, known)}`;
    throw new ParameterError('baths', name, allowed);
  }
  if (first === undefined || second === undefined || first === second || more.length > 0) {
    const allowed = `two baths of ${described.name}, whose temperatures are parameters; --swap names others`;
    throw new ParameterError('baths', baths?.join() ?? known.join(), allowed);
  }
  if (swap !== undefined) {
    const [a, b, ...others] = swap.map((name) => parameterOf(described, name, 'swap').name);
    if (a === undefined || b === undefined || a === b || others.length > 0) {
      throw new ParameterError('swap', swap.join(), 'two parameters');
    }
    return { baths: [first, second], parameters: [a, b] };
  }
  const [x, y] = [first, second].map((name) => {
    const found = temperatureOf(described, name);
    if (found !== null) return found;
    const allowed =
      'a bath whose temperature, or beta, is a parameter; --swap a,b names two parameters in its place';
    throw new ParameterError('baths', name, allowed);
  });
  if (x.isInverse !== y.isInverse || x.name === y.name) {
    const allowed = `two baths with a temperature each, or a beta each: they have ${x.name} and ${y.name}`;
    throw new ParameterError('baths', `${first},${second}`, allowed);
  }
  return { baths: [first, second], parameters: [x.name, y.name] };
}

/** The values after the change. @throws {ParameterError} where both are equal, or a value is not allowed there */
export function swapped(
  described: DescribedMachine,
  { parameters: [a, b] }: BathPair,
  values: Values,
): Values {
  if (values[a] === values[b]) {
    const allowed = `different from ${a}: exchanging equal values changes nothing, and R would be 0/0`;
    throw new ParameterError(b, values[b], allowed);
  }
  const checked = (name: string, value: number) =>
    checkedValue(parameterOf(described, name, 'swap'), value);
  return { ...values, [a]: checked(a, values[b]), [b]: checked(b, values[a]) };
}

export interface MachineRectification {
  /** The bath that is hot before the change, and the one that is afterwards. */
  readonly hot: readonly [string, string];
  /** R as in Eq. (39); J the larger heat that the hot bath gives, in energy per time. */
  readonly heat: Rectification;
  /** R and J of the mean of the ladder's quantity; null without a ladder. */
  readonly angular: Readonly<Record<AngularDefinition, Rectification>> | null;
}

/** @param pair with the first bath hot where one has no temperature */
export function machineRectification(
  { baths: [a, b] }: BathPair,
  forward: MachineReading,
  after: MachineReading,
): MachineRectification {
  const { [a]: x, [b]: y } = forward.numbers.betas;
  const hot = x === null || y === null || x < y ? ([a, b] as const) : ([b, a] as const);
  const heats = [forward.flows.heat[hot[0]], after.flows.heat[hot[1]]] as const;
  const ladder = [forward.ladder?.mean, after.ladder?.mean];
  const [before, now] = ladder;
  const of = (p: number, q: number): Rectification => ({
    R: asymmetryOf(p, q),
    J: Math.max(Math.abs(p), Math.abs(q)),
  });
  return {
    hot,
    heat: of(...heats),
    angular:
      before === undefined || now === undefined
        ? null
        : { signed: of(before, now), magnitude: of(Math.abs(before), Math.abs(now)) },
  };
}
