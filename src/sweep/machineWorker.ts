/** A worker thread's part of a sweep of a described machine. */
import { cpuBackend } from '../backend/cpu/backend.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { STATUSES } from './layout.js';
import { type MachinePlan, machinePlanOfRecord } from './machinePlan.js';
import { machinePoint } from './machinePoint.js';

export interface MachineTask {
  /** The plan's record, as JSON. */
  readonly record: string;
  readonly points: Float64Array;
}

export interface MachinePart {
  /** Column c of point p at p·columns + c; NaN where there is no number. */
  readonly numbers: Float64Array;
  readonly relativeResidual: Float64Array;
  readonly edgeLow: Float64Array;
  readonly edgeHigh: Float64Array;
  readonly status: Int8Array;
  /** Of points that have no numbers, or not those of the machine. */
  readonly messages: readonly string[];
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

const ABSENT = Number.NaN;

export default async ({ record, points }: MachineTask): Promise<MachinePart> => {
  const { plan, system } = readied(record);
  const { columns } = plan;
  const backend = cpuBackend();
  const count = points.length;
  const numbers = new Float64Array(count * columns.length).fill(ABSENT);
  const [relativeResidual, edgeLow, edgeHigh] = [0, 1, 2].map(() => new Float64Array(count));
  const status = new Int8Array(count);
  const messages: string[] = [];
  for (let p = 0; p < count; p++) {
    const found = await machinePoint(plan, system, points[p], backend);
    columns.forEach((name, c) => {
      numbers[p * columns.length + c] = found.columns[name] ?? ABSENT;
    });
    relativeResidual[p] = found.relativeResidual ?? ABSENT;
    edgeLow[p] = found.edges.below ?? ABSENT;
    edgeHigh[p] = found.edges.above ?? ABSENT;
    status[p] = STATUSES.indexOf(found.status);
    if (found.message !== null) messages.push(found.message);
  }
  return { numbers, relativeResidual, edgeLow, edgeHigh, status, messages };
};
