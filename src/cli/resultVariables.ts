/**
 * What a command reports as variables with dimensions, units and descriptions. All of that is read from the schema
 * of its JSON, which is made of the records of parameters and observables: no command lists its columns.
 */

/** A part of a JSON Schema, with what fields say of themselves. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly unit?: string;
  /** The dimension that a list runs along. */
  readonly along?: string;
  /** Kept as text: of a form that is the user's. */
  readonly verbatim?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

export interface Dimension {
  readonly name: string;
  readonly length: number;
  /** Of rows, each an object, and not of the numbers in one of them. */
  readonly isOfRows: boolean;
  /** Its values where they follow from their places. */
  readonly coordinate: Variable | null;
}

export interface Variable {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly type: 'float64' | 'int32' | 'int8';
  /** The words that numbers stand for; null where they are numbers. */
  readonly words: readonly string[] | null;
  readonly dimensions: readonly string[];
  /** The last dimension fastest; NaN where there is none. */
  readonly values: readonly number[];
}

export interface Variables {
  readonly dimensions: readonly Dimension[];
  readonly variables: readonly Variable[];
  /** What is no number. */
  readonly texts: Readonly<Record<string, string>>;
}

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json | undefined;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const typesOf = ({ type, enum: words }: Schema): readonly string[] =>
  typeof type === 'string' ? [type] : (type ?? (words === undefined ? [] : ['string']));

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const allows = (schema: Schema, value: Json): boolean => {
  const types = typesOf(schema);
  const type = typeOf(value);
  if (types.includes(type)) {
    return !isObject(value) || (schema.required ?? []).every((key) => value[key] !== undefined);
  }
  return type === 'number' && types.includes('integer');
};

/** The one of several schemas that a value follows. */
function followed(schema: Schema, value: Json): Schema {
  if (schema.anyOf === undefined) return schema;
  const { description, unit, along, verbatim } = schema;
  const found = schema.anyOf.find((one) => allows(one, value)) ?? {};
  // What is said of the whole holds for the one.
  const said = { description, unit, along, verbatim };
  return {
    ...Object.fromEntries(Object.entries(said).filter(([, one]) => one !== undefined)),
    ...followed(found, value),
  };
}

/** Whether a missing value is a missing number. */
const isNumeric = (schema: Schema): boolean =>
  typesOf(schema).some((type) => type === 'number' || type === 'integer') ||
  (schema.anyOf?.some(isNumeric) ?? false);

/** π is exact enough for what is drawn along it. */
const angles = (count: number) =>
  Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / count);
const from = (first: number, count: number) => Array.from({ length: count }, (_, k) => first + k);

/** Dimensions whose coordinates are known from the places alone. */
function coordinateOf(name: string, length: number, lmin: number | null): Variable | null {
  const coordinate = (type: Variable['type'], values: number[], description: string, unit = '') =>
    ({ name, unit, description, type, words: null, dimensions: [name], values }) as const;
  switch (name) {
    case 'l':
      return coordinate('int32', from(lmin ?? 0, length), 'level of the rotor', 'hbar');
    case 'level':
      return coordinate('int32', from(0, length), 'level of the subsystem, 0 for the lowest');
    case 'angle':
      return coordinate('float64', angles(length), 'angle of the rotor', 'radian');
    case 'qubits':
      return {
        ...coordinate('int8', from(0, length), 'state of the two qubits, qubit 1 first'),
        words: ['00', '01', '10', '11'],
      };
    default:
      return null;
  }
}

/** The unit of each field of a report that has one, by its path: in a list, of its items, `[]`. */
export function* unitsOf(
  schema: Schema,
  value: unknown,
  path = '',
): Generator<readonly [path: string, unit: string]> {
  const {
    unit = '',
    properties = {},
    additionalProperties,
    items,
  } = followed(schema, value as Json);
  if (unit !== '') yield [path, inFile(unit)];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    if (items !== undefined && value.length > 0) yield* unitsOf(items, value[0], `${path}[]`);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    const member = properties[key] ?? additionalProperties;
    if (typeof member !== 'object' || one === undefined) continue;
    yield* unitsOf(member, one, path === '' ? key : `${path}.${key}`);
  }
}

interface Gathered {
  readonly schema: Schema;
  readonly dimensions: readonly Dimension[];
  readonly values: number[];
  words: readonly string[] | null;
}

const lengthOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((product, { length }) => product * length, 1);

const inFile = (unit = ''): string => unit.replace('ħ', 'hbar').replace('²', '^2');

/** Walks through a report beside its schema. */
class Gathering {
  readonly dimensions = new Map<string, Dimension>();
  readonly gathered = new Map<string, Gathered>();
  readonly texts: Record<string, string> = {};

