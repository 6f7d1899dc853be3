/**
 * e^{Gs}ψ for G = −iH − ½Σ_j A_j†A_j in invariant blocks: closed form where a block has one or two states,
 * Taylor's series on short stretches of s where it has more.
 */
import type { KetSystem } from '../generator/kets.js';

/** Taylor's series: ‖G‖s of a stretch, and the terms that leave less than rounding. */
const STRETCH = 3;
const TERMS = 28;
/** Below this |σs| sinh(σs)/σ is taken from its series. */
const SMALL = 0.03;

/** A block's part of a state, ready to be evaluated at any s up to `reach`. */
interface Evolving {
  readonly reach: number;
  /** Writes e^{Gs}ψ into re and im, at the block's components. */
  evaluate(s: number, re: Float64Array, im: Float64Array): void;
}

/** What a block is evolved with. */
interface BlockPropagator {
  prepare(re: Float64Array, im: Float64Array): Evolving;
}

function element({ generator }: KetSystem, row: number, column: number): [number, number] {
  const { starts, columns, re, im } = generator;
  for (let e = starts[row]; e < starts[row + 1]; e++) {
    if (columns[e] === column) return [re[e], im[e]];
  }
  return [0, 0];
}

function single(system: KetSystem, c: number): BlockPropagator {
  const [decay, frequency] = element(system, c, c);
  return {
    prepare: (re, im) => {
      const [x, y] = [re[c], im[c]];
      return {
        reach: Number.POSITIVE_INFINITY,
        evaluate: (s, outRe, outIm) => {
          const size = Math.exp(decay * s);
          const [cos, sin] = [Math.cos(frequency * s), Math.sin(frequency * s)];
          outRe[c] = size * (cos * x - sin * y);
          outIm[c] = size * (cos * y + sin * x);
        },
      };
    },
  };
}

/** The square root with a real part that is not negative. */
function complexRoot(re: number, im: number): [number, number] {
  const size = Math.hypot(re, im);
  const a = Math.sqrt((size + Math.abs(re)) / 2);
  if (a === 0) return [0, 0];
  const b = Math.abs(im) / (2 * a);
  return re >= 0 ? [a, im >= 0 ? b : -b] : [b, im >= 0 ? a : -a];
}

/** e^{Gs} = e^{ms}(cosh σs + M sinh(σs)/σ), m half the trace of G, M = G − m, M² = σ². */
function pair(system: KetSystem, i: number, j: number): BlockPropagator {
  const [iiRe, iiIm] = element(system, i, i);
  const [jjRe, jjIm] = element(system, j, j);
  const [bRe, bIm] = element(system, i, j);
  const [cRe, cIm] = element(system, j, i);
  const [mRe, mIm] = [(iiRe + jjRe) / 2, (iiIm + jjIm) / 2];
  const [pRe, pIm] = [(iiRe - jjRe) / 2, (iiIm - jjIm) / 2];
  const squareRe = pRe * pRe - pIm * pIm + bRe * cRe - bIm * cIm;
  const squareIm = 2 * pRe * pIm + bRe * cIm + bIm * cRe;
  const [sRe, sIm] = complexRoot(squareRe, squareIm);
  const size = Math.hypot(sRe, sIm);
  return {
    prepare: (re, im) => {
      const [u, v, x, y] = [re[i], im[i], re[j], im[j]];
      // Mψ
      const iRe = pRe * u - pIm * v + bRe * x - bIm * y;
      const iIm = pRe * v + pIm * u + bRe * y + bIm * x;
      const jRe = cRe * u - cIm * v - pRe * x + pIm * y;
      const jIm = cRe * v + cIm * u - pRe * y - pIm * x;
      return {
        reach: Number.POSITIVE_INFINITY,
        evaluate: (s, outRe, outIm) => {
          const grow = Math.exp((mRe + sRe) * s);
          const fall = Math.exp((mRe - sRe) * s);
          const fast = (mIm + sIm) * s;
          const slow = (mIm - sIm) * s;
          const [plusRe, plusIm] = [grow * Math.cos(fast), grow * Math.sin(fast)];
          const [minusRe, minusIm] = [fall * Math.cos(slow), fall * Math.sin(slow)];
          const coshRe = (plusRe + minusRe) / 2;
          const coshIm = (plusIm + minusIm) / 2;
          let sinhRe: number;
          let sinhIm: number;
          if (size * s < SMALL) {
            // s(1 + z/6 + z²/120 + z³/5040), z = (σs)².
            const [zRe, zIm] = [squareRe * s * s, squareIm * s * s];
            const [aRe, aIm] = [1 / 120 + zRe / 5040, zIm / 5040];
            const [dRe, dIm] = [1 / 6 + zRe * aRe - zIm * aIm, zRe * aIm + zIm * aRe];
            const [fRe, fIm] = [s * (1 + zRe * dRe - zIm * dIm), s * (zRe * dIm + zIm * dRe)];
            const middle = Math.exp(mRe * s);
            const [eRe, eIm] = [middle * Math.cos(mIm * s), middle * Math.sin(mIm * s)];
            sinhRe = eRe * fRe - eIm * fIm;
            sinhIm = eRe * fIm + eIm * fRe;
          } else {
            const [dRe, dIm] = [(plusRe - minusRe) / 2, (plusIm - minusIm) / 2];
            sinhRe = (dRe * sRe + dIm * sIm) / (size * size);
            sinhIm = (dIm * sRe - dRe * sIm) / (size * size);
          }
          outRe[i] = coshRe * u - coshIm * v + sinhRe * iRe - sinhIm * iIm;
          outIm[i] = coshRe * v + coshIm * u + sinhRe * iIm + sinhIm * iRe;
          outRe[j] = coshRe * x - coshIm * y + sinhRe * jRe - sinhIm * jIm;
          outIm[j] = coshRe * y + coshIm * x + sinhRe * jIm + sinhIm * jRe;
        },
      };
    },
  };
}

