/** Batches on a GPU: every point of a batch at once, whose states are read on the host. */
import type { Precision } from '../backend/backend.js';
import { openers } from '../backend/openers.js';
import type { Opened } from '../backend/record.js';
import type { BackendName } from '../backend/registry.js';
import { withoutDoubleFloat } from '../backend/webgpu/errors.js';
import type { Df64Variant } from '../backend/webgpu/probe.js';
import { loadKernels } from '../lindblad/kernels.js';
import { DEVICE_FAILURES } from '../simulate/deviceFailures.js';
import { readOffState } from '../simulate/deviceFluctuations.js';
import { type DeviceState, statesOnDevice } from '../simulate/deviceStates.js';
import { digitsCheck } from '../simulate/digits.js';
import { fluctuatingDevice } from '../simulate/millFluctuations.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import { SteadyReading } from '../simulate/steadyReading.js';
import { recycling } from '../zeros.js';
import { type BatchSolver, batchPoint, type PrecisionPath } from './batchSolver.js';
import {
  askedBy,
  type CountedPoint,
  countedOn,
  fluctuationOf,
  isFluctuation,
} from './deviceCounting.js';
import { emptyResult, isWidened, putEdges, recordReading, windowOf } from './hostBatch.js';
import { planHasPotential } from './plan.js';

/** Of a batch, so that their parameters take little memory; states are there as long as they are read. */
const MOST_POINTS = 1 << 14;

/** A GPU that is open. */
type BatchDevice = Pick<Opened, 'adapter' | 'chains' | 'probe'>;

/**
 * @throws {NoAdapterError}
 * @throws {PrecisionError} for f64 where no double-float variant is right on the device
 */
export async function deviceSolver(name: BackendName, precision: Precision): Promise<BatchSolver> {
  const opened = await openers[name](1);
  try {
    return await batchSolverOn(name, precision, opened, async () => opened.close());
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** The same on a GPU that is open. @throws {PrecisionError} likewise */
export async function batchSolverOn(
  name: BackendName,
  precision: Precision,
  { adapter, chains, probe }: BatchDevice,
  close: () => Promise<void>,
): Promise<BatchSolver> {
  if (chains === null || probe === null) throw new RangeError(`${name} has no chains`);
  await loadKernels();
  const found = precision === 'f64' ? await probe() : null;
  if (found !== null && found.variant === null) throw withoutDoubleFloat(adapter ?? name);
  const path: PrecisionPath = precision === 'f64' ? 'webgpu_df64' : 'webgpu_f32';
  return {
    name,
    adapter,
    details: {
      precision,
      ...(found === null ? {} : { doubleFloat: (found.variant as Df64Variant).name }),
      ...Object.fromEntries(
        (found?.candidates ?? []).map(({ name, maxRelativeError }) => [
          `probe ${name}`,
          maxRelativeError,
        ]),
      ),
    },
    refusal: (plan) =>
      planHasPotential(plan)
        ? 'V = V2 = 0: with a potential the whole space is needed, not swept yet'
        : null,
    capacity: () => MOST_POINTS,
    solve: async (batch, names) => {
      const { count } = batch;
      const points = Array.from({ length: count }, (_, p) => ({
        parameters: batchPoint(batch, p),
        window: windowOf(batch, p),
      }));
      const result = { ...emptyResult(count, names.length), counted: new Uint8Array(count), path };
      const whyLeft = digitsCheck(names, precision);
      const fluctuations = names.filter(isFluctuation);
      const asked = askedBy(names);
      const isKnown = (name: ObservableName) => !isFluctuation(name);
      const kept: { readonly p: number; readonly point: CountedPoint }[] = [];
      const solved = (p: number, { state, inSector, lost }: DeviceState): void => {
        const reading = new SteadyReading(state);
        const { parameters, window } = points[p];
        const { edges } = reading;
        if (isWidened(batch, window, edges, parameters)) {
          putEdges(result, p, edges);
          return;
        }
        const message = whyLeft(reading, lost);
        if (message !== null) {
          result.failures.set(p, { reason: 'no_convergence', message });
          return;
        }
        recordReading(
          result,
          p,
          reading,
          names,
          fluctuations.length === 0 ? undefined : isKnown,
          precision,
        );
        if (result.failures.has(p) || fluctuations.length === 0) return;
        const ofState = readOffState(fluctuatingDevice(parameters, window), inSector, asked);
        kept.push({ p, point: { parameters, window, unit: lost.ofNumbers, ofState } });
      };
      await statesOnDevice(chains, precision, points, {
        solved: (p, state) => recycling(() => solved(p, state())),
        unsolved: (p, why) => {
          const reason = why === 'closed' ? 'not_unique' : 'no_convergence';
          result.failures.set(p, { reason, message: DEVICE_FAILURES[why] });
        },
      });
      if (fluctuations.length === 0) return result;
      const counting = kept.map(({ point }) => point);
      const counted = await countedOn(chains, precision, asked, counting);
      counted.forEach(({ state, isOnDevice, left }, k) => {
        const { p } = kept[k];
        result.counted[p] = Number(isOnDevice);
        if (left !== null) result.notes.set(p, `fluctuations on the CPU: ${left}`);
        names.forEach((name, c) => {
          if (isFluctuation(name)) {
            result.values[p * names.length + c] = fluctuationOf(name, state);
          }
        });
      });
      return result;
    },
    close,
  };
}
