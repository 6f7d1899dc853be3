/** A state against its equations as WebAssembly, all of it in one call: what `judged` says, to the same bits. */
import { br, call, f64, func, i32, if_, local, loop, memory as memoryOf, v128 } from 'wasmati';
import { nothing } from '../whileLess.js';
import { BETTER, BETTER_BOUNDS } from './coherenceErrors.js';
import { derive } from './deriveKernel.js';
import {
  couplings,
  ofPopulations,
  refine,
  solve,
  solveNext,
  spread,
  squares,
  system,
} from './judgeKernel.js';
import { add, addMagnitudes, addSizes, resonance, turn } from './runKernel.js';

const NUMBER = 8;
const ADDRESS = 4;

/** Where everything is, and how far apart, in bytes, in the order in which it stands in memory. */
const PLAN = [
  // A state, the same unknown by unknown, magnitudes of 𝓛 times it, and errors; what runs lead to, unknown by unknown, and the magnitudes of that.
  ...['x', 'columns', 'magnitudes', 'errors', 'sums'],
  // Bytes of a vector, of a site in it, of the pairs of a site, of the same unknown of all sites, and of all pairs.
  ...['vector', 'width', 'paired', 'unknown', 'pairs'],
  // The blocks of pairs, how long they are, and from one site's to the next one's.
  ...['blocks', 'blocksLength', 'blocksStep'],
  // Couplings to real parts and to imaginary ones, how long each is, from row to row and from site to site.
  ...['band', 'bandLength', 'row', 'couplingStep', 'reach', 'diagonal'],
  // Moduli, where those of pairs end, how long they are with what is behind them, and what is brought to pairs.
  ...['bound', 'boundEnd', 'boundLength', 'among'],
  // Records of stretches of the map, and of runs, from one address to another.
  ...['all', 'allEnd', 'within', 'withinEnd', 'resonant', 'resonantEnd'],
  ...['coupled', 'coupledEnd', 'brought', 'broughtEnd'],
] as const;
export type Plan = Readonly<Record<(typeof PLAN)[number], number>>;

/** Behind the plan: Σ|𝓛x|² and the same of its magnitudes, and the resonance. */
const FOUND = NUMBER * Math.ceil((ADDRESS * PLAN.length) / NUMBER);
export const JUDGED_BYTES = FOUND + 3 * NUMBER;

/** Puts a plan down. @returns where what is found will be */
export function putPlan(memory: WebAssembly.Memory, at: number, plan: Plan): Float64Array {
  new Int32Array(memory.buffer, at, PLAN.length).set(PLAN.map((name) => plan[name]));
  return new Float64Array(memory.buffer, at + FOUND, 3);
}

/** judged(plan, relative, ofEquation, isKnown): as SectorKernel has it. */
export const judged = func(
  { in: [i32, f64, f64, i32], locals: [i32, i32], out: [] },
  ([plan, relative, ofEquation, isKnown], [left, at]) => {
    const of = (name: (typeof PLAN)[number]) =>
      i32.load({ offset: ADDRESS * PLAN.indexOf(name) }, plan);
    const endOf = (name: 'x' | 'magnitudes' | 'errors') => i32.add(of(name), of('vector'));
    const empty = (address: () => void, bytes: () => void) => {
      address();
      i32.const(0);
      bytes();
      memoryOf.fill();
    };

    call(turn, [of('x'), of('columns'), endOf('x'), of('width'), of('width'), i32.const(0)]);
    call(derive, [of('all'), of('allEnd'), of('vector')]);
    local.get(plan);
    call(squares, [of('sums'), i32.add(of('sums'), of('unknown')), of('pairs'), of('vector')]);
    v128.store({ offset: FOUND });
    empty(
      () => of('blocks'),
      () => of('blocksLength'),
    );
    call(add, [of('within'), of('withinEnd'), of('blocksStep')]);
    local.get(plan);
    call(resonance, [of('resonant'), of('resonantEnd'), of('blocksStep')]);
    f64.store({ offset: FOUND + 2 * NUMBER });

    call(ofPopulations, [of('x'), endOf('x'), of('errors'), of('width'), of('paired'), relative]);
    of('paired');
    if_(nothing, () => {
      // Of the magnitudes those of pairs are all that is read.
      local.set(at, i32.add(of('sums'), of('vector')));
      call(turn, [
        at,
        of('magnitudes'),
        i32.add(at, of('pairs')),
        of('unknown'),
        of('unknown'),
        i32.sub(of('width'), of('paired')),
      ]);
      empty(
        () => of('band'),
        () => i32.mul(of('bandLength'), 2),
      );
      empty(
        () => of('bound'),
        () => of('boundLength'),
      );
      call(addSizes, [of('coupled'), of('coupledEnd'), of('couplingStep')]);
      of('band');
      i32.add(of('band'), of('bandLength'));
      i32.add(of('band'), of('bandLength'));
      call(couplings);
      call(system, [
        of('magnitudes'),
        endOf('magnitudes'),
        of('width'),
        of('paired'),
        of('blocks'),
        of('row'),
        of('bound'),
        of('diagonal'),
        ofEquation,
      ]);
      i32.eq(of('reach'), 1);
      if_(
        { in: [], out: [i32] },
        () => call(solveNext, [of('diagonal'), of('bound'), of('boundEnd')]),
        () => call(solve, [of('diagonal'), of('bound'), of('boundEnd'), of('row'), of('reach')]),
      );
      i32.eqz();
      if_(nothing, () => {
        local.set(at, of('bound'));
        loop(nothing, (again) => {
          f64.store({}, at, f64.const(Number.POSITIVE_INFINITY));
          local.set(at, i32.add(at, NUMBER));
          i32.lt_u(at, of('boundEnd'));
          if_(nothing, () => br(again));
        });
      });
      call(spread, [of('errors'), endOf('errors'), of('width'), of('paired'), of('bound')]);
      local.set(left, i32.mul(isKnown, BETTER_BOUNDS));
      loop(nothing, (again) => {
        local.get(left);
        if_(nothing, () => {
          local.set(left, i32.sub(left, 1));
          empty(
            () => of('among'),
            () => of('vector'),
          );
          call(addMagnitudes, [of('brought'), of('broughtEnd'), of('width')]);
          call(refine, [
            of('errors'),
            endOf('errors'),
            of('width'),
            of('paired'),
            of('magnitudes'),
            of('among'),
            of('blocks'),
            ofEquation,
            f64.const(BETTER),
          ]);
          if_(nothing, () => br(again));
        });
      });
    });
  },
);

export interface JudgedCode {
  readonly judged: (plan: number, relative: number, ofEquation: number, isKnown: number) => void;
}