  /**
   * @param place in the dimensions
   * @param lmin lowest level of the nearest window around
   */
  walk(
    value: Json,
    given: Schema,
    path: readonly string[],
    dimensions: readonly Dimension[] = [],
    place = 0,
    lmin: number | null = null,
  ): void {
    const schema = followed(given, value);
    const name = path.join('_').replaceAll('.', '_');
    if (schema.verbatim === true) this.texts[name] = JSON.stringify(value);
    else if (isObject(value)) {
      const window = value.truncation;
      const held =
        window !== undefined && isObject(window) && typeof window.lmin === 'number'
          ? window.lmin
          : lmin;
      for (const [key, member] of Object.entries(value)) {
        if (member === undefined) continue;
        const inner = schema.properties?.[key] ?? schema.additionalProperties;
        if (typeof inner !== 'object') {
          throw new RangeError(`${[...path, key].join('.')} is in no schema`);
        }
        this.walk(member, inner, [...path, key], dimensions, place, held);
      }
    } else if (isList(value)) this.list(value, schema, path, dimensions, place, lmin);
    else if (typeof value === 'string' && schema.enum === undefined) this.texts[name] = value;
    else if (value !== null || isNumeric(given)) {
      this.put(name, schema, dimensions, place, value);
    }
  }

  private list(
    values: readonly Json[],
    { along, items = {} }: Schema,
    path: readonly string[],
    dimensions: readonly Dimension[],
    place: number,
    lmin: number | null,
  ): void {
    if (along === undefined) {
      this.texts[path.join('_')] = JSON.stringify(values);
      return;
    }
    const [first] = values;
    const isOfRows = dimensions.length === 0 && first !== undefined && isObject(first);
    // What has a coordinate of its own needs no other name.
    const inner = isOfRows && along in first ? path.slice(0, -1) : path;
    const dimension = this.dimension(along, path, values.length, isOfRows, lmin);
    values.forEach((value, k) => {
      const at = place * values.length + k;
      this.walk(value, items, inner, [...dimensions, dimension], at, lmin);
    });
  }

  private dimension(
    along: string,
    path: readonly string[],
    length: number,
    isOfRows: boolean,
    lmin: number | null,
  ): Dimension {
    const made = (name: string): Dimension => {
      const coordinate = coordinateOf(along, length, lmin);
      const renamed = coordinate && { ...coordinate, name, dimensions: [name] };
      return { name, length, isOfRows, coordinate: renamed };
    };
    for (const name of [along, `${path.join('_')}_${along}`]) {
      const dimension = made(name);
      const known = this.dimensions.get(name);
      if (known === undefined) {
        this.dimensions.set(name, dimension);
        return dimension;
      }
      const same = known.coordinate?.values[0] === dimension.coordinate?.values[0];
      if (known.length === length && same) return known;
    }
    throw new RangeError(`two dimensions ${along} of different lengths`);
  }

  private put(
    name: string,
    schema: Schema,
    dimensions: readonly Dimension[],
    place: number,
    value: null | boolean | number | string,
  ): void {
    let into = this.gathered.get(name);
    if (into === undefined) {
      const values = new Array<number>(lengthOf(dimensions)).fill(Number.NaN);
      into = { schema, dimensions, values, words: null };
      this.gathered.set(name, into);
    }
    if (typeof value === 'boolean') {
      into.words = ['false', 'true'];
      into.values[place] = Number(value);
    } else if (typeof value === 'string') {
      into.words = (schema.enum ?? []).map(String);
      into.values[place] = into.words.indexOf(value);
    } else if (value !== null) into.values[place] = value;
  }
}

const isInt32 = (value: number): boolean => (value | 0) === value;

function variableOf(name: string, { schema, dimensions, values, words }: Gathered): Variable {
  const whole = typesOf(schema).includes('integer') && values.every(isInt32);
  return {
    name,
    unit: inFile(schema.unit),
    description: schema.description ?? '',
    type: words !== null ? 'int8' : whole ? 'int32' : 'float64',
    words,
    dimensions: dimensions.map((dimension) => dimension.name),
    values,
  };
}

/** @throws {RangeError} for a field that is not in the schema */
export function variablesOf(report: object, schema: Schema): Variables {
  const gathering = new Gathering();
  // As JSON has it: without what is undefined or no number.
  gathering.walk(JSON.parse(JSON.stringify(report)), schema, []);
  const { dimensions, gathered, texts } = gathering;
  return {
    dimensions: [...dimensions.values()],
    variables: [...gathered].map(([name, one]) => variableOf(name, one)),
    texts,
  };
}
