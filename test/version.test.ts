import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { version } from '../src/version.js';

test('the version that results carry is the package’s', () => {
  expect(version).toBe(packageJson.version);
});
