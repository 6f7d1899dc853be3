/** The Wigner function on the cylinder, against its definition and what it must give. */
import { expect, test } from 'vitest';
import { fullSpace } from '../../src/generator/classes.js';
import { rotorWindow } from '../../src/operators/window.js';
import { RandomStream } from '../../src/solve/philox.js';
import { angleDensity } from '../../src/state/angle.js';
import { type DensityMatrix, rotorPopulations } from '../../src/state/densityMatrix.js';
import { wignerFunction } from '../../src/state/wigner.js';

/** Wide, so that what odd coherences leave beyond it is small; the states are in its middle. */
const window = rotorWindow(-40, 40);
const COUNT = 16;
const REACH = 3;

type Amplitudes = readonly (readonly [number, number])[];

function amplitudes(seed: number): Amplitudes {
  const random = new RandomStream(seed, 0);
  const draw = () => {
    random.draw();
    return random.first - 0.5;
  };
  const raw = Array.from({ length: 2 * REACH + 1 }, () => [draw(), draw()] as const);
  const norm = Math.hypot(...raw.flat());
  return raw.map(([re, im]) => [re / norm, im / norm] as const);
}

/** A pure state of levels from −REACH to REACH, with one subsystem state. */
function pure(psi: Amplitudes): DensityMatrix {
  const space = fullSpace({ states: 1, window });
  const elements = new Float64Array(2 * space.size);
  for (const { delta, first, offset, length } of space.classes) {
    for (let p = 0; p < length; p++) {
      const ket = psi[first + p + window.lmin + REACH];
      const bra = psi[first + p - delta + window.lmin + REACH];
      if (ket === undefined || bra === undefined) continue;
      elements[2 * (offset + p)] = ket[0] * bra[0] + ket[1] * bra[1];
      elements[2 * (offset + p) + 1] = ket[1] * bra[0] - ket[0] * bra[1];
    }
  }
  return { space, elements };
}

const at = (w: Float64Array, l: number, k: number) => w[(l - window.lmin) * COUNT + k];

/** ψ(φ) = Σ ψ_l e^{ilφ}/√2π. */
function wave(psi: Amplitudes, phi: number): readonly [number, number] {
  let [re, im] = [0, 0];
  psi.forEach(([a, b], k) => {
    const [c, s] = [Math.cos((k - REACH) * phi), Math.sin((k - REACH) * phi)];
    re += a * c - b * s;
    im += a * s + b * c;
  });
  return [re / Math.sqrt(2 * Math.PI), im / Math.sqrt(2 * Math.PI)];
}

/** By Simpson's rule, which half angles need: what is integrated does not close over one turn. */
function byDefinition(psi: Amplitudes, l: number, phi: number): number {
  const steps = 2000;
  const h = (2 * Math.PI) / steps;
  let sum = 0;
  for (let s = 0; s <= steps; s++) {
    const theta = -Math.PI + s * h;
    const [a, b] = wave(psi, phi - theta / 2);
    const [c, d] = wave(psi, phi + theta / 2);
    const [re, im] = [a * c + b * d, b * c - a * d];
    const weight = s === 0 || s === steps ? 1 : s % 2 === 1 ? 4 : 2;
    sum += weight * (re * Math.cos(l * theta) - im * Math.sin(l * theta));
  }
  return (sum * h) / 3 / (2 * Math.PI);
}

test.each([1, 2, 3])('is what its definition says (%i)', (seed) => {
  const psi = amplitudes(seed);
  const w = wignerFunction(pure(psi), COUNT);
  for (const [l, k] of [
    [0, 0],
    [1, 3],
    [-2, 5],
    [5, 11],
    [3, 15],
  ]) {
    expect(Math.abs(at(w, l, k) - byDefinition(psi, l, (2 * Math.PI * k) / COUNT))).toBeLessThan(
      1e-10,
    );
  }
  expect(Math.min(...w)).toBeLessThan(-1e-3);
});

test('its sums are the populations and the density of the angle, its products overlaps', () => {
  const [one, other] = [4, 5].map(amplitudes);
  const rho = pure(one);
  const [w, v] = [rho, pure(other)].map((state) => wignerFunction(state, COUNT));
  const turn = (2 * Math.PI) / COUNT;
  rotorPopulations(rho).forEach((population, i) => {
    const row = w.subarray(i * COUNT, (i + 1) * COUNT);
    expect(Math.abs(row.reduce((a, b) => a + b, 0) * turn - population)).toBeLessThan(1e-14);
  });
  // Odd coherences fall off as 1/l beyond the window, with alternating signs.
  angleDensity(rho, COUNT).forEach((density, k) => {
    let sum = 0;
    for (let l = window.lmin; l <= window.lmax; l++) sum += at(w, l, k);
    expect(Math.abs(sum - density)).toBeLessThan(0.02);
  });
  let [re, im] = [0, 0];
  one.forEach(([a, b], k) => {
    re += a * other[k][0] + b * other[k][1];
    im += a * other[k][1] - b * other[k][0];
  });
  const overlap = w.reduce((sum, x, i) => sum + x * v[i], 0) * turn * 2 * Math.PI;
  expect(Math.abs(overlap - (re * re + im * im))).toBeLessThan(0.01);
});
