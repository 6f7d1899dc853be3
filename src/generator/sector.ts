/**
 * The zero-charge sector of a Lindbladian, in real numbers, channel by channel.
 *
 * Which classes it has, and where each rule acts, depends on the window and the shape of the rules
 * alone. So it is found once, kept, and found again for the next device by comparing shapes.
 */
import type { OpenSystem } from '../model/device.js';
import type { Transition } from '../model/operator.js';
import type { Window } from '../model/window.js';
import { couplingDraft, drawCoupling, joinAlike, type Place, placesOf } from './generator.js';
import {
  HermitianBands,
  type HermitianGenerator,
  type HermitianLayout,
  hermitianLayout,
} from './hermitian.js';
import {
  CHANNELS,
  type Channel,
  type ChannelRules,
  eachChannel,
  lindbladRules,
} from './lindbladian.js';
import type { Rule } from './rules.js';
import { reachableSpace } from './search.js';

export interface HermitianSector {
  readonly layout: HermitianLayout;
  readonly channels: Readonly<Record<Channel, HermitianGenerator>>;
}

/** What a sector has in common with those of other devices. */
interface Plan {
  readonly window: Window;
  /** Of each channel, what classes its rules act on and where they send them, three integers for a rule. */
  readonly shapes: Readonly<Record<Channel, Int32Array>>;
  readonly layout: HermitianLayout;
  readonly places: Readonly<Record<Channel, readonly Place[]>>;
  /** Overwritten by each device that the plan is used for. */
  readonly channels: Readonly<Record<Channel, HermitianBands>>;
}

/** The plans used last; a sweep needs one, or one for each window. */
const plans: Plan[] = [];
const MOST_PLANS = 16;

/** What a rule does to one side, as an integer; −1 for nothing. */
const side = (t: Transition | null, { size }: Window): number =>
  t === null ? -1 : (t.shift + size) * 16 + t.to * 4 + t.from;

function shapeOf(rules: readonly Rule[], window: Window): Int32Array {
  return Int32Array.from(
    rules.flatMap(({ ket, bra, delta }) => [
      side(ket, window),
      side(bra, window),
      delta === null ? -1 : delta + window.size,
    ]),
  );
}

function hasShape(rules: readonly Rule[], shape: Int32Array, window: Window): boolean {
  if (shape.length !== 3 * rules.length) return false;
  for (let i = 0, at = 0; i < rules.length; i++, at += 3) {
    const { ket, bra, delta } = rules[i];
    if (shape[at] !== side(ket, window) || shape[at + 1] !== side(bra, window)) return false;
    if (shape[at + 2] !== (delta === null ? -1 : delta + window.size)) return false;
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
  { window, shapes, places, channels }: Plan,
  { lmin, lmax }: Window,
  rules: ChannelRules,
) {
  if (window.lmin !== lmin || window.lmax !== lmax) return false;
  for (const channel of CHANNELS) {
    if (!hasShape(rules[channel], shapes[channel], window)) return false;
  }
  for (const channel of CHANNELS) {
    if (!joinAlike(places[channel], rules[channel])) return false;
    if (!channels[channel].write(draw(places[channel], rules[channel]))) return false;
  }
  return true;
}

function makePlan(window: Window, rules: ChannelRules): Plan {
  const space = reachableSpace(
    window,
    CHANNELS.flatMap((channel) => rules[channel]),
  );
  const layout = hermitianLayout(space);
  const places = eachChannel((channel) => placesOf(space, rules[channel]));
  return {
    window,
    shapes: eachChannel((channel) => shapeOf(rules[channel], window)),
    layout,
    places,
    channels: eachChannel((channel) => {
      const here = places[channel];
      return new HermitianBands(layout, here.length, draw(here, rules[channel]));
    }),
  };
}

function planFor(window: Window, rules: ChannelRules): Plan {
  for (let i = 0; i < plans.length; i++) {
    if (!fits(plans[i], window, rules)) continue;
    const found = plans[i];
    if (i > 0) {
      plans.splice(i, 1);
      plans.unshift(found);
    }
    return found;
  }
  const made = makePlan(window, rules);
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
  const { layout, channels } = planFor(system.window, lindbladRules(system));
  return { layout, channels };
}
