/** How a sweep of a described machine is laid out as a data set. */
import { PRECISION_PATHS } from './batchSolver.js';
import {
  type Coordinate,
  codedVariable,
  coordinate,
  NO_VALUE,
  STATUS,
  STATUSES,
  type Variable,
} from './layout.js';
import { type MachinePlan, variableOf } from './machinePlan.js';

/** Units of a machine's flows and means are its own: ħ = k_B = 1. */
const UNITS = { units: '1' } as const;

/** Each axis along its dimension. */
export const machineCoordinates = ({ described, dimensions }: MachinePlan): Coordinate[] =>
  dimensions.flatMap(({ name: dimension, axes }) =>
    axes.map(({ name, values }) => {
      const parameter = described.parameters.find((one) => one.name === name);
      const attributes = { long_name: parameter?.text || name, units: parameter?.unit || '1' };
      return coordinate(name, [dimension], attributes, values);
    }),
  );

/** What is recorded at every point of the grid. */
export function machineVariables(plan: MachinePlan): Variable[] {
  const dimensions = plan.dimensions.map(({ name }) => name);
  const other = plan.dimensions.flatMap(({ axes }) => axes.slice(1).map(({ name }) => name));
  const shared = other.length === 0 ? {} : { coordinates: other.join(' ') };
  const number = (name: string, long_name: string): Variable => ({
    name,
    type: 'float64',
    dimensions,
    fill: NO_VALUE.float64,
    attributes: { long_name, ...UNITS, ...shared },
  });
  return [
    ...plan.columns.map((column) => number(variableOf(column), column)),
    number('relativeResidual', 'norm of the derivative beside what it is a difference of'),
    number('edgeLow', 'population at the lowest level, where levels below are cut off'),
    number('edgeHigh', 'population at the highest level, where levels above are cut off'),
    codedVariable('path', dimensions, 'backend and precision', PRECISION_PATHS, shared),
    codedVariable(STATUS, dimensions, 'what became of the point', STATUSES, shared),
  ];
}
