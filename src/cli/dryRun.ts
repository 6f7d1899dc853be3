/** `--dry-run`: what would be solved where, and how, and why; nothing is. */
import type { Command } from 'commander';
import type { Route } from '../simulate/route.js';
import { printJson } from './json.js';
import { printText } from './printText.js';
import { inColumns } from './words.js';

export const addDryRun = (command: Command): Command =>
  command.option('--dry-run', 'only print what would be solved, where, how, and why');

/** @returns the exit status */
export function printRoute(route: Route, { json }: Readonly<Record<string, unknown>>): number {
  const { space, method, backend, precision, reason, backendReason } = route;
  if (json === true) {
    printJson({ route: { space, method, backend, precision, reason, backendReason } });
    return 0;
  }
  const lines = [
    ['space', space],
    ['method', method],
    ['', reason],
    ['backend', `${backend}, the answer in ${precision}`],
    ['', backendReason],
  ];
  printText(inColumns(lines, 20));
  return 0;
}
