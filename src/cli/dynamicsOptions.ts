/** The flags of `qmill fluctuations` for frequencies, counting fields and waiting times. */
import type { Command } from 'commander';
import type { DynamicRequest, WaitingRequest } from '../fluctuations/dynamics.js';
import { UnknownJumpsError } from '../fluctuations/waitingTimes.js';
import { ParameterError } from '../model/parameters.js';
import { readFrequencies, readTimes } from '../simulate/times.js';

type Flags = Readonly<Record<string, unknown>>;

export const addDynamicsOptions = (command: Command): Command =>
  command
    .option('--frequency <list>', 'noise at these angular frequencies, as 0,0.1 or lin:0:1:11')
    .option('--counting <list>', 'large deviations at these counting fields, as lin:-1:1:21')
    .option('--waiting <jumps>', 'times between jumps of these baths: bath1,load:in,load:out')
    .option('--tau <list>', 'with --waiting: its probability at these times, as lin:0:10:101');

/** What is asked for; undefined for nothing. @throws {ParameterError} */
export function readDynamics({ frequency, counting, waiting, tau }: Flags) {
  if (tau !== undefined && waiting === undefined) {
    throw new ParameterError('tau', tau, 'given with waiting');
  }
  if (frequency === undefined && counting === undefined && waiting === undefined) return undefined;
  const asked: DynamicRequest = {
    frequencies: frequency === undefined ? null : readFrequencies(frequency),
    fields: counting === undefined ? null : readFrequencies(counting, 'counting'),
    waiting: waiting === undefined ? null : readWaiting(String(waiting), tau),
  };
  return asked;
}

function readWaiting(given: string, tau: unknown): WaitingRequest {
  const jumps = given.split(',').map((text) => {
    const [, bath, direction] = /^\s*(.+?)(?::(in|out))?\s*$/.exec(text) ?? [];
    if (bath === undefined) {
      throw new ParameterError('waiting', given, 'names of baths, each alone or with :in or :out');
    }
    return { bath, direction: direction === undefined ? null : (direction as 'in' | 'out') };
  });
  return { jumps, times: tau === undefined ? [] : readTimes(tau, 'tau') };
}

/** An error of what was asked for, as its user shall read it. */
export const dynamicsError = (error: unknown, { waiting }: Flags): unknown =>
  error instanceof UnknownJumpsError
    ? new ParameterError('waiting', waiting, error.message)
    : error;
