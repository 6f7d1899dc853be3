/**
 * The WGSL modules of the top-level folder shaders/, linked by WESL: the same files serve Node and
 * browsers, and one source gives every variant of a kernel through conditions and constants.
 */

export interface ShaderVariant {
  /** Values of the conditions that @if tests. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values of what is imported from `constants::`. */
  readonly constants?: Readonly<Record<string, number | string>>;
  /** The text of the module package::generated, for kernels that are written out for one problem. */
  readonly generated?: string;
}

const modules = [
  'df64',
  'complex',
  'probe',
  'apply',
  'vectors',
  'wider',
  'chain_blocks',
  'chains',
  'chains_cyclic',
  'band',
  'stencil',
  'trajectories',
  'numbers',
  'tape',
  'tape_functions',
  'elimination_steps',
  'elimination',
  'counting',
  'multiply_add',
  'copy',
] as const;
/** A file of shaders/, or the text of a variant that is a kernel by itself. */
export type ShaderModule = (typeof modules)[number] | 'generated';

async function read(name: string): Promise<string> {
  // In this form bundlers see that the files of the folder belong to the program.
  const url = new URL(`../../../shaders/${name}.wgsl`, import.meta.url);
  if (url.protocol !== 'file:') {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.href}: ${response.status} ${response.statusText}`);
    return response.text();
  }
  const { readFile } = await import('node:fs/promises');
  return readFile(url, 'utf8');
}

/** The linker is a quarter of the code of a backend: only where a kernel is linked is it read. */
const linker = () => import('wesl/core');

async function readAll(): Promise<Record<string, string>> {
  const texts = await Promise.all(modules.map(read));
  return Object.fromEntries(modules.map((name, i) => [`./${name}.wgsl`, texts[i]]));
}

/** What the linker has parsed of the files is kept: kernels share most of them. Their comments stay behind. */
async function parsed() {
  const { RecordResolver } = await linker();
  return new RecordResolver(await readAll(), { keepComments: false });
}

let files: ReturnType<typeof parsed> | null = null;

/** One kernel's complete WGSL. */
export async function linkShader(root: ShaderModule, variant: ShaderVariant = {}): Promise<string> {
  files ??= parsed();
  const { composeResolvers, link, RecordResolver } = await linker();
  const own = new RecordResolver({ './generated.wgsl': variant.generated ?? '' });
  const linked = await link({
    resolver: composeResolvers(await files, own),
    rootModuleName: root,
    conditions: { ...variant.conditions },
    constants: { ...variant.constants },
    sourceMap: false,
  });
  return linked.dest;
}
