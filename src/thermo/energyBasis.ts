/** What of a state is diagonal in energy, and how far it is from thermal equilibrium. */
import { spaceOf } from '../generator/classes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import {
  blockEigenvalues,
  blockEigenvectors,
  type HermitianBlock,
  hermitianBlocks,
  largestOrder,
  largestOrderOfVectors,
} from '../state/hermitianBlocks.js';
import { zeros } from '../zeros.js';
import { ergotropy } from './ergotropy.js';

/** Energies this near, relative to the largest, are one level. */
const SAME_LEVEL = 1e-12;

interface Level {
  readonly energy: number;
  readonly members: readonly number[];
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Eigenvectors of H by rising energy. */
function levelsOf(blocks: readonly HermitianBlock[]): Level[] {
  const one = Float64Array.of(1);
  const none = Float64Array.of(0);
  return blocks
    .flatMap((block): Level[] =>
      block.members.length === 1
        ? [{ energy: block.re[0], members: block.members, re: one, im: none }]
        : blockEigenvectors(block).map(({ value, re, im }) => ({
            ...{ energy: value, members: block.members },
            ...{ re, im },
          })),
    )
    .sort((a, b) => a.energy - b.energy);
}

/** Elements of a Hermitian matrix by their places. */
function elementsOf(blocks: readonly HermitianBlock[]) {
  const places = new Map<number, readonly [HermitianBlock, number]>();
  for (const block of blocks) {
    block.members.forEach((i, k) => {
      places.set(i, [block, k]);
    });
  }
  return (i: number, j: number): readonly [number, number] => {
    const [row, column] = [places.get(i), places.get(j)];
    if (row === undefined || column === undefined || row[0] !== column[0]) return [0, 0];
    const [{ members, re, im }, k] = row;
    const at = k * members.length + column[1];
    return [re[at], im[at]];
  };
}

/** ⟨a|ρ|b⟩ */
function between(
  a: Level,
  b: Level,
  element: ReturnType<typeof elementsOf>,
): readonly [number, number] {
  let [re, im] = [0, 0];
  a.members.forEach((i, k) => {
    b.members.forEach((j, m) => {
      const [x, y] = element(i, j);
      if (x === 0 && y === 0) return;
      // conj(a_k) b_m
      const u = a.re[k] * b.re[m] + a.im[k] * b.im[m];
      const v = a.re[k] * b.im[m] - a.im[k] * b.re[m];
      re += u * x - v * y;
      im += u * y + v * x;
    });
  });
  return [re, im];
}

/** Energies and populations of a state of which what is between different energies is taken out. */
function dephased(levels: readonly Level[], element: ReturnType<typeof elementsOf>) {
  const scale = Math.max(...levels.map(({ energy }) => Math.abs(energy)));
  const populations: number[] = [];
  for (let first = 0; first < levels.length; ) {
    let end = first + 1;
    while (
      end < levels.length &&
      levels[end].energy - levels[end - 1].energy <= SAME_LEVEL * scale
    ) {
      end++;
    }
    const same = levels.slice(first, end);
    const [re, im] = [0, 1].map(() => zeros(same.length ** 2));
    same.forEach((a, i) => {
      same.forEach((b, j) => {
        [re[i * same.length + j], im[i * same.length + j]] = between(a, b, element);
      });
    });
    populations.push(...blockEigenvalues({ members: same.map((_, i) => i), re, im }));
    first = end;
  }
  return populations;
}

/** Parts of the ergotropy: what dephasing in energy leaves of it, and what it takes. */
export interface ErgotropyParts {
  readonly incoherent: number;
  readonly coherent: number;
}

/**
 * The ergotropy of the state without coherences between different energies, and the rest (G. Francica et al., Phys. Rev.
 * Lett. 125, 180603 (2020)); null where the spectra are too large.
 * @param most the order up to which dense spectra are computed
 */
export function ergotropyParts(
  hamiltonian: DensityMatrix,
  rho: DensityMatrix,
  most: number,
): ErgotropyParts | null {
  const [energies, state] = [hamiltonian, rho].map(hermitianBlocks);
  if (Math.max(largestOrderOfVectors(energies), largestOrder(state)) > most) return null;
  const levels = levelsOf(energies);
  const values = Float64Array.from(levels, ({ energy }) => energy);
  const populations = Float64Array.from(dephased(levels, elementsOf(state)));
  const energy = populations.reduce((sum, p, k) => sum + p * values[k], 0);
  const incoherent = ergotropy(energy, values, populations);
  const spectrum = Float64Array.from(state.flatMap(blockEigenvalues));
  return { incoherent, coherent: ergotropy(energy, values, spectrum) - incoherent };
}

/**
 * ½ Tr|ρ − e^{−βH}/Z|; null where the spectra are too large.
 * @param most the order up to which dense spectra are computed
 */
export function gibbsDistance(
  hamiltonian: DensityMatrix,
  beta: number,
  rho: DensityMatrix,
  most: number,
): number | null {
  const energies = hermitianBlocks(hamiltonian);
  if (largestOrderOfVectors(energies) > most) return null;
  const levels = levelsOf(energies);
  const weights = levels.map(({ energy }) => Math.exp(-beta * (energy - levels[0].energy)));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const difference = hermitianBlocks(
    minusMixture(
      rho,
      levels,
      weights.map((w) => w / total),
    ),
  );
  if (largestOrder(difference) > most) return null;
  return difference.flatMap(blockEigenvalues).reduce((sum, value) => sum + Math.abs(value), 0) / 2;
}

/** ρ − Σ w|v⟩⟨v| */
function minusMixture(
  { space, elements }: DensityMatrix,
  levels: readonly Level[],
  weights: readonly number[],
): DensityMatrix {
  const { size } = space.window;
  const names = new Map(
    space.classes.map(({ ket, bra, delta }) => [`${ket} ${bra} ${delta}`, { ket, bra, delta }]),
  );
  const nameOf = (i: number, j: number) => {
    const [ket, bra] = [i, j].map((at) => Math.floor(at / size));
    return { ket, bra, delta: (i % size) - (j % size) };
  };
  for (const { members } of levels) {
    for (const i of members) {
      for (const j of members) {
        const name = nameOf(i, j);
        names.set(`${name.ket} ${name.bra} ${name.delta}`, name);
      }
    }
  }
  const wider = spaceOf(space, [...names.values()]);
  const result = zeros(2 * wider.size);
  for (const { ket, bra, delta, offset, length } of space.classes) {
    const to = wider.classes[wider.find(ket, bra, delta)].offset;
    result.set(elements.subarray(2 * offset, 2 * (offset + length)), 2 * to);
  }
  levels.forEach(({ members, re, im }, k) => {
    members.forEach((i, a) => {
      members.forEach((j, b) => {
        const { ket, bra, delta } = nameOf(i, j);
        const { offset, first } = wider.classes[wider.find(ket, bra, delta)];
        const at = 2 * (offset + (i % size) - first);
        result[at] -= weights[k] * (re[a] * re[b] + im[a] * im[b]);
        result[at + 1] -= weights[k] * (im[a] * re[b] - re[a] * im[b]);
      });
    });
  });
  return { space: wider, elements: result };
}
