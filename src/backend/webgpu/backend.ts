/** The WebGPU backend: L·ρ and vector operations in WGSL, in float32 or double-float. */
import { chainsOf } from '../../generator/chains.js';
import { reachOf } from '../../generator/reach.js';
import { type Backend, hostMap, type Precision, type Wider } from '../backend.js';
import { eliminateBand, pinnedLevel } from '../cpu/bandFactors.js';
import { factoriseChains } from '../cpu/chains.js';
import { hostBand } from '../hostBand.js';
import { prepareApply } from './apply.js';
import { bandOnDevice } from './band.js';
import { leastBinding } from './chainFactors.js';
import { chainLayout } from './chainLayout.js';
import { factoriseOnDevice } from './chains.js';
import type { Device } from './device.js';
import { PrecisionError } from './errors.js';
import { NO_DF64, type ProbeRecord, probeDf64 } from './probe.js';
import { type DeviceVector, DeviceVectors } from './vectors.js';
import { doubleFloat } from './wider.js';

export { PrecisionError } from './errors.js';
export type { DeviceVector } from './vectors.js';

export interface WebGpuBackend extends Backend<DeviceVector> {
  readonly device: Device;
  /** What the probe found; null in f32, which needs none. */
  readonly probe: ProbeRecord | null;
}

/**
 * Operations are recorded and sent to the device in batches: they return at once, and what goes wrong
 * is thrown by the next one that reads something back.
 * @param precision f64 uses pairs of float32 (about 48 bits); a backend of f32 has them as its `wider`
 * @param probe what the device's probe found, where it was run before
 * @throws {PrecisionError} when f64 is asked for and no variant is right: never f32 in its place.
 */
export async function webgpuBackend(
  device: Device,
  precision: Precision,
  probe?: ProbeRecord,
): Promise<WebGpuBackend> {
  const found = precision === 'f32' ? null : (probe ?? (await probeDf64(device)));
  if (found !== null && found.variant === null) {
    const tried = found.candidates.map((c) => `${c.name}: ${c.maxRelativeError}`).join(', ');
    throw new PrecisionError(
      `precision = f64: no double-float variant is right on ${device.adapter.name} ` +
        `(largest relative errors: ${tried}); use f32 or the cpu backend`,
    );
  }
  const variant = {
    conditions: {
      df64: precision === 'f64',
      ...(found?.variant?.conditions ?? NO_DF64),
    },
  };
  const vectors = await DeviceVectors.on(device, precision, variant);

  let made: Promise<Wider<DeviceVector> | null> | undefined;
  const makeWider = async () => {
    const record = probe ?? (await probeDf64(device));
    if (record.variant === null) return null;
    const double = await webgpuBackend(device, 'f64', record);
    return doubleFloat(vectors, double, record.variant);
  };
  const wider = () => {
    made ??= makeWider();
    return made;
  };

  const backend: WebGpuBackend = {
    name: 'webgpu',
    adapter: device.adapter.name,
    precision,
    device,
    probe: found,
    prepare: (generator) => prepareApply(vectors, generator, variant),
    // In double-float, with terms that reach beyond the next level, and where vectors or factors need several
    // buffers, the host factorises and solves.
    factorise: async (generator, sectors) => {
      if (precision === 'f32' && reachOf(generator) === 1) {
        const layout = chainLayout(generator, sectors);
        const fits = leastBinding(layout) <= device.bindingLimit;
        if (fits && layout.elements <= vectors.capacity) {
          return factoriseOnDevice(vectors, generator, layout);
        }
      }
      const factors = factoriseChains(chainsOf(generator, sectors));
      return {
        apply: async (x, y) => {
          const solved = new Float64Array(2 * x.length);
          const map = (elements: Float64Array) => {
            factors.solve(elements, solved);
            return solved;
          };
          await hostMap(backend, x.length, map).apply(x, y);
        },
        release: () => {},
        onHost: true,
      };
    },
    // So it does where the device has no room for a level of the band.
    factoriseBand: async (band, onProgress) => {
      const eliminated = await eliminateBand(band, pinnedLevel(band), onProgress);
      const onDevice = precision === 'f32' ? await bandOnDevice(vectors, band, eliminated) : null;
      if (onDevice !== null) return onDevice;
      return hostBand(backend, band, eliminated);
    },
    allocate: async (length) => {
      const vector = await vectors.allocate(length);
      vectors.clear(vector);
      return vector;
    },
    upload: async (elements) => {
      const vector = await vectors.allocate(elements.length / 2);
      vectors.write(elements, vector);
      return vector;
    },
    write: async (elements, vector) => vectors.write(elements, vector),
    download: (vector, count = vector.length) => vectors.read(vector, count),
    release: (vector) => vectors.release(vector),
    copy: async (x, y) => vectors.copy(x, y),
    scale: async (a, x) => vectors.scale(a, x),
    axpy: async (a, x, y) => vectors.addMultiples([a], [x], y),
    addMultiples: async (coefficients, xs, y) => vectors.addMultiples(coefficients, xs, y),
    dot: async (x, y) => (await vectors.dots([x], y))[0],
    dots: (xs, y) => vectors.dots(xs, y),
    ...(precision === 'f32' ? { wider } : {}),
    close: () => device.close(),
  };
  return backend;
}
