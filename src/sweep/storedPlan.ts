/** What a store holds the results of: a sweep of the paper's device, or of a machine that a file describes. */
import { type Coordinate, coordinatesOf, type Variable, variablesOf } from './layout.js';
import { machineCoordinates, machineVariables } from './machineLayout.js';
import { type MachinePlan, machinePlanOfRecord, machineRecord } from './machinePlan.js';
import { type Plan, planOfRecord, planRecord } from './plan.js';

export type StoredPlan = Plan | MachinePlan;

/** A plan as JSON that says the same in the same words, whatever way it was written: a store's identity. */
export type PlanRecord = ReturnType<typeof planRecord> | ReturnType<typeof machineRecord>;

const isOfMachine = (plan: StoredPlan): plan is MachinePlan => 'described' in plan;

/** What is recorded at every point of the grid. */
export const storedVariables = (plan: StoredPlan): Variable[] =>
  isOfMachine(plan) ? machineVariables(plan) : variablesOf(plan);

/** What varies along the grid. */
export const storedCoordinates = (plan: StoredPlan): Coordinate[] =>
  isOfMachine(plan) ? machineCoordinates(plan) : coordinatesOf(plan);

export const storedRecord = (plan: StoredPlan): PlanRecord =>
  isOfMachine(plan) ? machineRecord(plan) : planRecord(plan);

/** The plan that a record is of. @throws {ParameterError | UnknownKeyError | MachineError} where it is of none */
export const storedPlanOfRecord = (record: Readonly<Record<string, unknown>>): StoredPlan =>
  'machine' in record ? machinePlanOfRecord(record) : planOfRecord(record);
