/** Heat and work of a steady state of the global model, from its populations between eigenstates of H_S. */
import type { BareElements, EigenstateElements } from '../generator/eigenstateMatrix.js';
import type { EigenstateRates, EigenstateTransitions } from '../model/eigenstateRates.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { HeatFlows } from './heat.js';
import { type WorkFlows, workOf } from './work.js';

/** What a bath gives to a link: quanta of its direct and of its crossed transitions. */
interface Taken {
  direct: number;
  crossed: number;
  /** To D and to E. */
  upper: number;
  lower: number;
  /** Flows in both directions. */
  directGross: number;
  crossedGross: number;
}

/** @param upper the population that goes down by the direct transition, lower the other one */
function taken(
  { directDown, directUp, crossedDown, crossedUp }: EigenstateTransitions,
  i: number,
  upper: number,
  lower: number,
  none: number,
  both: number,
): Taken {
  const upperDirect = directUp[i] * none - directDown[i] * upper;
  const lowerDirect = directDown[i] * both - directUp[i] * lower;
  const lowerCrossed = crossedUp[i] * none - crossedDown[i] * lower;
  const upperCrossed = crossedDown[i] * both - crossedUp[i] * upper;
  return {
    direct: upperDirect - lowerDirect,
    crossed: lowerCrossed - upperCrossed,
    upper: upperDirect + upperCrossed,
    lower: lowerDirect + lowerCrossed,
    directGross: directUp[i] * (none + lower) + directDown[i] * (both + upper),
    crossedGross: crossedUp[i] * (none + upper) + crossedDown[i] * (both + lower),
  };
}

/**
 * The flows of a steady state, Eqs. (21), (23), (25), (29).
 *
 * n_2 + l is conserved by all but bath 2 and the load, and n_1 + n_2 by all but the two baths: the quanta that
 * bath 1 gives and bath 2 takes, less those of other energies than 2B_i, are the angular momentum that the load
 * takes. Between two levels it is a difference of two flows of the load, or what crosses there by all the rest:
 * the crossed transitions, and what the mixing of D and E adds. Of the two the one that cancels least is
 * taken, level by level. The direct transitions, whose flows in both directions are the largest by far, count
 * with the small difference alone by which the interaction shifts their energy.
 */
export function eigenstateFlows(
  { window, cosine, sine, splitting, directShift, crossedShift, ...rates }: EigenstateRates,
  { both, upper, lower, none, re, im }: EigenstateElements,
  bare: BareElements,
  { B1, B2, I, lambda }: DeviceParameters,
): { readonly heat: HeatFlows; readonly work: WorkFlows } {
  const { bath1, bath2, loadUp, loadDown } = rates;
  let current = 0;
  let kinetic = 0;
  let shifted1 = 0;
  let shifted2 = 0;
  let Wr = 0;
  let turning = 0;
  for (let i = 0; i < window.size - 1; i++) {
    const c = cosine[i];
    const s = sine[i];
    const [x, y] = [re[i], im[i]];
    const [d, e] = [upper[i + 1], lower[i]];
    const first = taken(bath1, i, d, e, none[i + 1], both[i]);
    const second = taken(bath2, i, e, d, none[i], both[i + 1]);
    shifted1 += directShift[i] * first.direct + crossedShift[i] * first.crossed;
    shifted2 -= directShift[i] * second.direct + crossedShift[i] * second.crossed;

    const decay = (decayOf(bath1, i) + decayOf(bath2, i)) / 2;
    const mixing = s * s * (first.upper + second.lower - first.lower - second.upper);
    const damping = -2 * c * s * decay * x;
    const precession = 2 * c * s * splitting[i] * y;
    const crossing = first.crossed - second.crossed + mixing + damping + precession;
    const gross =
      (1 + s * s) * (first.crossedGross + second.crossedGross) +
      s * s * (first.directGross + second.directGross) +
      Math.abs(damping) +
      Math.abs(precession);
    const rise = loadUp[i] ** 2 * (both[i] + none[i] + bare.p10[i] + bare.p01[i]);
    const above = both[i + 1] + none[i + 1] + bare.p10[i + 1] + bare.p01[i + 1];
    const fall = loadDown[i + 1] ** 2 * above;
    const flow = rise + fall < gross ? rise - fall : crossing;
    current += flow;
    kinetic += (2 * (window.lmin + i) + 1) * flow;

    const upStep = loadUp[i + 1] - loadUp[i];
    const downStep = loadDown[i + 1] - loadDown[i];
    Wr -= lambda * bare.re[i] * (upStep * upStep + downStep * downStep);
    turning += (directShift[i] + crossedShift[i]) * y;
  }
  return {
    heat: {
      Q1: 2 * B1 * current + shifted1,
      Q2: -2 * B2 * current + shifted2,
      Qr: kinetic / (2 * I),
    },
    work: workOf('global', 2 * lambda * turning - Wr, Wr, 0),
  };
}

const decayOf = (
  { directDown, directUp, crossedDown, crossedUp }: EigenstateTransitions,
  i: number,
): number => directDown[i] + directUp[i] + crossedDown[i] + crossedUp[i];
