/** What each bath brings, how much it fluctuates, and what that costs. */
import type { BathFluctuations, Fluctuations } from '../../../fluctuations/fluctuations.js';
import { type FluctuationName, fluctuationRecords } from '../../../simulate/fluctuationRecords.js';
import { brief, exact } from '../../components/format.js';
import { Table } from '../../components/Table.js';
import { type Bath, MILL_BATHS } from './baths.js';

interface Shown {
  readonly value: number | null;
  readonly error?: number | null;
  /** Why there is none, or what it breaks. */
  readonly remark?: string | null;
}

interface Row {
  readonly title: string;
  /** What it is. */
  readonly text: string;
  /** What programs call it. */
  readonly key: (bath: Bath) => string;
  readonly read: (found: BathFluctuations) => Shown;
}

/** What has a record of the mill's. */
const named = (
  title: string,
  key: (bath: Bath) => string,
  read: (found: BathFluctuations) => Shown,
): Row => ({
  title,
  text: fluctuationRecords[key(MILL_BATHS[0]) as FluctuationName].text,
  key,
  read,
});

/** Classical machines stay at or above a bound. */
const bounded = (value: number | null, bound: number): Shown => ({
  value,
  remark: value !== null && value < bound ? `below ${bound}: not classical` : null,
});

const ROWS: readonly Row[] = [
  named(
    'current',
    ({ current }) => `currents.${current}`,
    ({ quanta }) => quanta?.mean ?? { value: null },
  ),
  named(
    'noise',
    ({ current }) => `noise.${current}`,
    ({ quanta }) => quanta?.noise ?? { value: null },
  ),
  {
    title: 'third cumulant',
    text: 'How much more often it is above its mean than below.',
    key: ({ current }) => `cumulant3.${current}`,
    read: ({ quanta }) => ({ value: quanta?.cumulants[2] ?? null }),
  },
  {
    title: 'fourth cumulant',
    text: 'How much weight its tails have.',
    key: ({ current }) => `cumulant4.${current}`,
    read: ({ quanta }) => ({ value: quanta?.cumulants[3] ?? null }),
  },
  named(
    'Fano factor',
    ({ current }) => `fano.${current}`,
    ({ quanta }) => ({ value: quanta?.fano ?? null }),
  ),
  named(
    'uncertainty relation (TUR)',
    ({ current }) => `TUR.${current}`,
    ({ quanta }) => bounded(quanta?.uncertainty ?? null, 2),
  ),
  named(
    'kinetic relation (KUR)',
    ({ current }) => `KUR.${current}`,
    ({ quanta }) => bounded(quanta?.kineticUncertainty ?? null, 1),
  ),
  named(
    'heat noise',
    ({ heat }) => `heatNoise.${heat}`,
    ({ heat }) =>
      heat?.noise ?? { value: null, remark: 'its jumps change the heat by no definite amounts' },
  ),
  named(
    'entropy production',
    ({ name }) => `entropyProduction.${name}`,
    ({ entropyProduction: { value, error, reason } }) => ({ value, error, remark: reason }),
  ),
  {
    title: 'jumps by time',
    text: 'In and out together.',
    key: ({ name }) => `activity.${name}`,
    read: ({ activity }) => ({ value: activity }),
  },
];

/** An error is told where it reaches the digits that are shown. */
const SEEN = 1e-11;

function Cell({ name, shown }: { readonly name: string; readonly shown: Shown }) {
  const { value, error = null, remark = null } = shown;
  const isSeen = value !== null && error !== null && error > SEEN * Math.abs(value);
  return (
    <td>
      <span data-quantity={name}>{exact(value)}</span>
      <small>
        {isSeen ? `± ${brief(error, 2)}` : ''} {remark ?? ''}
      </small>
    </td>
  );
}

/** Of a bath that has no jumps. */
const NOTHING: Shown = { value: null };

interface Props {
  readonly found: Fluctuations;
  readonly baths: readonly Bath[];
}

export function Currents({ found, baths }: Props) {
  const columns = [{ title: 'quanta and heat', hidden: true }, ...baths];
  const by = new Map(found.baths.map((bath) => [bath.name, bath]));
  return (
    <Table label="Currents and their noise" columns={columns} wide>
      {ROWS.map(({ title, text, key, read }) => (
        <tr key={title}>
          <th scope="row">
            {title}
            <small>{text}</small>
          </th>
          {baths.map((bath) => {
            const there = by.get(bath.name);
            return (
              <Cell
                key={bath.name}
                name={key(bath)}
                shown={there === undefined ? NOTHING : read(there)}
              />
            );
          })}
        </tr>
      ))}
    </Table>
  );
}

/** What belongs to no single bath. */
export function Together({ found, baths }: Props) {
  const { entropyProduction, clausius, entropy, activity, covariances } = found;
  const short = (bath: string) => baths.find(({ name }) => name === bath)?.current ?? bath;
  const rows: readonly (readonly [string, string, number | null])[] = [
    ['entropyProduction.sum', 'entropy production by Spohn', entropyProduction?.value ?? null],
    ['entropyProduction.clausius', 'entropy production by Clausius', clausius],
    ['entropy', 'entropy of the state', entropy],
    ['activity', 'jumps of all baths by time', activity],
    ...covariances.map(
      ({ baths: [a, b], covariance }) =>
        [
          `noise.${short(a)}_${short(b)}`,
          `covariance of ${short(a)} and ${short(b)}`,
          covariance.value,
        ] as const,
    ),
  ];
  return (
    <dl class="numbers">
      {rows.map(([name, title, value]) => (
        <div key={name}>
          <dt>{title}</dt>
          <dd data-quantity={name}>{exact(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
