/** The paper's statements about Figs. 4 and 5 (Sec. IV B), each looked for in the computation. */
import type { Claim } from './claims.js';
import type { RectificationScan } from './rectificationScan.js';

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

export function figure4Claims(scan: RectificationScan): Claim[] {
  const middle = middleOf(scan);
  const largestJ = optimum(scan, 'heat', middle, 0);
  const largestR = optimum(scan, 'heat', middle, 1);
  const ratio = (alpha: number, of: 'R' | 'J') =>
    optimum(scan, 'heat', hottest(scan), alpha).heat[of] /
    optimum(scan, 'heat', coldest(scan), alpha).heat[of];
  const row = (claim: string, found: number, meaning: string, agrees: boolean): Claim => ({
    figure: '4',
    claim,
    paper: null,
    found,
    meaning,
    agrees,
  });
  return [
    row(
      'J rises with χ to a maximum, then falls',
      largestJ.chi,
      `χ of the largest J at β2 = ${middle}`,
      largestJ.chi > 0.01 && largestJ.chi < 0.99,
    ),
    row(
      'R turns after J',
      largestR.chi,
      `χ of the largest R at β2 = ${middle}`,
      largestR.chi > largestJ.chi,
    ),
    row(
      'a hotter bath gives a much larger maximum of Γ_0 = J',
      ratio(0, 'J'),
      `ratio of the maxima at β2 = ${hottest(scan)} and ${coldest(scan)}`,
      ratio(0, 'J') > 2,
    ),
    row(
      'and only a slightly larger maximum of Γ_1 = R',
      ratio(1, 'R'),
      `ratio of the maxima at β2 = ${hottest(scan)} and ${coldest(scan)}`,
      ratio(1, 'R') > 1 && ratio(1, 'R') < 1.5,
    ),
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
  return [
    {
      figure: '5',
      claim: 'a hotter bath gives a larger angular momentum',
      paper: null,
      found: ratio(0, 'J'),
      meaning,
      agrees: ratio(0, 'J') > 1,
    },
    {
      figure: '5',
      claim: 'a colder hot bath can give a slightly larger R_angular',
      paper: null,
      found: signed(middle) / signed(hottest(scan)),
      meaning: `ratio at β2 = ${middle} and ${hottest(scan)}, Eq. (42) as printed, each at its largest J`,
      agrees: signed(middle) > signed(hottest(scan)),
    },
    {
      figure: '5',
      claim: 'the same, R_angular of the magnitudes as in the figure here',
      paper: null,
      found: ratio(1, 'R'),
      meaning,
      agrees: ratio(1, 'R') < 1,
    },
    {
      figure: '5',
      claim: 'R_angular, Eq. (42), is a coefficient between 0 and 1',
      paper: 1,
      found: beyondOne,
      meaning: 'largest R_angular on the curves with (42) as printed',
      agrees: beyondOne <= 1,
    },
  ];
}
