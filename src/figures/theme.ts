/** The look that all figures share: type, line weights, and colours that survive grey print. */
import type { Config, TopLevelSpec } from 'vega-lite';
import { PARAMETER_NAMES, parameterRecords } from '../model/parameterRecords.js';
import {
  NAMED_OBSERVABLES,
  observableRecord,
  variableName,
} from '../simulate/observableRecords.js';
import { type FigureStyle, FONTS, NARROW } from './style.js';

/** The first family is the one PNGs are drawn with; the rest serve viewers of the SVG. */
const fontFamily = 'DejaVu Sans, Helvetica, Arial, sans-serif';

/** Okabe and Ito's colours, which colour-blind readers tell apart. */
export const colours = {
  blue: '#0072b2',
  sky: '#56b4e9',
  red: '#c40018',
  vermilion: '#d55e00',
  green: '#009e73',
  black: '#222222',
  grey: '#777777',
} as const;

/** Strokes of curves that share a panel: grey print tells them apart. */
export const dashes = {
  solid: [1, 0],
  dashed: [7, 3],
  dotted: [2, 2],
  mixed: [8, 2, 2, 2],
} as const;

/** Up to four curves of a panel, in their order. */
export const looks = [
  { colour: colours.blue, dash: dashes.solid },
  { colour: colours.vermilion, dash: dashes.dashed },
  { colour: colours.green, dash: dashes.dotted },
  { colour: colours.black, dash: dashes.mixed },
] as const;

/** Backgrounds of what a device does, Table I. */
export const operationColours: Readonly<Record<string, string>> = {
  engine: '#dbe9f6',
  accelerator: '#fde3cf',
  refrigerator: '#dff1e4',
  other: '#eeeeee',
};

/** What the device does, from one value of the abscissa to another, behind the curves. @param x their abscissa */
export const regimeLayer = <Data extends object, X extends object>(data: Data, x: X) => ({
  data,
  mark: { type: 'rect', opacity: 1 } as const,
  encoding: {
    x: { ...x, field: 'from' },
    x2: { field: 'to' },
    color: {
      field: 'operation',
      type: 'nominal',
      legend: null,
      scale: { domain: Object.keys(operationColours), range: Object.values(operationColours) },
    } as const,
  },
});

export const zeroLine = {
  mark: { type: 'rule', strokeWidth: 0.6, color: colours.grey },
  data: { values: [{}] },
  encoding: { y: { datum: 0 } },
} as const;

export const theme: Config = {
  font: fontFamily,
  background: 'white',
  padding: 8,
  view: { stroke: colours.black, strokeWidth: 0.6 },
  axis: {
    grid: false,
    domain: false,
    tickColor: colours.black,
    tickWidth: 0.6,
    tickSize: 4,
    labelFlush: false,
    labelFontSize: 9,
    titleFontSize: 10,
    titleFontWeight: 'normal',
    labelColor: colours.black,
    titleColor: colours.black,
  },
  legend: {
    labelFontSize: 9.5,
    symbolSize: 260,
    symbolStrokeWidth: 1.6,
    title: null,
    // Above the frame; Vega-Lite misplaces legends inside a panel of a concatenation.
    orient: 'top',
    direction: 'horizontal',
    columnPadding: 18,
    offset: 6,
  },
  title: {
    fontSize: 10,
    fontWeight: 'bold',
    anchor: 'start',
    frame: 'group',
    offset: 6,
    color: colours.black,
  },
  line: { strokeWidth: 1.6 },
};

/** The same in the typeface chosen, and in the width. */
export const themeOf = ({ font, frame }: FigureStyle): Config => ({
  ...theme,
  legend: { ...theme.legend, columnPadding: frame < NARROW ? 8 : 18 },
  font: `${FONTS[font].family}, ${FONTS[font].generic}`,
});

/** Not part of the paper's captions: the model is in the title, the potential is off. */
const hidden = new Set([
  'model',
  'beta2',
  ...PARAMETER_NAMES.filter((name) => parameterRecords[name].equation === ''),
]);

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Characters of a line under a figure: without a canvas Vega takes text to be wider than it is. */
const LINE_LENGTH = 55;

const symbols: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PARAMETER_NAMES.map((name) => [name, parameterRecords[name].symbol])),
  ...Object.fromEntries(
    NAMED_OBSERVABLES.filter((name) => observableRecord(name).symbol !== '').map((name) => [
      variableName(name),
      observableRecord(name).symbol,
    ]),
  ),
};

/** How print writes a name; of a ratio, each of its names. */
export const symbolOf = (name: string): string =>
  name
    .split('/')
    .map((part) => symbols[part] ?? part)
    .join('/');

