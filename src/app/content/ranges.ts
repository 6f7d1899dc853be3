/** How far each slider reaches; a number typed beside it may be anything the schema allows. */
import {
  PARAMETER_NAMES,
  type ParameterName,
  parameterRecords,
  type SliderRange,
} from '../../model/parameterRecords.js';

export type NumericParameter = ParameterName;
export type { SliderRange };

export const sliderRanges = Object.fromEntries(
  PARAMETER_NAMES.map((name) => [name, parameterRecords[name].slider]),
) as Readonly<Record<NumericParameter, SliderRange>>;

/** Sliders count whole steps. */
export const SLIDER_STEPS = 1000;

/** The slider's position of a value, at the nearer end where the value is beyond. */
export function toPosition({ from, to, spacing }: SliderRange, value: number): number {
  const share =
    spacing === 'linear'
      ? (value - from) / (to - from)
      : Math.log(Math.max(value, from) / from) / Math.log(to / from);
  return Math.round(SLIDER_STEPS * Math.min(1, Math.max(0, share)));
}

/** The value at a position, to the digits that one step can tell apart. */
export function toValue({ from, to, spacing }: SliderRange, position: number): number {
  const share = position / SLIDER_STEPS;
  const value = spacing === 'linear' ? from + (to - from) * share : from * (to / from) ** share;
  return Number(value.toPrecision(4));
}
