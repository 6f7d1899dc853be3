/** What of a device is drawn against time, several curves at once. */
import { colours, dashes } from '../../../figures/theme.js';
import type { Snapshot } from '../../../simulate/snapshot.js';
import type { QuantityName } from '../../content/quantities.js';
import type { SeriesName } from '../../content/seriesNames.js';

export interface Series {
  readonly title: string;
  readonly axis: string;
  readonly unit: string;
  readonly curves: readonly {
    readonly name: QuantityName;
    /** Of its column in tables. */
    readonly column: string;
    readonly label: string;
    readonly colour: string;
    readonly dash: readonly number[];
    readonly read: (snapshot: Snapshot) => number;
  }[];
}

const { solid, dashed, dotted, mixed } = dashes;

export const SERIES: Readonly<Record<SeriesName, Series>> = {
  power: {
    title: 'Powers',
    axis: 'power',
    unit: 'energy/time',
    curves: [
      {
        name: 'power.kinetic',
        column: 'kinetic',
        label: 'kinetic',
        colour: colours.blue,
        dash: solid,
        read: ({ power }) => power.kinetic,
      },
      {
        name: 'power.intrinsic',
        column: 'intrinsic',
        label: 'intrinsic',
        colour: colours.vermilion,
        dash: dashed,
        read: ({ power }) => power.intrinsic,
      },
      {
        name: 'power.net',
        column: 'net',
        label: 'net',
        colour: colours.green,
        dash: dotted,
        read: ({ power }) => power.net,
      },
      {
        name: 'power.backAction',
        column: 'backAction',
        label: 'back-action',
        colour: colours.black,
        dash: mixed,
        read: ({ power }) => power.backAction,
      },
    ],
  },
  flows: {
    title: 'Heat and work',
    axis: 'heat, work',
    unit: 'energy/time',
    curves: [
      {
        name: 'heat.Q1',
        column: 'Q1',
        label: 'Q̇₁',
        colour: colours.blue,
        dash: solid,
        read: ({ heat }) => heat.Q1,
      },
      {
        name: 'heat.Q2',
        column: 'Q2',
        label: 'Q̇₂',
        colour: colours.vermilion,
        dash: dashed,
        read: ({ heat }) => heat.Q2,
      },
      {
        name: 'heat.Qr',
        column: 'Qr',
        label: 'Q̇ᵣ',
        colour: colours.green,
        dash: dotted,
        read: ({ heat }) => heat.Qr,
      },
      {
        name: 'work.WQ',
        column: 'WQ',
        label: 'Ẇ(Q)',
        colour: colours.black,
        dash: mixed,
        read: ({ work }) => work.WQ,
      },
    ],
  },
  momentum: {
    title: 'Angular momentum',
    axis: '⟨L_z⟩',
    unit: 'ħ',
    curves: [
      {
        name: 'rotor.Lz',
        column: 'Lz',
        label: '⟨L_z⟩',
        colour: colours.blue,
        dash: solid,
        read: ({ rotor }) => rotor.Lz,
      },
    ],
  },
};
