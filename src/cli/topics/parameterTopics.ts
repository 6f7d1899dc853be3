/** Topics that are made of the records of parameters, observables and conditions. */
import { PARAMETER_NAMES, parameterRecords } from '../../model/parameterRecords.js';
import { NAMED_OBSERVABLES, observableRecord } from '../../simulate/observableRecords.js';
import { CONDITIONS, type Condition } from '../../thermo/validity.js';
import { unitInText } from '../words.js';

/** Characters of a line. */
const LINE = 100;

/** Words in lines that are no longer. */
const wrapped = (text: string, width: number): readonly string[] =>
  text.match(new RegExp(`.{1,${width}}(?:\\s+|$)`, 'g')) ?? [''];

/** Lines with columns as wide as their widest cells; the last one goes on below. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].slice(0, -1).map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  const indent = widths.reduce((sum, width) => sum + width + 2, 2);
  const lines = rows.flatMap((row) => {
    const first = `  ${widths.map((width, k) => row[k].padEnd(width + 2)).join('')}`;
    return wrapped(row[widths.length], LINE - indent).map((line, k) =>
      `${k === 0 ? first : ' '.repeat(indent)}${line}`.trimEnd(),
    );
  });
  return lines.join('\n');
}

export function units(): string {
  const rows = PARAMETER_NAMES.map((name) => {
    const { schema, unit, description } = parameterRecords[name];
    return [name, String(schema.parse(undefined)), unit, description];
  });
  return `Units

ħ = k_B = 1. Energies are in one unit of your choice, and rates with them; times and inverse
temperatures are in its inverse, angular momentum in ħ. Heat and work are energy by time.

${table([['parameter', 'default', 'unit', 'what it is'], ...rows])}
`;
}

export function observables(): string {
  const rows = NAMED_OBSERVABLES.map((name) => {
    const { name: title, unit } = observableRecord(name);
    return [name, unit === '1' ? '' : unitInText(unit), title];
  });
  return `Observables

By the names of --json, of the observables of a plan, of --also and of --show; a group, such as
heat, stands for all of its members.

${table([['name', 'unit', 'what it is'], ...rows])}
`;
}

export function models(): string {
  const names = Object.keys(CONDITIONS) as readonly Condition[];
  const rows = names.map((name) => [name, CONDITIONS[name].symbol, CONDITIONS[name].description]);
  return `Models

  --model local   each bath acts on its own qubit, Eqs. (13)–(16); exact for short collisions
  --model global  each bath acts between eigenstates of the whole Hamiltonian, Eqs. (A1)–(A17)

What has to be small for a model to hold is in validity of every result: above 0.1 it is doubtful,
above 1 it fails.

${table([['condition', 'number', 'what it says'], ...rows])}
`;
}
