/** A device's Lindbladian on a space, split into what keeps the zero-charge sector and the rest. */
import type { Space } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import {
  type ChannelRules,
  chosenSpace,
  type Lindbladian,
  lindbladian,
  lindbladianOn,
  lindbladRules,
  type SpaceChoice,
} from '../generator/lindbladian.js';
import { nearestFirst } from '../generator/sectorDistance.js';
import { type Device, device } from '../model/device.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../model/window.js';
import { sectorSteadyState } from '../solve/sectorSteadyState.js';

export interface SplitLindbladian {
  readonly device: Device;
  readonly lindbladian: Lindbladian;
  /** The same device without potential, which keeps both charges of a state. */
  readonly symmetric: Generator;
  /** The classes of `lindbladian` are in the order of their distance from the populations. */
  readonly space: Space;
}

export function splitLindbladian(
  parameters: DeviceParameters,
  window: Window,
  choice: SpaceChoice,
): SplitLindbladian {
  const built = device(parameters, window);
  const rules = lindbladRules(built.system);
  const symmetricRules = lindbladRules(device({ ...parameters, V: 0 }, window).system);
  const found = chosenSpace(built.system, rules, choice);
  const on = (space: Space, of: ChannelRules) => lindbladianOn(space, of).total;
  const space = nearestFirst({ total: on(found, rules), symmetric: on(found, symmetricRules) });
  return {
    device: built,
    lindbladian: lindbladianOn(space, rules),
    symmetric: on(space, symmetricRules),
    space,
  };
}

/** A vector of one space on another: what the other does not hold is dropped, what it adds is 0. */
export function embed(from: Space, elements: Float64Array, to: Space): Float64Array {
  const embedded = new Float64Array(2 * to.size);
  for (const { ket, bra, delta, offset, length } of from.classes) {
    const at = to.find(ket, bra, delta);
    if (at < 0) continue;
    embedded.set(elements.subarray(2 * offset, 2 * (offset + length)), 2 * to.classes[at].offset);
  }
  return embedded;
}

/**
 * The steady state without potential, from which solutions start.
 * @throws {NonUniqueSteadyStateError}
 */
export function symmetricSteadyState(
  parameters: DeviceParameters,
  window: Window,
  space: Space,
): Float64Array {
  const { system } = device({ ...parameters, V: 0 }, window);
  const { total } = lindbladian(system, 'sector');
  return embed(total.space, sectorSteadyState(total, -window.lmin), space);
}
