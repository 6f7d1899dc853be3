import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import codemeta from '../codemeta.json' with { type: 'json' };
import packageJson from '../package.json' with { type: 'json' };
import { parseYaml } from '../src/cli/yaml.js';
import { version } from '../src/version.js';

test('the version that results carry is the package’s', () => {
  expect(version).toBe(packageJson.version);
});

test('those who cite it find the same version, licence and words', () => {
  const file = new URL('../CITATION.cff', import.meta.url);
  const citation = parseYaml(readFileSync(file, 'utf8'));
  expect(citation).toMatchObject({ version, license: packageJson.license });
  expect(codemeta.version).toBe(version);
  expect(codemeta.license).toContain(packageJson.license);
  expect(codemeta.keywords).toEqual(packageJson.keywords);
});
