/** The baths whose currents are shown, and how each is called, drawn and headed. */
import { colours, dashes } from '../../../figures/theme.js';

export interface Bath {
  readonly name: string;
  /** Of its column. */
  readonly title: string;
  /** Its current and its heat, in the names that programs have for them. */
  readonly current: string;
  readonly heat: string;
  /** Of its current in a legend. */
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

const LOOKS = [
  { colour: colours.blue, dash: dashes.solid },
  { colour: colours.vermilion, dash: dashes.dashed },
  { colour: colours.green, dash: dashes.mixed },
  { colour: colours.black, dash: dashes.dotted },
  { colour: colours.sky, dash: dashes.solid },
  { colour: colours.red, dash: dashes.dashed },
] as const;

/** Of the paper's device, in its order. */
export const MILL_BATHS: readonly Bath[] = [
  { name: 'bath1', title: 'bath 1', current: 'N1', heat: 'Q1', label: 'N₁', ...LOOKS[0] },
  { name: 'bath2', title: 'bath 2', current: 'N2', heat: 'Q2', label: 'N₂', ...LOOKS[1] },
  { name: 'load', title: 'load', current: 'L', heat: 'Qr', label: 'L', ...LOOKS[2] },
];

/** Of any machine, by the names in its file. */
export const bathsNamed = (names: readonly string[]): readonly Bath[] =>
  names.map((name, k) => ({
    name,
    title: name,
    current: name,
    heat: name,
    label: name,
    ...LOOKS[k % LOOKS.length],
  }));
