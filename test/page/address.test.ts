import { describe, expect, test } from 'vitest';
import { presets } from '../../src/app/content/presets.js';
import {
  defaultPage,
  readDevice,
  readHash,
  VIEWS,
  writeDevice,
  writeHash,
} from '../../src/app/state/page.js';
import { titleOf } from '../../src/app/state/title.js';
import { truncation } from '../../src/model/parameters.js';

describe('an address', () => {
  test('says the whole state, and nothing else', () => {
    for (const view of VIEWS) {
      for (const { parameters, truncation } of presets) {
        const page = { ...defaultPage(view), parameters, truncation };
        expect(readHash(writeHash(page))).toEqual({ page, problems: [] });
      }
    }
    expect(writeHash(defaultPage())).toBe('#device');
    expect(readHash('')).toEqual({ page: defaultPage(), problems: [] });
  });

  test('can name a second device to compare with, and no nonsense in its place', () => {
    for (const { name: _, ...device } of presets) {
      expect(readDevice(writeDevice(device))).toEqual(device);
    }
    const pin = writeDevice({ ...defaultPage(), truncation: truncation({ lmin: -9, lmax: 12 }) });
    const page = { ...defaultPage(), settings: { ...defaultPage().settings, pin } };
    expect(readHash(writeHash(page))).toEqual({ page, problems: [] });
    const wrong = readHash('#device?chi=0.5&pin=betta1%3D3');
    expect(wrong.page.settings.pin).toBe('');
    expect(wrong.page.parameters.chi).toBe(0.5);
    expect(wrong.problems.join()).toContain('pin');
  });

  test('that is wrong in a part keeps its view, and the rest', () => {
    const { page, problems } = readHash('#evolution?until=-5&beta2=0.08&betta1=1&lmin=-4');
    expect(page.view).toBe('evolution');
    expect(page.parameters.beta2).toBe(0.08);
    expect(page.settings.until).toBe(defaultPage().settings.until);
    expect(page.truncation.lmin).toBeUndefined();
    expect(problems).toHaveLength(3);
    expect(problems.join()).toContain('until = -5: must be a number > 0');
    expect(problems.join()).toContain("unknown key 'betta1': did you mean 'beta1'?");
    expect(problems.join()).toContain('lmax');
  });

  test('of no view says so', () => {
    const { page, problems } = readHash('#devise?beta2=0.08');
    expect(page.view).toBe('device');
    expect(page.parameters.beta2).toBe(0.08);
    expect(problems).toEqual(["there is no view 'devise': did you mean 'device'?"]);
  });

  test('whose fields contradict each other keeps those that can be', () => {
    const { page, problems } = readHash('#device?model=global&V=1&beta2=0.08');
    expect(page.parameters).toMatchObject({ model: 'global', V: 0, beta2: 0.08 });
    expect(problems).toHaveLength(1);
  });
});

describe('a title', () => {
  test('tells views, devices and figures apart', () => {
    const titles = [
      ...VIEWS.map((view) => titleOf(defaultPage(view))),
      ...presets.slice(1).map((preset) => titleOf({ ...defaultPage(), ...preset })),
      titleOf(readHash('#device?beta2=0.08&chi=-0.1').page),
      titleOf(readHash('#figures?figure=7').page),
    ];
    expect(new Set(titles).size).toBe(titles.length);
    expect(titleOf(readHash('#device?beta2=0.08&chi=-0.1').page)).toBe(
      'Device: β₂ = 0.08, χ = −0.1 | quantum-mill',
    );
    expect(titleOf(readHash('#figures?figure=7').page)).toBe('Fig. 7 of the paper | quantum-mill');
    expect(titleOf(readHash('#device?lmin=-5&lmax=5&g=2').page)).toBe(
      'Device: g = 2, l from −5 to 5 | quantum-mill',
    );
  });
});
