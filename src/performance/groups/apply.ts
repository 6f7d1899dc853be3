/** L·ρ: one product of the Lindbladian with a vector, on each backend, against sparse and dense products. */
import { apply as applyOnHost } from '../../generator/apply.js';
import type { Space } from '../../generator/classes.js';
import { type Generator, kindOf } from '../../generator/generator.js';
import { lindbladian, type SpaceChoice } from '../../generator/lindbladian.js';
import { device } from '../../model/device.js';
import type { DeviceParameters } from '../../model/parameters.js';
import { copyCeilings, isOnDevice } from '../copies.js';
import { queued } from '../onBackend.js';
import { admitted } from '../row.js';
import type { Measure, Settings } from '../study.js';
import { type Contestant, openedOrSkipped, withEachBackend } from './backends.js';
import { deviceArithmetic } from './deviceArithmetic.js';
import { paperDevice, windowOf } from './devices.js';
import { peerRow } from './peerRow.js';

interface Case {
  readonly name: string;
  readonly choice: SpaceChoice;
  readonly parameters: DeviceParameters;
}

const CASES: readonly Case[] = [
  { name: 'zero-charge sector', choice: 'sector', parameters: paperDevice() },
  { name: 'band |δ| ≤ 8, V = 1', choice: { maxDelta: 8 }, parameters: paperDevice({ V: 1 }) },
  { name: 'whole space, V = 1', choice: 'full', parameters: paperDevice({ V: 1 }) },
];

/** What float32 arithmetic leaves of ‖L‖‖ρ‖, and what float64 and double-float do. */
const TOLERANCES = { f32: 1e-6, f64: 1e-12 };

/** The Hermitian ρ that bench/peers/peers.py multiplies: element k of vec(ρ) in QuTiP's order. */
function peerVector({ window, classes, size }: Space): { x: Float64Array; places: Int32Array } {
  const x = new Float64Array(2 * size);
  const places = new Int32Array(size);
  const dimension = 4 * window.size;
  // QuTiP lists "up" first.
  const state = (qubits: number, level: number) => (3 - qubits) * window.size + level;
  for (const { ket, bra, delta, first, offset, length } of classes) {
    for (let p = 0; p < length; p++) {
      const [row, column] = [state(ket, first + p), state(bra, first + p - delta)];
      const [k, conjugate] = [column * dimension + row, row * dimension + column];
      places[offset + p] = k;
      x[2 * (offset + p)] = Math.cos(k) + Math.cos(conjugate);
      x[2 * (offset + p) + 1] = Math.sin(2 * k) - Math.sin(2 * conjugate);
    }
  }
  return { x, places };
}

const norm = (x: Float64Array): number =>
  Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));

/** ‖found − wanted‖ over ‖wanted‖. */
function distance(found: Float64Array, wanted: Float64Array): number {
  return norm(found.map((value, i) => value - wanted[i])) / norm(wanted);
}

async function measureBackend<V>(
  { label, open, bytesPerNumber }: Contestant<V>,
  sizes: readonly number[],
  { effort, onRow, onCeiling, onSkip }: Settings,
): Promise<void> {
  const backend = await openedOrSkipped(label, open, onSkip);
  if (backend === null) return;
  const copies = await copyCeilings(label, backend, bytesPerNumber, effort);
  for (const ceiling of copies) onCeiling(ceiling);
  if (isOnDevice(backend)) {
    onCeiling(await deviceArithmetic(label, backend.device, backend.precision, effort));
  }
  for (const { name, choice, parameters } of CASES) {
    for (const N of sizes) {
      const { total, space } = lindbladian(device(parameters, windowOf(N)).system, choice);
      const x = peerVector(space).x;
      try {
        const [input, output] = [await backend.upload(x), await backend.allocate(space.size)];
        const map = await backend.prepare(total, 'hermitian');
        const seconds = await queued(backend, () => map.apply(input, output), output, effort);
        const found = await backend.download(output);
        map.release();
        backend.release(input);
        backend.release(output);
        const bytes = 2 * space.size * bytesPerNumber;
        onRow(
          admitted({
            group: 'apply',
            task: `L·ρ, ${name}`,
            solver: label,
            N,
            adapter: backend.adapter,
            precision: backend.precision,
            error: distance(found, applyOnHost(total, x)),
            oracle: 'one coupling after the other on the CPU, in float64',
            tolerance: TOLERANCES[backend.precision],
            seconds,
            bytes,
            operations: operationsOf(total),
            shares: copies.map(({ of, perSecond }) => ({
              of,
              value: bytes / seconds.median / perSecond,
            })),
          }),
        );
      } catch (error) {
        onSkip(`${label}, ${name}, N = ${N}: ${(error as Error).message}`);
      }
    }
  }
  backend.close();
}

/** A complex number times a real, imaginary or complex one, and an addition, for each element of each coupling. */
const operationsOf = ({ couplings }: Generator): number =>
  couplings.reduce((sum, c) => sum + (kindOf(c) === 'complex' ? 8 : 4) * c.count, 0);

export const measureApply: Measure = async (settings) => {
  const { quick, peers } = settings;
  const sizes = quick ? [61] : [16, 32, 64, 128, 256];
  await withEachBackend((contestant) => measureBackend(contestant, sizes, settings));
  if (peers.missing !== null) return;
  const { name, choice, parameters } = CASES[2];
  for (const N of sizes) {
    const window = windowOf(N);
    const { total, space } = lindbladian(device(parameters, window).system, choice);
    const { x, places } = peerVector(space);
    const y = applyOnHost(total, x);
    // Not on the diagonal, where one part is 0.
    const probe = places.indexOf(Math.floor(space.size / 3) + 1);
    const wanted = [norm(y), y[2 * probe], y[2 * probe + 1]];
    for (const as of ['csr', 'dense'] as const) {
      // A dense superoperator of N = 16 already takes 16⁶ bytes · 16.
      if (as === 'dense' && N > 16) continue;
      const { lmin, lmax } = window;
      peerRow(settings, {
        group: 'apply',
        task: `L·ρ, ${name}`,
        N,
        request: { task: 'apply', as, parameters, lmin, lmax, runs: 20 },
        wanted,
        oracle: 'one coupling after the other on the CPU, in float64',
        tolerance: 1e-9,
      });
    }
  }
};