/** The lines under a figure that give its parameters. */
export function parameterLines(parameters: Parameters): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || hidden.has(name)) continue;
    const part = `${symbolOf(name)} = ${plain(value)}`;
    const line = lines.at(-1);
    if (line === undefined || line.length + part.length > LINE_LENGTH) lines.push(part);
    else lines[lines.length - 1] = `${line}, ${part}`;
  }
  return lines;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const raised = (exponent: string): string =>
  [...exponent].map((d) => (d === '-' ? '⁻' : superscripts[Number(d)])).join('');

export const powerOfTen = (exponent: number): string => `10${raised(String(exponent))}`;

const plain = (value: string | number): string =>
  typeof value === 'string' ? value : plainNumber(value);

/** A number as print has it: 5×10⁻⁵, not 5e-5; 10⁴, not 10000. */
export function plainNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e4)) return String(Number(value.toPrecision(12)));
  const [digits, exponent] = value.toExponential().split('e');
  return `${digits === '1' ? '' : `${digits}×`}${powerOfTen(Number(exponent))}`;
}

const [mantissa, exponent] = [0, 1].map(
  (part) => `split(format(datum.value, '.6~e'), 'e')[${part}]`,
);
const raisedLabel = [...superscripts].reduce(
  (expression, digit, d) => `replace(${expression}, /${d}/g, '${digit}')`,
  `replace(replace(${exponent}, '+', ''), /[-−]/, '⁻')`,
);
const powerLabel = `(${mantissa} == '1' ? '' : ${mantissa} + '×') + '10' + ${raisedLabel}`;
const isPlain = 'datum.value == 0 || (abs(datum.value) >= 1e-4 && abs(datum.value) < 1e6)';

/** Labels of an axis as print has them: 4000 and 2×10⁻⁵, neither 4e+3 nor 0.00002. */
export const readableLabels = {
  // What has no label on a logarithmic axis stays without one.
  labelExpr: `datum.label == '' ? '' : ${isPlain} ? format(datum.value, '.6~g') : ${powerLabel}`,
} as const;

/** A power of ten before a unit, nothing for 10⁰. */
export const inPowersOf = (exponent: number, unit: string): string =>
  exponent === 0 ? unit : `${powerOfTen(exponent)} ${unit}`;

/** The power of ten of a quantity's largest value, for an axis in units of it. */
export const powerOf = (values: readonly number[]): number => {
  const largest = Math.max(...values.map(Math.abs));
  return largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log10(largest)) : 0;
};

/** Lines of text under a figure, where they are wanted. */
export const caption = (text: readonly string[], { hasCaption }: FigureStyle) =>
  hasCaption
    ? {
        text: [...text],
        orient: 'bottom' as const,
        fontSize: 8,
        fontWeight: 'normal' as const,
        offset: 8,
      }
    : undefined;

/** A picture in the theme. */
export const pictureOf = (content: object, config: object = theme): TopLevelSpec =>
  ({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config,
    ...content,
  }) as TopLevelSpec;

/** A picture for print, over lines of text. */
export const figureOf = (
  style: FigureStyle,
  text: readonly string[],
  content: object,
  config: object = themeOf(style),
): TopLevelSpec => pictureOf({ title: caption(text, style), ...content }, config);

/** An encoding by a field of numbers. */
export const quantitative = <T extends object>(field: string, title: string | null, more?: T) => ({
  field,
  type: 'quantitative' as const,
  title,
  ...more,
});

/** An encoding by a field of names, in the order of the data. */
export const nominal = <T extends object>(field: string, more?: T) => ({
  field,
  type: 'nominal' as const,
  sort: null,
  ...more,
});

export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Encodings of curves that a nominal field tells apart, by colour and by dashes. */
export function byCurve(field: string, curves: readonly Curve[]) {
  const domain = curves.map(({ label }) => label);
  const told = nominal(field);
  return {
    color: { ...told, scale: { domain, range: curves.map(({ colour }) => colour) } },
    strokeDash: { ...told, scale: { domain, range: curves.map(({ dash }) => [...dash]) } },
  };
}

/** The letter of a panel, above the left end of its frame, the same height in every panel. */
export const panelLetter = (letter: string) => ({
  data: { values: [{}] },
  mark: {
    type: 'text',
    text: letter,
    x: 0,
    y: -9,
    align: 'left',
    baseline: 'middle',
    fontSize: 10,
    fontWeight: 'bold',
    color: colours.black,
  },
});

/** A round number at or above a value, in steps of a fifth of its power of ten. */
export function roundAbove(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 5;
  return Number((Math.ceil(value / step) * step).toPrecision(6));
}
