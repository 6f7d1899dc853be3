/** Batches on a GPU: every point of a batch at once, a few numbers of each read back. */

import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import { openers } from '../backend/openers.js';
import type { BackendName } from '../backend/registry.js';
import type { Model } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import { rotorWindow } from '../operators/window.js';
import { DEVICE_FAILURES, TOO_FEW_DIGITS } from '../simulate/deviceFailures.js';
import { estimatedMagnitude } from '../simulate/estimatedMagnitude.js';
import { numberOf } from '../simulate/observe.js';
import { digitsCheck, readOfSums } from '../simulate/observeSums.js';
import { sectorObservables } from '../simulate/sectorObservables.js';
import { kernelOf, unknownToKernel } from '../simulate/sectorPoints.js';
import { type SectorSolver, sectorSolver } from '../simulate/sectorSolver.js';
import { deviceState } from '../simulate/sectorStates.js';
import { SteadyReading } from '../simulate/steadyReading.js';
import { relativeResidual } from '../solve/verdict.js';
import { type BatchSolver, batchPoint } from './batchSolver.js';
import { type CountedPoint, countedOn, fluctuationOf, isFluctuation } from './deviceCounting.js';
import { emptyResult, isWidened } from './hostBatch.js';
import { type Plan, planHasPotential } from './plan.js';

/** A device that has every term which a point of the plan may have. */
const everyTerm = ({ fixed, dimensions }: Plan): DeviceParameters => ({
  ...fixed,
  ...Object.fromEntries(
    dimensions.flatMap(({ axes }) =>
      axes.filter(({ parameter }) => fixed[parameter] === 0).map(({ parameter }) => [parameter, 1]),
    ),
  ),
});

/**
 * @param model that of the points to come
 * @throws {ParameterError} for a master equation that the kernel is not written for
 * @throws {NoAdapterError}
 * @throws {PrecisionError} for f64 where no double-float variant is right on the device
 */
export async function deviceSolver(
  name: BackendName,
  precision: Precision,
  model: Model,
): Promise<BatchSolver> {
  const kernel = kernelOf({ model });
  const opened = await openers[name](1);
  const { adapter, sectors } = opened;
  if (sectors === null) throw new RangeError(`${name} has no sectors`);
  const found = await sectors(precision).catch((error: unknown) => {
    opened.close();
    throw error;
  });
  const solver = sectorSolver(found);
  // A sweep's size of batches is measured, and shall not measure this.
  await solver.prepare(kernel);
  return batchSolverOn(name, solver, adapter, opened.chains, async () => opened.close());
}

/** The same on a GPU that is open. @param chains by which what fluctuates is counted there; null to do so on the CPU */
export function batchSolverOn(
  name: BackendName,
  solver: SectorSolver,
  adapter: string | null,
  chains: OpenChains | null,
  close: () => Promise<void>,
): BatchSolver {
  const { precision } = solver;
  const variant = solver.probe?.variant;
  return {
    name,
    adapter,
    details: {
      precision,
      ...(variant === undefined || variant === null ? {} : { doubleFloat: variant.name }),
      ...Object.fromEntries(
        (solver.probe?.candidates ?? []).map(({ name, maxRelativeError }) => [
          `probe ${name}`,
          maxRelativeError,
        ]),
      ),
    },
    refusal: (plan) => {
      if (planHasPotential(plan)) {
        return 'V = V2 = 0: with a potential the whole space is needed, not swept yet';
      }
      const unknown = unknownToKernel(everyTerm(plan));
      return unknown.length === 0
        ? null
        : `${unknown.join(' = ')} = 0: the kernel on the GPU does not have their terms`;
    },
    capacity: (size) => solver.capacity(size),
    solve: async (batch, names) => {
      const { count, size, lmin } = batch;
      const reads = names.map((name) => (isFluctuation(name) ? undefined : readOfSums(name)));
      // For the rest, the states are read back.
      const states = reads.includes(null);
      const hasDigits = digitsCheck(names, precision);
      const points = Array.from({ length: count }, (_, p) => ({
        parameters: batchPoint(batch, p),
        lmin: lmin[p],
      }));
      const result = { ...emptyResult(count, names.length), counted: new Uint8Array(count) };
      const solutions = await solver.solve(points, size, { states });
      const kept: { readonly p: number; readonly point: CountedPoint }[] = [];
      points.forEach((point, p) => {
        const verdict = solutions.verdicts[p];
        if (verdict !== 'solved') {
          const reason = verdict === 'closed' ? 'not_unique' : 'no_convergence';
          result.failures.set(p, { reason, message: DEVICE_FAILURES[verdict] });
          return;
        }
        const found = sectorObservables(point, solutions, p);
        if (!hasDigits(found, point.parameters)) {
          result.failures.set(p, { reason: 'no_convergence', message: TOO_FEW_DIGITS });
          return;
        }
        const reading = states ? new SteadyReading(deviceState(point, solutions, p, found)) : null;
        names.forEach((name, c) => {
          const value =
            reads[c]?.(found, point.parameters) ??
            (reading === null || isFluctuation(name) ? Number.NaN : numberOf(name, reading));
          result.values[p * names.length + c] = value;
        });
        result.edgeLow[p] = found.edgeLow;
        result.edgeHigh[p] = found.edgeHigh;
        result.residual[p] = found.residual;
        const window = rotorWindow(point.lmin, point.lmin + size - 1);
        const magnitude =
          reading?.state.magnitude ?? estimatedMagnitude(point.parameters, found, window);
        result.relativeResidual[p] = relativeResidual(found.residual, magnitude);
        if (!Number.isFinite(found.residual)) {
          result.failures.set(p, { reason: 'not_finite', message: 'the residual is not finite' });
          return;
        }
        const edges = [found.edgeLow, found.edgeHigh] as const;
        if (isWidened(batch, window, edges, point.parameters)) return;
        kept.push({ p, point: { ...point, unit: found.lost.ofNumbers } });
      });
      if (names.some(isFluctuation)) {
        const counting = kept.map(({ point }) => point);
        const counted = await countedOn(chains, precision, names, counting, size);
        counted.forEach(({ state, isOnDevice, left }, k) => {
          const { p } = kept[k];
          result.counted[p] = Number(isOnDevice);
          if (left !== null) result.notes.set(p, `fluctuations on the CPU: ${left}`);
          names.forEach((name, c) => {
            if (isFluctuation(name))
              result.values[p * names.length + c] = fluctuationOf(name, state);
          });
        });
      }
      return { ...result, path: precision === 'f64' ? 'webgpu_df64' : 'webgpu_f32' };
    },
    close,
  };
}
