// y = L x in float32 for a generator that is a stencil. The function update() is written out for it.
//
// A thread has the number q of a diagonal and a level. Every pair of qubit states has its class at
// q plus a shift of its own, chosen so that most of what a class gets comes from the same thread.

import package::generated::update;

/// Where a pair's class lies: index of level 0 in the vectors, and the levels low <= level < high it has.
struct Place {
  base: i32,
  low: i32,
  high: i32,
}

struct Parameters {
  levels: i32,
  /// Threads along the levels, and the level of the first.
  columns: u32,
  first_level: i32,
  /// The first and the number of diagonals of this dispatch.
  first_q: i32,
  diagonals: u32,
  /// Of `bases`: the q of its first entry, and entries for each pair.
  bases_from: i32,
  bases: i32,
}

const threads = 64u;
const absent = -0x40000000;

@group(0) @binding(0) var<uniform> parameters: Parameters;
/// Of each pair and each q, shifted by the pair's own: where level 0 is, or `absent`.
@group(0) @binding(1) var<storage, read> bases: array<i32>;
@group(0) @binding(2) var<storage, read> tables: array<vec2f>;
@group(0) @binding(3) var<storage, read> x: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec2f>;

fn place(pair: i32, delta: i32, q: i32) -> Place {
  let base = bases[pair * parameters.bases + q - parameters.bases_from];
  let high = select(parameters.levels + min(delta, 0), absent, base == absent);
  return Place(base, max(delta, 0), high);
}

fn load(at: Place, level: i32) -> vec2f {
  let inside = level >= at.low && level < at.high;
  return select(vec2f(), x[select(0, at.base + level, inside)], inside);
}

fn store(at: Place, level: i32, value: vec2f) {
  if (level >= at.low && level < at.high) {
    y[at.base + level] = value;
  }
}

/// Beyond the table, where no element is, some other number.
fn entry(table: i32, level: i32) -> vec2f {
  return tables[max(0, table * parameters.levels + level)];
}

fn first_of_table(table: i32) -> vec2f {
  return tables[table * parameters.levels];
}

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

/// i a
fn rotated(a: vec2f) -> vec2f {
  return vec2f(-a.y, a.x);
}

fn where_delta(condition: bool) -> f32 {
  return select(0.0, 1.0, condition);
}

@compute @workgroup_size(threads)
fn apply(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.x + id.y * groups.x * threads;
  let row = thread / parameters.columns;
  if (row >= parameters.diagonals) { return; }
  let column = i32(thread - row * parameters.columns);
  update(parameters.first_q + i32(row), parameters.first_level + column);
}
