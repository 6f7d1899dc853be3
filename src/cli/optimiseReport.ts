/** What `qmill optimise` prints: one object for programs, lines for people. */

import type { Candidate, Optimised, OptimiseRequest } from '../simulate/optimise.js';
import type { Certificate } from '../simulate/optimumCertificate.js';
import { parametersInWords } from './words.js';

const candidate = ({ parameters, value, error, against }: Candidate) => ({
  parameters,
  value,
  error: Number.isNaN(error) ? null : error,
  against: against?.value ?? null,
});

function problemsOf({ complete, certificate, best }: Optimised): string[] {
  if (!complete) return [];
  if (certificate === null) {
    return [
      best.constraints.some(({ margin }) => margin < 0)
        ? 'no start fulfils the constraints'
        : 'no search came to its end: the best device that was seen',
    ];
  }
  if (certificate.isLocalOptimum) return [];
  const { gradientNorm, violation, curvature } = certificate;
  return [
    `the best device is not shown to be a local optimum: gradient ${gradientNorm.toExponential(1)}, ` +
      `violation ${violation.toExponential(1)}, smallest curvature ${curvature?.smallest.toExponential(1) ?? '–'}`,
  ];
}

/**
 * The object that `qmill optimise --json` prints.
 * @param head model or machine, and parameters
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function optimiseReport(
  head: Readonly<Record<string, unknown>>,
  { problem, starts, seed }: OptimiseRequest,
  found: Optimised,
  begin: number,
) {
  const [objective, against] = problem.objectives;
  const { best, certificate, ends, front, evaluations, complete } = found;
  const problems = problemsOf(found);
  return {
    ...head,
    backend: { name: 'cpu', adapter: null, precision: 'f64' as const },
    solver: {
      method: 'sequential quadratic programming' as const,
      gradients: problem.gradients,
      converged: complete && problems.length === 0,
      problems,
      starts,
      seed,
      evaluations,
      seconds: (performance.now() - begin) / 1000,
    },
    sense: objective.sense,
    objective: objective.text,
    secondObjective: against?.text ?? null,
    over: Object.fromEntries(
      problem.space.axes.map(({ name, from, to, scale }) => [name, { from, to, scale }]),
    ),
    best: { ...candidate(best), startsThere: best.starts, constraints: best.constraints },
    certificate,
    ends: ends.map((one) => ({ ...candidate(one), from: one.from, ended: one.ended })),
    pareto: front.map((one) => ({
      ...candidate(one),
      gradientNorm: one.gradientNorm,
      ended: one.ended,
    })),
    complete,
  };
}

type Report = ReturnType<typeof optimiseReport>;

const show = (value: number, digits = 10): string => String(Number(value.toPrecision(digits)));

function certificateLines(certificate: Certificate): string[] {
  const { gradientNorm, violation, bounds, curvature, observables, wider, window } = certificate;
  const names = Object.entries(observables).map(([name, { value, digits }]) => {
    const known = digits === null ? '' : `, ${digits} digits`;
    return `  ${name} = ${show(value, 12)}${known}`;
  });
  const held = bounds.map(({ parameter, at, pull }) => `${parameter} at ${at} (${show(pull, 3)})`);
  return [
    `certificate  ${certificate.isLocalOptimum ? 'a local optimum' : 'not shown to be a local optimum'}`,
    `  gradient left ${gradientNorm.toExponential(1)} of the value across the box, violation ${violation.toExponential(1)}`,
    ...(held.length === 0 ? [] : [`  held by bounds: ${held.join(', ')}`]),
    curvature === null
      ? '  no direction is left free'
      : `  curvatures from ${show(curvature.smallest, 4)} to ${show(curvature.largest, 4)} of the value across the box`,
    ...names,
    `  window [${window.lmin}, ${window.lmax}], residual ${certificate.relativeResidual.toExponential(1)}`,
    ...(wider === null
      ? []
      : [`  on [${wider.lmin}, ${wider.lmax}] it is ${show(wider.value, 12)}`]),
  ];
}

/** The same for people. */
export function describeOptimum(report: Report): string {
  const { best, certificate, solver, over, sense, objective, secondObjective, pareto } = report;
  const error = best.error === null ? '' : ` ± ${best.error.toExponential(1)}`;
  const box = Object.entries(over).map(
    ([name, { from, to, scale }]) =>
      `${name} in [${from}, ${to}]${scale === 'logarithmic' ? ' (log)' : ''}`,
  );
  const lines = [
    `${sense === 'minimise' ? 'least' : 'largest'} ${objective} = ${show(best.value, 12)}${error}`,
    `at           ${parametersInWords(best.parameters, 8)}`,
    `over         ${box.join(', ')}`,
    ...best.constraints.map(
      ({ text, margin, isActive, multiplier }) =>
        `where        ${text}: margin ${show(margin, 3)}${isActive ? `, active, multiplier ${show(multiplier, 4)}` : ''}`,
    ),
    `starts       ${best.startsThere} of ${solver.starts} ended there (seed ${solver.seed}); ` +
      `${solver.evaluations} devices, gradients by ${solver.gradients === 'adjoint' ? 'the adjoint' : 'differences'}`,
    ...(certificate === null ? [] : certificateLines(certificate)),
  ];
  if (secondObjective !== null) {
    lines.push('', `Pareto front: ${objective}, ${secondObjective}, at`);
    for (const one of pareto) {
      lines.push(
        `  ${show(one.value).padEnd(16)}${show(one.against ?? Number.NaN).padEnd(16)}${parametersInWords(one.parameters, 8)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
