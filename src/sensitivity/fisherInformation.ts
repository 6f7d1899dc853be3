/**
 * The quantum Fisher information of a steady state about a parameter, F = Tr[ρ̇ Λ] with the symmetric logarithmic
 * derivative Λ of ρ̇ = (Λρ + ρΛ)/2, the dot being the derivative by the parameter. No measurement of the device
 * estimates the parameter with a variance below 1/F.
 *
 * With 𝓛ρ = 0 the state changes by 𝓛ρ̇ = −𝓛̇ρ: one solution more from the factors of the steady state.
 */
import { EigenvalueDecomposition } from 'ml-matrix';
import { connectedSets, statesAt } from '../fluctuations/sectorBlocks.js';
import type { PairPlaces } from '../lindblad/eigenbasis.js';
import type { Estimate } from '../lindblad/estimate.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { Solution } from '../lindblad/solution.js';
import type { Place } from '../machine/tape.js';
import { TapeTangents } from '../machine/tapeTangents.js';
import { realSymmetric } from '../state/realForm.js';
import { zeros } from '../zeros.js';
import type { SteadySensitivity } from './steadySensitivity.js';

/** An element of the state with its derivative, and how far that may be off. */
interface Element {
  readonly re: number;
  readonly im: number;
  readonly byRe: number;
  readonly byIm: number;
  readonly lost: number;
}

const NOTHING: Element = { re: 0, im: 0, byRe: 0, byIm: 0, lost: 0 };

/** How the state changes with a parameter. */
function stateDerivative(state: SteadySensitivity, tangents: TapeTangents): Solution {
  const { sector, rho } = state;
  const { siteWidth } = sector;
  const y = zeros(rho.length);
  for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
    const changes = tangents.table(table);
    let [p, at, out] = [first, source * siteWidth + from, target * siteWidth + to];
    for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
      y[out] -= sign * changes[p] * rho[at];
    }
  }
  return state.solve(y);
}

/** The information about one parameter. */
export function fisherInformation(
  state: SteadySensitivity,
  pairs: readonly PairPlaces[],
  parameter: string,
): Estimate {
  const { sector, rho } = state;
  const { program, window, numbers, charges } = sector;
  const { offsets, unknownOf } = program;
  const tangents = new TapeTangents(program.tape, numbers, window.lmin, window.size, parameter);
  const change = stateDerivative(state, tangents);
  const number = ({ kind, at }: Place, i: number): readonly [number, number] =>
    kind === 'scalar'
      ? [numbers.scalar(at), tangents.scalar(at)]
      : [numbers.table(at)[i], tangents.table(at)[i]];
  const { lost } = change;
  const element = (charge: number, ket: number, bra: number): Element => {
    const c = program.classOf(ket, bra);
    if (c < 0) return NOTHING;
    const { unknown, conjugation } = unknownOf[c];
    const at = sector.index(charge, unknown);
    const isReal = conjugation === 0;
    return {
      re: rho[at],
      im: isReal ? 0 : conjugation * rho[at + 1],
      byRe: change.x[at],
      byIm: isReal ? 0 : conjugation * change.x[at + 1],
      lost: lost[at] + (isReal ? 0 : lost[at + 1]),
    };
  };
  let [value, error] = [0, 0];
  for (let charge = 0; charge < charges; charge++) {
    const there = statesAt(sector, charge);
    const block = there.map((ket) => there.map((bra) => element(charge, ket, bra)));
    for (const { u, v, cosine, sine } of pairs) {
      const [a, b] = [there.indexOf(u), there.indexOf(v)];
      if (a < 0 || b < 0) continue;
      const i = charge - offsets[v];
      const [[c, dc], [s, ds]] = [number(cosine, i), number(sine, i)];
      turn(block, a, b, c * ds - s * dc);
    }
    for (const members of connectedSets(block.keys(), (s, t) => isThere(block[s][t]))) {
      const found = informationOf(members.map((r) => members.map((k) => block[r][k])));
      value += found.value;
      error += found.error;
    }
  }
  return { value, error };
}

