/** `qmill modes`. */
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

test('qmill modes of charge 0 is there on a wide window without a charge that counts levels', () => {
  const { status, stdout } = qmill(['modes', '--machine', 'piston', '--json']);
  expect(status).toBe(0);
  const { gapZeroSector, gapError, sectors } = JSON.parse(stdout);
  expect(sectors[0].modes.length).toBe(6);
  expect(gapZeroSector).toBeGreaterThan(0);
  expect(gapError).toBeLessThan(1e-9 * gapZeroSector);
});

test('qmill modes says which modes are the slowest of all, and tells no gap where it looked at one frequency', () => {
  const device = '--B1 0.95 --B2 0.5 --beta1 0.1 --beta2 0.1 --betaR 0.1 --g 0.05 --lambda 0.13';
  const others = '--gamma 0.01 --I 1 --V 0.81 --V2 0.1 --lmin -3 --lmax 3 --edge-tolerance 0.5';
  const flags = ['modes', ...device.split(' '), ...others.split(' '), '--json'];
  const [all, atRest] = [flags, [...flags, '--frequency', '0']].map((args) => {
    const { status, stdout } = qmill(args);
    expect(status).toBe(0);
    return JSON.parse(stdout);
  });
  const [{ search, modes }] = all.sectors;
  expect(search.slowest).toBe(6);
  expect(Math.abs(modes[0].frequency)).toBeGreaterThan(1);
  expect(all.gapZeroSector).toBe(modes[0].rate);
  const ratios = modes
    .slice(1)
    .map(({ rate }: { rate: number }, k: number) => rate / modes[k].rate);
  expect(all.metastability.ratio).toBe(Math.max(...ratios));
  expect(atRest.sectors[0].modes[0].rate).toBeGreaterThan(1.4 * all.gapZeroSector);
  expect(atRest.sectors[0].search.slowest).toBe(0);
  expect([atRest.gapZeroSector, atRest.relaxationTime, atRest.metastability]).toEqual([
    null,
    null,
    null,
  ]);
});

test('qmill modes has other charges on a wide window, and where modes coalesce', () => {
  const flags = ['modes', '--machine', 'piston', '--count', '2'];
  const { sectors } = JSON.parse(qmill([...flags, '--charge', '1', '--json']).stdout);
  expect(sectors[0].charge).toEqual([1]);
  expect(sectors[0].modes.length).toBe(2);
  const { status, stdout } = qmill([...flags, '--along', 'g=3:3.1', '--samples', '2']);
  expect(status).toBe(0);
  expect(stdout).toContain('no two real rates become a pair between neighbouring values');
});
