/** The figures' specifications in the page's dark appearance: the same marks, other colours. */
import type { TopLevelSpec } from 'vega-lite';
import { colours } from '../../figures/theme.js';

const onDark: Readonly<Record<string, string>> = {
  white: 'transparent',
  [colours.black]: '#e4e7eb',
  [colours.grey]: '#9aa3ad',
  [colours.blue]: '#56b4e9',
  [colours.vermilion]: '#f0853c',
  [colours.green]: '#2fc498',
  // The shades behind the regimes of Fig. 2.
  '#dbe9f6': '#17324a',
  '#fde3cf': '#4a2f17',
  '#dff1e4': '#173a2a',
  '#eeeeee': '#33383f',
};

/** A copy of a value with every string that is a colour of the figures replaced. */
function recolour(value: unknown): unknown {
  if (typeof value === 'string') return onDark[value] ?? value;
  if (Array.isArray(value)) return value.map(recolour);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, recolour(v)]));
  }
  return value;
}

export function forAppearance(spec: TopLevelSpec, dark: boolean): TopLevelSpec {
  if (!dark) return spec;
  const recoloured = recolour(spec) as TopLevelSpec;
  const text = { color: onDark[colours.black] };
  return {
    ...recoloured,
    config: {
      ...recoloured.config,
      text: { ...text, ...recoloured.config?.text },
      legend: {
        labelColor: text.color,
        titleColor: text.color,
        ...recoloured.config?.legend,
      },
    },
  } as TopLevelSpec;
}
