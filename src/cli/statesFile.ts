/** Density matrices in time as a file that Python opens. */

import { ParameterError } from '../model/parameters.js';
import { type NetcdfVariable, writeNetcdfFile } from '../netcdf.js';
import { QUBIT_STATES } from '../operators/operator.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { publish } from '../storage/files.js';
import { version } from '../version.js';

/** The most that HDF5 in WebAssembly has room for. */
const LARGEST_BYTES = 1 << 30;

/** @throws {ParameterError} where the states would not fit */
export function checkStatesSize(path: string, times: number, levels: number): void {
  const bytes = 2 * 8 * times * (QUBIT_STATES * levels) ** 2;
  if (bytes <= LARGEST_BYTES) return;
  throw new ParameterError(
    'states',
    path,
    `less than ${LARGEST_BYTES} bytes: ${times} states of ${levels} levels take ${bytes}; ask for fewer times or a smaller window`,
  );
}

/** ρ[t, qubits, l, qubits', l'] as two arrays. */
function dense(states: readonly DensityMatrix[], levels: number) {
  const dimension = QUBIT_STATES * levels;
  const re = new Float64Array(states.length * dimension ** 2);
  const im = new Float64Array(re.length);
  states.forEach(({ space, elements }, k) => {
    for (const { ket, bra, delta, first, offset, length } of space.classes) {
      for (let p = 0; p < length; p++) {
        const row = ket * levels + first + p;
        const column = bra * levels + first + p - delta;
        const at = (k * dimension + row) * dimension + column;
        re[at] = elements[2 * (offset + p)];
        im[at] = elements[2 * (offset + p) + 1];
      }
    }
  });
  return { re, im };
}

/**
 * Writes ρ at the times, or of a steady state; a file that exists is replaced once the new one is whole.
 * @param parameters what the file says that it was made from
 */
export async function writeStates(
  path: string,
  times: readonly number[] | null,
  states: readonly DensityMatrix[],
  parameters: unknown,
): Promise<void> {
  const { window } = states[0].space;
  const { re, im } = dense(states, window.size);
  const qubitNames = { long_name: 'two-qubit state 2·n1 + n2 (0: 00, 1: 01, 2: 10, 3: 11)' };
  const level = { long_name: 'angular momentum of the rotor', units: 'hbar' };
  const qubits = Int32Array.from({ length: QUBIT_STATES }, (_, s) => s);
  const levels = Int32Array.from({ length: window.size }, (_, i) => window.lmin + i);
  const coordinate = (
    name: string,
    values: Float64Array | Int32Array,
    attributes: NetcdfVariable['attributes'],
  ): NetcdfVariable => ({
    name,
    type: values instanceof Float64Array ? 'float64' : 'int32',
    dimensions: [name],
    shape: [values.length],
    attributes,
    values,
  });
  const coordinates = [
    ...(times === null
      ? []
      : [coordinate('t', Float64Array.from(times), { long_name: 'time', units: '1/energy' })]),
    coordinate('qubits', qubits, qubitNames),
    coordinate('l', levels, level),
    coordinate('qubits_bra', qubits, qubitNames),
    coordinate('l_bra', levels, level),
  ];
  const part = (name: string, values: Float64Array, what: string): NetcdfVariable => ({
    name,
    type: 'float64',
    dimensions: coordinates.map((c) => c.name),
    shape: coordinates.map((c) => c.values.length),
    attributes: { long_name: `${what} part of the density matrix` },
    values,
  });
  await publish(path, (unfinished) =>
    writeNetcdfFile(unfinished, {
      attributes: {
        title:
          times === null
            ? 'density matrix of a hybrid quantum rotor device in its steady state'
            : 'density matrices of a hybrid quantum rotor device in time',
        source: `quantum-mill ${version}`,
        parameters: JSON.stringify(parameters),
      },
      dimensions: coordinates.map((c) => c.name),
      coordinates,
      variables: [part('rho_re', re, 'real'), part('rho_im', im, 'imaginary')],
    }),
  );
}
