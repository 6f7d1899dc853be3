/** Every number of a steady state, with all its digits. */
import { hasPotential } from '../../../model/potentialParameters.js';
import { SECTIONS, type Section } from '../../../simulate/observable.js';
import { OBSERVABLE_NAMES, observableRecord } from '../../../simulate/observableRecords.js';
import { observed } from '../../../simulate/observe.js';
import { describeValidity } from '../../../thermo/validity.js';
import { Explained } from '../../components/Explained.js';
import { brief, exact, signed } from '../../components/format.js';
import { type QuantityName, quantities } from '../../content/quantities.js';
import type { SteadyResult } from '../../solver/protocol.js';

type Value = number | null;
/** A quantity, its value, and that of the device beside; undefined where there is none. */
type Row = readonly [QuantityName, Value, Value | undefined];

/** What another device has, and how far this one is from it. */
function Beside({ value, other }: { readonly value: Value; readonly other: Value }) {
  const difference = value === null || other === null ? null : value - other;
  return (
    <>
      pinned {exact(other)}
      {difference === null ? '' : `, difference ${signed(difference)}`}
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Writes a value with the digits that it has. */
  readonly text: (value: Value) => string;
}

function Group({ title, rows, text }: GroupProps) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="numbers">
        {rows.map(([name, value, other]) => (
          <div key={name}>
            <dt>
              <Explained name={name} />
            </dt>
            <dd data-quantity={name}>{text(value)}</dd>
            {quantities[name].tex === '' ? null : <dd class="spelt">{quantities[name].name}</dd>}
            {other === undefined ? null : (
              <dd class="pinned" data-pinned={name}>
                <Beside value={value} other={other} />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The values of a section's observables, those that the page does not show otherwise. */
function rowsOf(
  { observables, request }: SteadyResult,
  beside: SteadyResult | null,
  section: Section,
): Row[] {
  const isPotential = hasPotential(request.parameters);
  return OBSERVABLE_NAMES.flatMap((name): Row[] => {
    const record = observableRecord(name);
    if (record.section !== section || record.leftOutOf?.includes('page') === true) return [];
    if (record.isOfPotential === true && !isPotential) return [];
    const value = observed(observables, name);
    if (typeof value !== 'number' && value !== null) return [];
    const other = beside === null ? undefined : observed(beside.observables, name);
    return [[name, value, typeof other === 'number' || other === null ? other : undefined]];
  });
}

/** Of a coarse answer no more digits are shown than it may have. */
const roughly = (value: Value): string => (value === null ? '–' : `≈ ${brief(value, 2)}`);

interface Props {
  readonly result: SteadyResult;
  /** Of the device that is pinned. */
  readonly beside: SteadyResult | null;
}

export function Numbers({ result, beside }: Props) {
  const { observables: o } = result;
  return (
    <div class="groups">
      {SECTIONS.map((section) => (
        <Group
          key={section}
          title={section}
          text={result.coarse === null ? exact : roughly}
          rows={[
            ...rowsOf(result, beside, section),
            ...(section === 'Performance' && o.cutoff !== null
              ? [['cutoff', o.cutoff, beside?.observables.cutoff] as const]
              : []),
          ]}
        />
      ))}
      <p class="note" data-testid="validity">
        <Explained name="validity" /> {describeValidity(o.validity)}.
      </p>
      <p class="note">
        Carnot's bounds with two baths: efficiency {exact(o.carnotEfficiency)}, COP of a
        refrigerator {exact(o.refrigeratorBound)}, of a heat pump {exact(o.carnotCop)}.
        {o.boundExceeded ? ' Exceeded here: the load is a third bath.' : ''} Flows are energy per
        time, positive into the device; ħ = k_B = 1.
      </p>
    </div>
  );
}
