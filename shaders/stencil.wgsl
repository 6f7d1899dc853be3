// y = L x in float32 for a part of a generator's stencil. The function march() is written out for it.
//
// A thread goes along the diagonals q at some levels side by side, the threads of a tile at neighbouring
// levels along the same diagonals. Every pair of qubit states has its class at q plus a shift of its own,
// chosen so that most of what a class gets comes from the same thread.
//
// Arrays have their lengths written out, and conditions are joined by & in place of &&: software adapters
// branch on the one and divide to find the other.

import package::generated::march;
import constants::levels;
import constants::elements;
import constants::tables_count;
import constants::base_entries;
import constants::piece_entries;
import constants::width;
import constants::tile;

/// Where a pair's class lies: index of level 0 in the vectors, and the levels low <= level < high it has.
struct Row {
  base: i32,
  low: i32,
  high: i32,
}

struct Parameters {
  /// The pieces of this dispatch.
  first_piece: u32,
  pieces: u32,
  /// Diagonals that a piece takes, as long as q < end_q.
  length: i32,
  end_q: i32,
  /// Of `bases`: the q of its first entry, and entries for each pair.
  bases_from: i32,
  bases: i32,
}

const threads = 64u;
const tiles_per_group = threads / tile;
const absent = -0x40000000;

@group(0) @binding(0) var<uniform> parameters: Parameters;
/// Beyond the tables is a number for each of them.
const table_entries = tables_count * (levels + 1);

/// What a tile does at once: its first diagonal, and the level of its first thread.
@group(0) @binding(1) var<storage, read> pieces: array<vec2i, piece_entries>;
/// Of each pair and each q, shifted by the pair's own: where level 0 is, or `absent`.
@group(0) @binding(2) var<storage, read> bases: array<i32, base_entries>;
@group(0) @binding(3) var<storage, read> tables: array<vec2f, table_entries>;
@group(0) @binding(4) var<storage, read> x: array<vec2f, elements>;
@group(0) @binding(5) var<storage, read_write> y: array<vec2f, elements>;

fn row(pair: i32, delta: i32, q: i32) -> Row {
  let base = bases[pair * parameters.bases + q - parameters.bases_from];
  return Row(base, max(delta, 0), select(levels + min(delta, 0), absent, base == absent));
}

/// Where nothing is, what is read of something else does not count.
fn load(at: Row, level: i32) -> vec2f {
  let inside = (level >= at.low) & (level < at.high);
  return select(vec2f(), x[at.base + level], inside);
}

fn store(at: Row, level: i32, value: vec2f) {
  if ((level >= at.low) & (level < at.high)) {
    y[at.base + level] = value;
  }
}

/// Beyond the table, where no element is, some other number.
fn entry(table: i32, level: i32) -> vec2f {
  return tables[clamp(table * levels + level, 0, table_entries - 1)];
}

fn first_of_table(table: i32) -> vec2f {
  return tables[table * levels];
}

/// What is to be added to the table that this one is written as.
fn beyond(table: i32) -> vec2f {
  return tables[tables_count * levels + table];
}

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

/// i a
fn rotated(a: vec2f) -> vec2f {
  return vec2f(-a.y, a.x);
}

@compute @workgroup_size(threads)
fn apply(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let place = (group.x + group.y * groups.x) * tiles_per_group + lane / tile;
  if (place >= parameters.pieces) { return; }
  let piece = pieces[parameters.first_piece + place];
  march(
    piece.x,
    min(piece.x + parameters.length, parameters.end_q),
    piece.y + i32(lane % tile) * width,
  );
}
