/** What the page gives to take along is read by what it is for. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { FORMS } from '../../src/app/export/forms.js';
import { originOf, originText } from '../../src/app/export/origin.js';
import { defaultPage, readHash } from '../../src/app/state/page.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { readPlan } from '../../src/sweep/plan.js';

const formOf = (title: string) => {
  const form = FORMS.find((one) => one.title === title);
  if (form === undefined) throw new Error(`there is no form ${title}`);
  return form;
};
const pageOf = (hash: string) => readHash(hash).page;

test('a command line has what differs from the defaults', async () => {
  const of = (hash: string) => formOf('command line').text(pageOf(hash));
  expect(await of('#device')).toBe('qmill steady\n');
  expect(await of('#device?chi=-0.25&lmin=-20&lmax=40&edgeTolerance=1e-6')).toBe(
    'qmill steady --chi -0.25 --lmin -20 --lmax 40 --edge-tolerance 0.000001\n',
  );
  expect(await of('#figures?figure=4')).toBe('qmill figure 4 --out figures\n');
});

test.each([
  ['#map?mapX=lambda&mapXFrom=0.001&mapXTo=0.3&mapXSpacing=logarithmic&mapSize=50', 2500],
  ['#device?curve=chi&curveFrom=-0.5&curveTo=0.9&model=global&lmin=-20&lmax=40', 60],
])('the plan of %s is a plan of as many points', async (hash, points) => {
  const page = pageOf(hash);
  const plan = readPlan(parse(await formOf('plan of a sweep').text(page)));
  const count = plan.dimensions.reduce((product, { length }) => product * length, 1);
  expect(count).toBe(points);
});

test('the YAML is the device', async () => {
  const page = pageOf('#device?model=global&g=0.5&chi=0.8');
  const given = parse(await formOf('YAML for --config').text(page));
  expect(deviceParameters(given)).toEqual(page.parameters);
});

test('a script names parameters and window, and its Python every parameter', async () => {
  const page = pageOf('#device?beta2=0.05&lmin=-9&lmax=12');
  expect(await formOf('TypeScript').text(page)).toContain(
    'steadyState({ beta2: 0.05 }, { truncation: { lmin: -9, lmax: 12 } })',
  );
  const python = formOf('Python with QuTiP');
  const text = await python.text(page);
  expect(text).toContain('import qutip');
  expect(text).toMatch(/beta2 = 0\.05/);
  expect(python.refused?.(page)).toBeNull();
  for (const hash of ['#device?model=global', '#device?V=1', '#device?kappa1=0.1']) {
    expect(python.refused?.(pageOf(hash))).not.toBeNull();
  }
});

test('a file says what made it, of what, and where it is shown', () => {
  const page = { ...defaultPage('map'), parameters: deviceParameters({ chi: 0.3 }) };
  const text = originText(originOf(page, 'https://mill.example/', 'cpu f64'));
  expect(text).toMatch(/^program: quantum-mill \d/);
  expect(text).toContain('model=local');
  expect(text).toContain('chi=0.3');
  expect(text).toContain('computed by: cpu f64');
  expect(text).toContain('address: https://mill.example/#map?chi=0.3');
});