/** Adds what eigenstates that turn by an angle bring to a derivative: [K, ρ], K = (|v⟩⟨u| − |u⟩⟨v|) times the angle. */
function turn(block: Element[][], a: number, b: number, angle: number): void {
  if (angle === 0) return;
  const old = block.map((row) => [...row]);
  const add = (r: number, c: number, { re, im, lost }: Element, factor: number) => {
    const { [r]: row } = block;
    row[c] = {
      ...row[c],
      byRe: row[c].byRe + factor * re,
      byIm: row[c].byIm + factor * im,
      lost: row[c].lost + Math.abs(factor) * (lost === 0 ? 0 : RELATIVE * Math.hypot(re, im)),
    };
  };
  block.forEach((_, k) => {
    add(b, k, old[a][k], angle);
    add(a, k, old[b][k], -angle);
    add(k, b, old[k][a], angle);
    add(k, a, old[k][b], -angle);
  });
}

/** Whether there is a coherence, or is about to be. */
const isThere = ({ re, im, byRe, byIm }: Element): boolean =>
  re !== 0 || im !== 0 || byRe !== 0 || byIm !== 0;

/** 2|x|²/(p + q), with what may be lost of it. */
function term(x: number, lost: number, p: number, q: number): Estimate {
  if (x === 0 && lost === 0) return { value: 0, error: 0 };
  const value = (2 * x * x) / (p + q);
  return { value, error: (4 * Math.abs(x) * lost) / (p + q) + RELATIVE * value };
}

const summed = (parts: readonly Estimate[]): Estimate => ({
  value: parts.reduce((sum, { value }) => sum + value, 0),
  error: parts.reduce((sum, { error }) => sum + error, 0),
});

/** Σ 2|⟨i|ρ̇|j⟩|²/(pᵢ + pⱼ) of a block. */
function informationOf(block: readonly (readonly Element[])[]): Estimate {
  if (block.length === 1) {
    const [[{ re, byRe, lost }]] = block;
    return term(byRe, lost, re, re);
  }
  return block.length === 2 ? ofTwo(block) : ofSeveral(block);
}

/** Of a 2×2 block, whose eigenvalues keep their digits however different they are. */
function ofTwo([[upper, between], [, lower]]: readonly (readonly Element[])[]): Estimate {
  const [p, q, x, y] = [upper.re, lower.re, between.re, between.im];
  const half = Math.hypot((p - q) / 2, x, y);
  const most = (p + q) / 2 + half;
  const least = (p * q - x * x - y * y) / most;
  const lost = upper.lost + lower.lost + between.lost;
  // The direction of the Bloch vector, and what of the derivative lies along it.
  const [n, nx, ny] = half === 0 ? [1, 0, 0] : [(p - q) / 2 / half, x / half, y / half];
  const mean = (upper.byRe + lower.byRe) / 2;
  const difference = (upper.byRe - lower.byRe) / 2;
  const along = n * difference + nx * between.byRe + ny * between.byIm;
  const size = Math.hypot(difference, between.byRe, between.byIm);
  const across = Math.sqrt(Math.max(0, (size - along) * (size + along)));
  // That of the smaller eigenvalue from the determinant's.
  const determinant = upper.byRe * q + p * lower.byRe - 2 * (x * between.byRe + y * between.byIm);
  const byMost = mean + along;
  const byLeast = (determinant - least * byMost) / most;
  return summed([
    term(byMost, lost, most, most),
    term(byLeast, lost, least, least),
    term(across, lost, most, least),
    term(across, lost, most, least),
  ]);
}

/** By a dense eigensolver, whose eigenvalues are known beside the largest alone. */
function ofSeveral(block: readonly (readonly Element[])[]): Estimate {
  const order = block.length;
  // Each eigenvalue is there twice, and every term four times.
  const embedded = (re: keyof Element, im: keyof Element) =>
    realSymmetric(order, (put) => {
      block.forEach((row, r) => {
        row.forEach((one, c) => {
          put(r, c, one[re], one[im]);
        });
      });
    });
  const { realEigenvalues: p, eigenvectorMatrix: v } = new EigenvalueDecomposition(
    embedded('re', 'im'),
    { assumeSymmetric: true },
  );
  const turned = v.transpose().mmul(embedded('byRe', 'byIm')).mmul(v);
  const largest = Math.max(...p);
  const rounding = order * Number.EPSILON * largest;
  const lost = block.flat().reduce((sum, one) => sum + one.lost, 0);
  const parts = p.flatMap((a, i) =>
    p.map((b, j) => {
      const sum = Math.max(a, rounding) + Math.max(b, rounding);
      const one = term(turned.get(i, j), lost, sum, 0);
      return { value: one.value / 2, error: (one.error + (one.value * 2 * rounding) / sum) / 2 };
    }),
  );
  return summed(parts);
}
