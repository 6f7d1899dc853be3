/**
 * The zero-charge sector of a Lindbladian, in real numbers, channel by channel.
 *
 * Which classes it has, and where each rule acts, depends on the window and the shape of the rules
 * alone. So it is found once, kept, and found again for the next device by comparing shapes.
 */
import type { Basis } from '../model/basis.js';
import type { OpenSystem } from '../model/device.js';
import type { Transition } from '../model/operator.js';
import { couplingDraft, drawCoupling, joinAlike, type Place, placesOf } from './generator.js';
import {
  HermitianBands,
  type HermitianGenerator,
  type HermitianLayout,
  hermitianLayout,
} from './hermitian.js';
import {
  allRules,
  type ChannelRules,
  eachChannel,
  lindbladRules,
  type PerChannel,
} from './lindbladian.js';
import type { Rule } from './rules.js';
import { reachableSpace } from './search.js';

export interface HermitianSector {
  readonly layout: HermitianLayout;
  readonly channels: PerChannel<HermitianGenerator>;
}

/** What a sector has in common with those of other devices. */
interface Plan {
  readonly basis: Basis;
  /** By channel: what classes its rules act on and where they send them, three integers for a rule. */
  readonly shapes: PerChannel<Int32Array>;
  readonly layout: HermitianLayout;
  readonly places: PerChannel<readonly Place[]>;
  /** Overwritten by each device that the plan is used for. */
  readonly channels: PerChannel<HermitianBands>;
}

/** The plans used last; a sweep needs one, or one for each window. */
const plans: Plan[] = [];
const MOST_PLANS = 16;

/** What a rule does to one side, as an integer; −1 for nothing. */
const side = (t: Transition | null, { states, window: { size } }: Basis): number =>
  t === null ? -1 : ((t.shift + size) * states + t.to) * states + t.from;

function shapeOf(rules: readonly Rule[], basis: Basis): Int32Array {
  return Int32Array.from(
    rules.flatMap(({ ket, bra, delta }) => [
      side(ket, basis),
      side(bra, basis),
      delta === null ? -1 : delta + basis.window.size,
    ]),
  );
}

function hasShape(rules: readonly Rule[], shape: Int32Array, basis: Basis): boolean {
  if (shape.length !== 3 * rules.length) return false;
  for (let i = 0, at = 0; i < rules.length; i++, at += 3) {
    const { ket, bra, delta } = rules[i];
    if (shape[at] !== side(ket, basis) || shape[at + 1] !== side(bra, basis)) return false;
    if (shape[at + 2] !== (delta === null ? -1 : delta + basis.window.size)) return false;
  }
  return true;
}

/** Overwritten by each look at a coupling. */
const draft = couplingDraft();
const draw = (places: readonly Place[], rules: readonly Rule[]) => (index: number) => {
  drawCoupling(draft, places[index], rules);
  return draft;
};

/** Whether the plan is the system's own; its bands then hold the system's numbers. */
function fits(
  { basis, shapes, places, channels }: Plan,
  { states, window: { lmin, lmax } }: Basis,
  rules: ChannelRules,
) {
  const { window } = basis;
  if (basis.states !== states || window.lmin !== lmin || window.lmax !== lmax) return false;
  let count = 0;
  for (const channel in rules) {
    // A channel that the plan does not have has no shape.
    if (shapes[channel] === undefined) return false;
    if (!hasShape(rules[channel], shapes[channel], basis)) return false;
    count++;
  }
  for (const _ in shapes) count--;
  if (count !== 0) return false;
  for (const channel in rules) {
    if (!joinAlike(places[channel], rules[channel])) return false;
    if (!channels[channel].write(draw(places[channel], rules[channel]))) return false;
  }
  return true;
}

function makePlan({ states, window }: Basis, rules: ChannelRules): Plan {
  const basis = { states, window };
  const space = reachableSpace(basis, allRules(rules));
  const layout = hermitianLayout(space);
  const places = eachChannel(rules, (own) => placesOf(space, own));
  return {
    basis,
    shapes: eachChannel(rules, (own) => shapeOf(own, basis)),
    layout,
    places,
    channels: eachChannel(
      places,
      (here, channel) => new HermitianBands(layout, here.length, draw(here, rules[channel])),
    ),
  };
}

function planFor(basis: Basis, rules: ChannelRules): Plan {
  for (let i = 0; i < plans.length; i++) {
    if (!fits(plans[i], basis, rules)) continue;
    const found = plans[i];
    if (i > 0) {
      plans.splice(i, 1);
      plans.unshift(found);
    }
    return found;
  }
  const made = makePlan(basis, rules);
  plans.unshift(made);
  if (plans.length > MOST_PLANS) plans.pop();
  return made;
}

/**
 * The sector of the populations. The next call overwrites its numbers: they are needed once, and memory
 * is dearer to get than to fill.
 * @throws {Error} when a coupling's conjugate class is not in it.
 */
export function hermitianSector(system: OpenSystem): HermitianSector {
  const { layout, channels } = planFor(system, lindbladRules(system));
  return { layout, channels };
}
