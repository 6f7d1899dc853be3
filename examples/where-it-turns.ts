/** A sweep over the temperature of the hot bath: where the engine becomes a refrigerator. */
import { sweep } from 'quantum-mill';

const { coordinates, variables } = await sweep(
  {
    axes: { beta2: { linspace: { from: 0.01, to: 0.09, count: 81 } } },
    observables: ['work.WQ', 'heat.Q1', 'operation'],
  },
  { threads: 1 },
);
const { operation } = variables;
const names = [...operation.values].map((value) => operation.meanings?.[value]);
let before: string | undefined;
names.forEach((name, i) => {
  if (name !== before)
    console.log(`from beta2 = ${coordinates.beta2.values[i].toFixed(3)}: ${name}`);
  before = name;
});
