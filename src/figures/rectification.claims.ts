/** The paper's statements about Figs. 4 and 5 (Sec. IV B), each looked for in the computation. */
import { deviceParameters, truncation } from '../model/parameters.js';
import { steadyObservables, steadyState } from '../simulate/steady.js';
import { type Claim, claimAbout, statementsOf } from './claims.js';
import { type RectificationScan, rectificationAt } from './rectificationScan.js';
import { figure2Parameters } from './temperatureScan.js';

const coldest = (scan: RectificationScan): number =>
  Math.max(...scan.points.map(({ beta2 }) => beta2));
const hottest = (scan: RectificationScan): number =>
  Math.min(...scan.points.map(({ beta2 }) => beta2));

const middleOf = (scan: RectificationScan): number =>
  [...new Set(scan.points.map(({ beta2 }) => beta2))][1];

function optimum(
  scan: RectificationScan,
  quantity: 'heat' | 'angular',
  beta2: number,
  alpha: number,
) {
  const found = scan.optima.find(
    (o) => o.quantity === quantity && o.beta2 === beta2 && o.alpha === alpha,
  );
  if (found === undefined) throw new Error(`no optimum of ${quantity} at α = ${alpha}`);
  return found;
}

/** The fields of both qubits, and the asymmetries of their couplings, at which the statement is looked at. */
const EQUAL_FIELD = 4;
const ASYMMETRIES = [0, 0.5, 0.9] as const;
const EQUAL_FIELD_BETA2 = 0.02;

/** The introduction: without different splittings there is no rectification. */
function equalFieldClaims(): Claim[] {
  const none = 1e-6;
  return ASYMMETRIES.map((chi) => {
    const { R } = rectificationAt({
      B1: EQUAL_FIELD,
      B2: EQUAL_FIELD,
      beta2: EQUAL_FIELD_BETA2,
      chi,
    });
    return claimAbout('4', {
      claim: `qubits of equal splittings do not rectify heat, χ = ${chi}`,
      found: R,
      meaning: `R at B1 = B2 = ${EQUAL_FIELD}, β2 = ${EQUAL_FIELD_BETA2}`,
      tolerance: `below ${none.toExponential()}`,
      holds: R < none,
    });
  });
}

/** App. A: the two models are the same as λ → 0. Fig. 2's device at β2/β1 = 0.3. */
const COUPLINGS = [0.1, 0.01, 0.001] as const;
const COINCIDE = 0.01;
const COINCIDING_POPULATIONS = 1e-3;

function weakCouplingClaims(): Claim[] {
  const window = truncation({ lmin: -20, lmax: 40 });
  const at = (model: 'local' | 'global', lambda: number) => {
    const beta2 = 0.3 * figure2Parameters.beta1;
    const cutoff = model === 'global' ? 'max-bohr' : undefined;
    const device = deviceParameters({ ...figure2Parameters, beta2, model, lambda, cutoff });
    return steadyObservables(steadyState(device, window), window);
  };
  const pairs = COUPLINGS.map((lambda) => [at('global', lambda), at('local', lambda)] as const);
  const ratios = pairs.map(([global, local]) => global.heat.Q2 / local.heat.Q2);
  const [global, local] = pairs[pairs.length - 1];
  const smallest = COUPLINGS[COUPLINGS.length - 1];
  const difference = Math.max(
    ...global.qubits.populations.map((p, k) => Math.abs(p - local.qubits.populations[k])),
  );
  return [
    claimAbout('4', {
      claim: 'App. A: the global model becomes the local one as λ → 0, in its heat',
      paper: 1,
      found: ratios[ratios.length - 1],
      meaning:
        `Q2 of the global over the local model at λ = ${smallest}; before, ` +
        ratios
          .slice(0, -1)
          .map((ratio, k) => `${ratio.toPrecision(3)} at ${COUPLINGS[k]}`)
          .join(', '),
      tolerance: `± ${COINCIDE}`,
      holds: Math.abs(ratios[ratios.length - 1] - 1) <= COINCIDE,
    }),
    claimAbout('4', {
      claim: 'the same, in the populations of the qubits',
      paper: 0,
      found: difference,
      meaning: `largest difference of a population at λ = ${smallest}`,
      tolerance: `below ${COINCIDING_POPULATIONS.toExponential()}`,
      holds: difference < COINCIDING_POPULATIONS,
    }),
  ];
}

