/** The documents and the library's reference as one static site, which `qmill serve` has under /docs/. */
import texmath from 'markdown-it-texmath';
import temml from 'temml';

const engine = {
  renderToString: (tex, { displayMode }) => temml.renderToString(tex, { displayMode }),
};

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'quantum-mill',
  entryPoints: ['../../src/index.ts'],
  tsconfig: './tsconfig.json',
  readme: '../../README.md',
  projectDocuments: [
    '../tutorial.md',
    '../how-to/*.md',
    '../reference/*.md',
    '../explanation/*.md',
    '../glossary.md',
    '../architecture.md',
    '../guarantees.md',
    '../packages.md',
    '../../examples/README.md',
    '../../CHANGELOG.md',
    '../../CONTRIBUTING.md',
  ],
  out: '../../dist/app/docs',
  excludePrivate: true,
  includeVersion: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: false },
  // Those of zod, from which types are inferred, and those that are only a part of another's.
  intentionallyNotExported: [
    'backends',
    'deviceSchema',
    'truncationSchema',
    'ParameterName',
    'HeldWindow',
    'SpaceName',
    'machineSchema',
    'SteadyName',
    'FluctuationName',
    'InformationName',
    'Deep',
    'BathCounter',
    'ParametersOf',
    'ByName',
    'DescribedMachine',
    'src/lindblad/estimate.ts:Estimate',
    'src/machine/description/describedMachine.ts:DescribedParameter',
  ],
  markdownItLoader: (parser) => {
    parser.use(texmath, { engine, delimiters: 'dollars' });
  },
};
