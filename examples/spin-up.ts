/** The rotor from rest to its steady speed, with a deadline and progress. */
import { evolve, steadyState } from 'quantum-mill';

const device = { beta2: 0.03 };
let steps = 0;
const { snapshots } = await evolve(device, {
  times: 'log:100:1e6:5',
  // Ends the run where it takes longer than a minute.
  signal: AbortSignal.timeout(60_000),
  onProgress: () => {
    steps++;
  },
});
const { rotor: atRest } = await steadyState(device);
console.log(`${steps > 0 ? 'done' : 'not begun'}, and against the steady state:`);
for (const { t, rotor } of snapshots) {
  console.log(`t = ${t.toExponential(0)}  ⟨L_z⟩ = ${((100 * rotor.Lz) / atRest.Lz).toFixed(1)} %`);
}
