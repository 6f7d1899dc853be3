/** A worker thread's part of a sweep of a described machine. */
import { cpuBackend } from '../backend/cpu/backend.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { PRECISION_PATHS } from './batchSolver.js';
import { STATUSES } from './layout.js';
import { type MachinePlan, machinePlanOfRecord, variableOf } from './machinePlan.js';
import { machinePoint } from './machinePoint.js';
import type { SolvedPoints } from './solvePoints.js';

export interface MachineTask {
  /** The plan's record, as JSON. */
  readonly record: string;
  readonly points: Float64Array;
}

/** A machine's formulas are made ready once for all of a sweep. */
let known: { record: string; plan: MachinePlan; system: MachineSystem } | null = null;

function readied(record: string) {
  if (known?.record !== record) {
    const plan = machinePlanOfRecord(JSON.parse(record));
    known = { record, plan, system: new MachineSystem(plan.described) };
  }
  return known;
}

/** Where there is no number. */
const ABSENT = Number.NaN;

export default async ({ record, points }: MachineTask): Promise<SolvedPoints> => {
  const { plan, system } = readied(record);
  const backend = cpuBackend();
  const { length } = points;
  const columns = plan.columns.map((name) => ({ name, numbers: new Float64Array(length) }));
  const [relativeResidual, edgeLow, edgeHigh] = [0, 1, 2].map(() => new Float64Array(length));
  const status = new Int8Array(length);
  const messages: string[] = [];
  for (let p = 0; p < length; p++) {
    const found = await machinePoint(plan, system, points[p], backend);
    for (const { name, numbers } of columns) numbers[p] = found.columns[name] ?? ABSENT;
    relativeResidual[p] = found.relativeResidual ?? ABSENT;
    edgeLow[p] = found.edges.below ?? ABSENT;
    edgeHigh[p] = found.edges.above ?? ABSENT;
    status[p] = STATUSES.indexOf(found.status);
    if (found.message !== null) messages.push(found.message);
  }
  const path = new Int8Array(length).fill(PRECISION_PATHS.indexOf('cpu_f64'));
  const named = columns.map(({ name, numbers }) => [variableOf(name), numbers] as const);
  return {
    values: { ...Object.fromEntries(named), relativeResidual, edgeLow, edgeHigh, path, status },
    messages,
  };
};
