/** Every number of a steady state, with all its digits. */
import { hasPotential } from '../../../model/potentialParameters.js';
import { describeValidity } from '../../../thermo/validity.js';
import { Explained } from '../../components/Explained.js';
import { exact } from '../../components/format.js';
import { type QuantityName, quantities } from '../../content/quantities.js';
import type { SteadyResult } from '../../solver/protocol.js';

type Row = readonly [QuantityName, number | null];

function Group({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="numbers">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>
              <Explained name={name} />
            </dt>
            <dd data-quantity={name}>{exact(value)}</dd>
            {quantities[name].tex === '' ? null : <dd class="spelt">{quantities[name].name}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Numbers({ result }: { readonly result: SteadyResult }) {
  const { observables: o, request } = result;
  const local = request.parameters.model === 'local';
  return (
    <div class="groups">
      <Group
        title="Heat and work"
        rows={[
          ['Q1', o.heat.Q1],
          ['Q2', o.heat.Q2],
          ['Qr', o.heat.Qr],
          ['WQ', local ? o.work.WQ : null],
          ['Wr', o.work.Wr],
          ['firstLaw', o.firstLaw],
          ...(hasPotential(request.parameters) ? [['WV', o.work.V] as const] : []),
        ]}
      />
      <Group
        title="Rotor"
        rows={[
          ['Lz', o.rotor.Lz],
          ['Lz2', o.rotor.Lz2],
          ['kinetic', o.power.kinetic],
          ['intrinsic', o.power.intrinsic],
          ['backAction', o.power.backAction],
          ['net', o.power.net],
        ]}
      />
      <Group
        title="Performance"
        rows={[
          ['efficiency', o.efficiency],
          ['cop', o.cop],
          ['ergotropy', o.ergotropy.total],
          ['ergotropyQubits', o.ergotropy.qubits],
          ['ergotropyRotor', o.ergotropy.rotor],
          ...(o.cutoff === null ? [] : [['cutoff', o.cutoff] as const]),
        ]}
      />
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
