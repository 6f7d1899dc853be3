/** Which part of a joint system an operator acts on: the system, one of the units that come fresh, or several. */
import type { Subsystems } from '../machine/description/subsystems.js';
import type { Operator } from '../operators/operator.js';

/** 'system' where it is the identity on every unit, a unit's place where it acts on that alone. */
export type ActsOn = 'system' | 'both' | number;

/** A number of an operator, by levels. */
const valueAt = ({ coefficient, table }: Operator['transitions'][number], i: number) => {
  const [a, b] = table === null ? [1, 0] : [table.re[i], table.im?.[i] ?? 0];
  return [coefficient.re * a - coefficient.im * b, coefficient.re * b + coefficient.im * a];
};

/** Differences beside the largest number that are rounding. */
const SAME = 1e-12;

/**
 * Whether an operator is the identity on some of the subsystems: it leaves their levels, and its numbers do not depend
 * on them.
 */
function isIdentityOn(x: Operator, subsystems: Subsystems, places: readonly number[]): boolean {
  const { size } = x.window;
  const all = subsystems.all.map((_, at) => at);
  const others = all.filter((at) => !places.includes(at));
  const copies = places.reduce((n, at) => n * subsystems.all[at].levels.length, 1);
  const groups = new Map<string, { count: number; first: Operator['transitions'][number] }>();
  let largest = 0;
  let stray = 0;
  for (const transition of x.transitions) {
    const { to, from, shift } = transition;
    const stays = places.every((at) => subsystems.levelOf(at, to) === subsystems.levelOf(at, from));
    const key = [
      ...others.flatMap((at) => [to, from].map((s) => subsystems.levelOf(at, s))),
      shift,
    ];
    const found = groups.get(key.join());
    if (found === undefined) groups.set(key.join(), { count: 1, first: transition });
    else found.count++;
    for (let i = 0; i < size; i++) {
      const [re, im] = valueAt(transition, i);
      const [a, b] = found === undefined ? [re, im] : valueAt(found.first, i);
      largest = Math.max(largest, Math.hypot(re, im));
      stray = Math.max(stray, stays ? Math.hypot(re - a, im - b) : Math.hypot(re, im));
    }
  }
  const isWhole = [...groups.values()].every(({ count }) => count === copies);
  return stray <= SAME * largest && (isWhole || largest === 0);
}

/** Whether an operator does nothing to the ladder. */
const isLevelFree = (x: Operator): boolean =>
  x.transitions.every((transition) => {
    if (transition.shift !== 0) return false;
    const [re, im] = valueAt(transition, 0);
    for (let i = 1; i < x.window.size; i++) {
      const [a, b] = valueAt(transition, i);
      if (Math.hypot(a - re, b - im) > SAME * Math.hypot(re, im)) return false;
    }
    return true;
  });

/** @param units places of the subsystems that come fresh */
export function actsOn(x: Operator, subsystems: Subsystems, units: readonly number[]): ActsOn {
  if (isIdentityOn(x, subsystems, units)) return 'system';
  const all = subsystems.all.map((_, at) => at);
  if (!isLevelFree(x)) return 'both';
  const alone = units.find((unit) =>
    isIdentityOn(
      x,
      subsystems,
      all.filter((at) => at !== unit),
    ),
  );
  return alone ?? 'both';
}