export function figure4Claims(scan: RectificationScan): Claim[] {
  const middle = middleOf(scan);
  const largestJ = optimum(scan, 'heat', middle, 0);
  const largestR = optimum(scan, 'heat', middle, 1);
  const ratio = (alpha: number, of: 'R' | 'J') =>
    optimum(scan, 'heat', hottest(scan), alpha).heat[of] /
    optimum(scan, 'heat', coldest(scan), alpha).heat[of];
  const row = statementsOf('4');
  return [
    row(
      'J rises with χ to a maximum, then falls',
      largestJ.chi,
      `χ of the largest J at β2 = ${middle}`,
      'from 0.01 to 0.99',
      largestJ.chi > 0.01 && largestJ.chi < 0.99,
    ),
    row(
      'R turns after J',
      largestR.chi,
      `χ of the largest R at β2 = ${middle}`,
      `above ${largestJ.chi.toFixed(3)}`,
      largestR.chi > largestJ.chi,
    ),
    row(
      'a hotter bath gives a much larger maximum of Γ_0 = J',
      ratio(0, 'J'),
      `ratio of the maxima at β2 = ${hottest(scan)} and ${coldest(scan)}`,
      'above 2',
      ratio(0, 'J') > 2,
    ),
    row(
      'and only a slightly larger maximum of Γ_1 = R',
      ratio(1, 'R'),
      `ratio of the maxima at β2 = ${hottest(scan)} and ${coldest(scan)}`,
      'from 1 to 1.5',
      ratio(1, 'R') > 1 && ratio(1, 'R') < 1.5,
    ),
    ...equalFieldClaims(),
    ...weakCouplingClaims(),
  ];
}

export function figure5Claims(scan: RectificationScan): Claim[] {
  const ratio = (alpha: number, of: 'R' | 'J') =>
    optimum(scan, 'angular', hottest(scan), alpha).angular[of] /
    optimum(scan, 'angular', coldest(scan), alpha).angular[of];
  const meaning = `ratio of the maxima at β2 = ${hottest(scan)} and ${coldest(scan)}`;
  const middle = middleOf(scan);
  const signed = (beta2: number) => optimum(scan, 'angular', beta2, 0).angularSigned.R;
  const beyondOne = Math.max(
    ...scan.points.map(({ angularSigned }) => angularSigned.R).filter(Number.isFinite),
  );
  const largestMagnitude = Math.max(...scan.points.map((point) => point.angular.R));
  const [ofSigned, ofMagnitude] = [signed(middle) / signed(hottest(scan)), ratio(1, 'R')];
  return [
    claimAbout('5', {
      claim: 'a hotter bath gives a larger angular momentum',
      found: ratio(0, 'J'),
      meaning,
      tolerance: 'above 1',
      holds: ratio(0, 'J') > 1,
    }),
    claimAbout('5', {
      claim: 'a colder hot bath can give a slightly larger R_angular',
      found: ofSigned,
      meaning:
        `ratio at β2 = ${middle} and ${hottest(scan)}, Eq. (42) as printed, each at its largest J; ` +
        `of the magnitudes, at their largest, R falls (ratio ${ofMagnitude.toFixed(4)} of hot to cold)`,
      tolerance: 'above 1 as printed, below 1 of the magnitudes',
      holds: [ofSigned > 1, ofMagnitude < 1],
    }),
    claimAbout('5', {
      claim: 'R_angular, Eq. (42), is a coefficient between 0 and 1',
      paper: 1,
      found: beyondOne,
      meaning: 'largest R_angular on the curves with (42) as printed',
      tolerance: 'at most 1 as printed, or of the magnitudes',
      holds: [beyondOne <= 1, largestMagnitude <= 1],
    }),
  ];
}
