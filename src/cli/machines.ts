/** `qmill machines`: the gallery, and the file of one of its machines. */
import type { AddCommand } from './command.js';
import { galleryNames, machineText, readMachine } from './gallery.js';
import { printText } from './printText.js';

function runMachines(name: string | undefined, { json }: { readonly json?: true }): number {
  if (name !== undefined && json === undefined) {
    process.stdout.write(machineText(name).text);
    return 0;
  }
  const names = name === undefined ? galleryNames() : [name];
  const all = names.map((one) => {
    const { name: title, source, text, parameters, subsystems, ladder } = readMachine(one);
    return {
      machine: one,
      name: title,
      source,
      text,
      subsystems: Object.fromEntries(subsystems.all.map((s) => [s.name, s.levels])),
      ladder: ladder.kind,
      parameters,
    };
  });
  if (json === true)
    process.stdout.write(`${JSON.stringify(name === undefined ? all : all[0], null, 2)}\n`);
  else {
    const width = Math.max(...names.map((one) => one.length)) + 2;
    for (const { machine, name: title, source } of all) {
      printText(`${machine.padEnd(width)}${title}\n${''.padEnd(width)}${source}\n`);
    }
  }
  return 0;
}

export const addMachines: AddCommand = (command, running) => {
  command
    .argument('[name]', 'one of them, whose file is printed')
    .option('--json', 'print JSON: names, sources, parameters with their units and ranges')
    .addHelpText(
      'after',
      `
Examples:
  qmill machines                                 what there is
  qmill machines piston > mine.yaml              a machine's file, to begin one's own with
  qmill steady --machine mine.yaml --set g=2     its steady state`,
    )
    .action(running(async (name, flags) => runMachines(name, flags)));
};
