/** Plots at the size they have on the page, so that their text is as large as the page's. */
import type { TopLevelSpec } from 'vega-lite';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a specification is one panel, which can be of any size. Figures of several are scaled instead. */
export const isOnePanel = (spec: TopLevelSpec): boolean => 'mark' in spec || 'layer' in spec;

/** Where legends have less room. */
const NARROW = 420;

/** The same panel filling the given size, its axes and legends included. */
export function fitted(spec: TopLevelSpec, { width, height }: Size): TopLevelSpec {
  const { axis, legend, ...config } = spec.config ?? {};
  return {
    ...spec,
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config: {
      ...config,
      padding: { left: 4, right: 14, top: 4, bottom: 4 },
      axis: { ...axis, labelFontSize: 11, titleFontSize: 12, labelSeparation: 6 },
      legend: {
        ...legend,
        labelFontSize: 11,
        ...(width < NARROW ? { columnPadding: 8, symbolSize: 120 } : {}),
      },
    },
  } as TopLevelSpec;
}
