/** The flags of `qmill fluctuations` for frequencies, counting fields and waiting times. */
import type { Command } from 'commander';

export const addDynamicsOptions = (command: Command): Command =>
  command
    .option('--frequency <list>', 'noise at these angular frequencies, as 0,0.1 or lin:0:1:11')
    .option('--counting <list>', 'large deviations at these counting fields, as lin:-1:1:21')
    .option(
      '--counted <list>',
      'with --counting: quanta or heat, alone or two together: bath1,heat:load+bath1',
    )
    .option('--waiting <jumps>', 'times between jumps of these baths: bath1,load:in,load:out')
    .option('--tau <list>', 'with --waiting: its probability at these times, as lin:0:10:101');