/** Taylor's series about the mean frequency of the block, which is taken out exactly. */
function many({ generator, dimension }: KetSystem, members: Int32Array): BlockPropagator {
  const { starts, columns, re: gRe, im: gIm } = generator;
  const n = members.length;
  const place = new Int32Array(dimension).fill(-1);
  members.forEach((c, at) => {
    place[c] = at;
  });
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const c of members) {
    for (let e = starts[c]; e < starts[c + 1]; e++) {
      if (columns[e] !== c) continue;
      low = Math.min(low, gIm[e]);
      high = Math.max(high, gIm[e]);
    }
  }
  const centre = (low + high) / 2;
  let norm = 0;
  for (const c of members) {
    let sum = 0;
    for (let e = starts[c]; e < starts[c + 1]; e++) {
      sum += Math.hypot(gRe[e], gIm[e] - (columns[e] === c ? centre : 0));
    }
    norm = Math.max(norm, sum);
  }
  // Of the latest state that was prepared: coefficient k of component m at k·n + m.
  const taylorRe = new Float64Array((TERMS + 1) * n);
  const taylorIm = new Float64Array((TERMS + 1) * n);
  return {
    prepare: (re, im) => {
      members.forEach((c, at) => {
        taylorRe[at] = re[c];
        taylorIm[at] = im[c];
      });
      for (let k = 1; k <= TERMS; k++) {
        const from = (k - 1) * n;
        for (let at = 0; at < n; at++) {
          const c = members[at];
          let sumRe = centre * taylorIm[from + at];
          let sumIm = -centre * taylorRe[from + at];
          for (let e = starts[c]; e < starts[c + 1]; e++) {
            const x = taylorRe[from + place[columns[e]]];
            const y = taylorIm[from + place[columns[e]]];
            sumRe += gRe[e] * x - gIm[e] * y;
            sumIm += gRe[e] * y + gIm[e] * x;
          }
          taylorRe[k * n + at] = sumRe / k;
          taylorIm[k * n + at] = sumIm / k;
        }
      }
      return {
        reach: STRETCH / norm,
        evaluate: (s, outRe, outIm) => {
          const [cos, sin] = [Math.cos(centre * s), Math.sin(centre * s)];
          for (let at = 0; at < n; at++) {
            let x = taylorRe[TERMS * n + at];
            let y = taylorIm[TERMS * n + at];
            for (let k = TERMS - 1; k >= 0; k--) {
              x = taylorRe[k * n + at] + s * x;
              y = taylorIm[k * n + at] + s * y;
            }
            outRe[members[at]] = cos * x - sin * y;
            outIm[members[at]] = cos * y + sin * x;
          }
        },
      };
    },
  };
}

/** A propagator for each block, made when it is first asked for. */
export function propagators(system: KetSystem): (block: number) => BlockPropagator {
  const known: BlockPropagator[] = [];
  return (block) => {
    if (known[block] === undefined) {
      const members = system.blocks[block];
      if (members.length === 1) known[block] = single(system, members[0]);
      else if (members.length === 2) known[block] = pair(system, members[0], members[1]);
      else known[block] = many(system, members);
    }
    return known[block];
  };
}
