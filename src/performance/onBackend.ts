/** What a backend's own speed is measured by. */
import type { Backend } from '../backend/backend.js';
import { type Effort, each, measure, type Timing } from './measure.js';

/** Seconds of one run among many that are queued before the host waits for the last. */
export const queued = <V>(
  backend: Backend<V>,
  once: () => Promise<void>,
  last: V,
  effort: Effort,
): Promise<Timing> => batched(once, async () => void (await backend.download(last, 1)), effort);

/**
 * The same for anything.
 * @param settle waits until everything that `once` began is done
 */
export async function batched(
  once: () => Promise<void>,
  settle: () => Promise<void>,
  effort: Effort,
): Promise<Timing> {
  await once();
  const alone = await measure(async () => {
    await once();
    await settle();
  }, effort);
  const batch = Math.max(1, Math.min(200, Math.round(0.1 / alone.median)));
  const timing = await measure(async () => {
    for (let i = 0; i < batch; i++) await once();
    await settle();
  }, effort);
  return { ...each(timing, batch), repetitions: timing.repetitions * batch };
}

/** Bytes a second that the backend copies, reading and writing counted. */
export async function copyBandwidth<V>(backend: Backend<V>, bytes: number, effort: Effort) {
  const length = 1 << 22;
  const [from, to] = [await backend.allocate(length), await backend.allocate(length)];
  const { fastest } = await queued(backend, () => backend.copy(from, to), to, effort);
  backend.release(from);
  backend.release(to);
  return (2 * length * bytes) / fastest;
}
