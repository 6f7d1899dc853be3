/** How far each slider reaches; a number typed beside it may be anything the schema allows. */
import type { DeviceParameters } from '../../model/parameters.js';

export type NumericParameter = Exclude<keyof DeviceParameters, 'model' | 'cutoff'>;

export interface SliderRange {
  readonly from: number;
  readonly to: number;
  readonly spacing: 'linear' | 'logarithmic';
}

const linear = (from: number, to: number): SliderRange => ({
  from,
  to,
  spacing: 'linear',
});
const logarithmic = (from: number, to: number): SliderRange => ({
  from,
  to,
  spacing: 'logarithmic',
});

export const sliderRanges: Readonly<Record<NumericParameter, SliderRange>> = {
  beta1: logarithmic(1e-3, 10),
  beta2: logarithmic(1e-3, 10),
  betaR: logarithmic(1e-3, 10),
  B1: linear(0.1, 20),
  B2: linear(0.1, 20),
  g: logarithmic(0.01, 10),
  chi: linear(-0.99, 0.99),
  lambda: linear(0, 1),
  gamma: logarithmic(1e-7, 1e-1),
  I: logarithmic(0.1, 100),
  V: linear(-5, 5),
};

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
