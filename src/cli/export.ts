/** `qmill export`: a sweep's results as one file for other programs. */
import { ParameterError } from '../model/parameters.js';
import { loadNetcdf } from '../netcdf.js';
import { checkWritable, publish } from '../storage/files.js';
import { readResults } from '../sweep/results.js';
import type { AddCommand } from './command.js';

const formats = ['netcdf', 'csv'];

async function runExport(folder: string, path: string, { to }: { to: string }) {
  if (!formats.includes(to)) throw new ParameterError('to', to, `one of ${formats.join(', ')}`);
  if (to === 'netcdf') await loadNetcdf();
  await checkWritable(path);
  const results = await readResults(folder);
  await publish(path, async (unfinished) => {
    if (to === 'netcdf') {
      const { writeNetcdf } = await import('../sweep/netcdf.js');
      await writeNetcdf(results, unfinished);
    } else {
      const { writeCsv } = await import('../sweep/csv.js');
      await writeCsv(results, unfinished);
    }
  });
  const { pending, count, damaged } = results;
  for (const file of damaged) process.stderr.write(`damaged, and left out: ${folder}${file}\n`);
  if (pending > 0) {
    process.stderr.write(`${pending} of ${count} points are not solved yet: they are left out\n`);
  }
  process.stdout.write(`${path}: ${count - pending} points\n`);
  return 0;
}

export const addExport: AddCommand = (command, running) => {
  command
    .argument('<results>', 'folder that qmill sweep has written')
    .argument('<file>', 'file to write; one that exists is replaced')
    .requiredOption('--to <format>', `one of ${formats.join(', ')}`)
    .addHelpText(
      'after',
      `
Examples:
  qmill export results --to netcdf results.nc    in Python: xarray.open_dataset("results.nc")
  qmill export results --to csv results.csv      a row for each point, a column for each number`,
    )
    .action(running(runExport));
};
