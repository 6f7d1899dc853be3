/** The reference pages that are made of the program's own records: commands, observables, fields of JSON. */
import { Command } from 'commander';
import { commandsWithOptions } from '../../src/cli/commands.js';
import { addParameterOptions } from '../../src/cli/options.js';
import { OUTPUT_NAMES, outputSchema } from '../../src/cli/outputSchemas.js';
import { topics } from '../../src/cli/topics/topics.js';
import { unitInText } from '../../src/cli/words.js';
import { NAMED_OBSERVABLES, observableRecord } from '../../src/simulate/observableRecords.js';

const MADE = 'This page is made of the program’s own records; a test holds it against them.';

/** What would end a cell or begin a tag. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What follows the list of options: notes, and examples. */
function afterHelp(command: Command): string {
  let printed = '';
  command.configureOutput({ writeOut: (text) => (printed += text) });
  command.outputHelp();
  return printed.slice(command.helpInformation().length).trim();
}

export async function optionsPage(): Promise<string> {
  const { commands } = await commandsWithOptions();
  const shared = new Command();
  addParameterOptions(shared);
  const isShared = (long: string | undefined) => shared.options.some((one) => one.long === long);
  const sections = commands.map((command) => {
    const own = command.options.filter(({ long, hidden }) => !hidden && !isShared(long));
    const takesParameters = command.options.some(
      ({ long, hidden }) => !hidden && long === '--beta1',
    );
    const rows = [
      ...command.registeredArguments.map((one) => [
        code(one.required ? `<${one.name()}>` : `[${one.name()}]`),
        cell(one.description),
      ]),
      ...own.map(({ flags, description, defaultValue }) => [
        code(flags),
        cell(
          defaultValue === undefined ? description : `${description} (default: ${defaultValue})`,
        ),
      ]),
    ];
    return [
      `## ${command.name()}`,
      `${cell(command.description())}.`,
      ...(rows.length > 0 ? [table(['', 'what it does'], rows)] : []),
      ...(takesParameters
        ? ['It also takes the [parameters](parameters.md) and the options of every solver, below.']
        : []),
      `\`\`\`text\n${afterHelp(command)}\n\`\`\``,
    ].join('\n\n');
  });
  const common = shared.options.filter(({ hidden }) => !hidden);
  return [
    '# Every command and option',
    `${MADE} [Commands](commands.md) explains them, with outputs.`,
    ...sections,
    '## Parameters and solver',
    table(
      ['', 'what it does'],
      common.map(({ flags, description }) => [code(flags), cell(description)]),
    ),
    '## Topics',
    'Printed by `qmill help` with one of these words after it:',
    table(
      ['topic', 'what it is about'],
      Object.entries(topics).map(([name, { title }]) => [code(name), cell(title)]),
    ),
    '',
  ].join('\n\n');
}

export function observablesPage(): string {
  const rows = NAMED_OBSERVABLES.map((name) => {
    const record = observableRecord(name);
    const absent = record.absent ?? record.notComputed;
    return [
      code(name),
      cell(record.symbol),
      record.unit === '1' ? '' : unitInText(record.unit),
      cell(record.name),
      cell(record.equation),
      cell(`${record.text}${absent === undefined ? '' : ` Null ${absent}.`}`),
    ];
  });
  return [
    '# Observables',
    `${MADE} The names are those of \`--json\`, of a plan's \`observables\`, of \`--also\` and of \`--show\`; with \`_\` in place of the point those of stores, CSV and netCDF. Equations are those of the paper.`,
    table(['name', 'symbol', 'unit', 'what it is', 'equation', 'more'], rows),
    '',
  ].join('\n\n');
}

interface Schema {
  readonly description?: string;
  readonly unit?: string;
  readonly along?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly verbatim?: boolean;
}

type Row = readonly [path: string, unit: string, text: string];

function* fields(schema: Schema, path: string): Generator<Row> {
  const unit = schema.unit ?? '';
  const text = schema.description ?? '';
  if (schema.verbatim === true) return yield [path, unit, text || 'as it was given'];
  const inner = schema.anyOf?.filter(
    (one) => one.properties ?? one.items ?? one.additionalProperties,
  );
  if (inner !== undefined && inner.length > 0) {
    for (const one of inner) yield* fields({ description: text, ...one }, path);
  } else if (schema.properties !== undefined) {
    if (path !== '' && text !== '') yield [path, unit, text];
    for (const [key, member] of Object.entries(schema.properties)) {
      yield* fields(member, path === '' ? key : `${path}.${key}`);
    }
  } else if (typeof schema.additionalProperties === 'object') {
    if (text !== '') yield [`${path}.NAME`, schema.additionalProperties.unit ?? unit, text];
    yield* fields({ description: '', ...schema.additionalProperties }, `${path}.NAME`);
  } else if (schema.items !== undefined && (schema.items.properties ?? schema.items.anyOf)) {
    if (text !== '') yield [`${path}[]`, unit, text];
    yield* fields(schema.items, `${path}[]`);
  } else {
    const words = schema.enum?.map(String).join(', ') ?? '';
    const said = [text, words, schema.along === undefined ? '' : `along ${schema.along}`];
    yield [
      schema.items === undefined ? path : `${path}[]`,
      unit,
      said.filter((part) => part !== '').join('; '),
    ];
  }
}

/** Each path once, by what says most of it. */
function rowsOf(schema: Schema): Row[] {
  const found = new Map<string, Row>();
  for (const one of schema.anyOf ?? [schema]) {
    for (const row of fields(one, '')) {
      const known = found.get(row[0]);
      if (known === undefined || (known[2] === '' && row[2] !== '')) found.set(row[0], row);
    }
  }
  return [...found.values()];
}

export function jsonPage(): string {
  const sections = OUTPUT_NAMES.map((name) => {
    const rows = rowsOf(outputSchema(name) as Schema).map(([path, unit, text]) => [
      code(path),
      cell(unit),
      cell(text),
    ]);
    return `## ${name}\n\n${table(['field', 'unit', 'what it is'], rows)}`;
  });
  return [
    '# Every field of the JSON',
    `${MADE} \`[]\` stands for each place of a list, \`NAME\` for any name. Some fields are only in the results of described machines, others only in those of the paper's device. Numbers that are not finite, or are not there, are \`null\`. \`qmill schema\` prints the same as JSON Schemas.`,
    ...sections,
    '',
  ].join('\n\n');
}
