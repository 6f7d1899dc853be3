// The null vector of a chain of sites, one for each thread: src/solve/conservingElimination.ts, whose words these are.
//
// The elimination keeps probability (after Grassmann, Taksar and Heyman): a population's pivot is the sum of the
// rates out of it into the unknowns still there, and nothing is subtracted from a diagonal, so that in f32 too every
// population is right to rounding, relative to itself, whatever the condition number. Sites are eliminated from the
// lowest one up to the centre's neighbour, then from the highest one down to its other neighbour, then the centre.
//
// Which entries there are is data, words that src/lindblad/sectorWords.ts writes: one compilation serves all chains
// with as many unknowns of a site. Loops stand where branches and calls would do, as in tape.wgsl, and few
// places read or write an array: on a device in software they compile longer than arithmetic does.
//
// Under the condition `kept` what counting.wgsl solves other equations with stays among the factors: before those of an
// unknown, or of a pair, its inverse pivot, one number or four, and after the factors of each its multipliers.
//
// The n-th number of a chain in an array is at n halves stride + chain, its second half a stride on, so that neighbouring
// threads touch neighbouring addresses.

import constants::{width, paired};
import package::numbers::{real, halves, number, leading, add, multiply, multiply_add, divide};
import package::elimination_steps::{Step, step_of, reaches_at};

struct Batch {
  /// Chains, chains from one number of a chain to its next in every array, levels of a table, and sites.
  count: u32,
  stride: u32,
  levels: u32,
  sites: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<storage, read> words: array<u32>;
/// Of table t at the i-th level number t levels + i.
@group(0) @binding(2) var<storage, read> tables: array<f32>;
@group(0) @binding(3) var<storage, read_write> factors: array<f32>;
/// Of unknown u of site s number s width + u.
@group(0) @binding(4) var<storage, read_write> state: array<f32>;
/// Of each chain a verdict, and the site that is eliminated last: then one nearer to the largest population.
@group(0) @binding(5) var<storage, read_write> verdicts: array<vec2f>;

/// In the order of those in src/backend/webgpu/eliminations.ts.
const solved: f32 = 0.0;
/// A population cannot reach those still there: the steady state may not be unique.
const closed: f32 = 1.0;
/// The populations grow too far beyond the centre's.
const off_center: f32 = 2.0;

/// The population on which the others hang. Tails far below it keep both halves of a double-float.
const scale_of_center: f32 = 0x1p20;
const largest_population: f32 = 1e17;

/// Before the entries: how many there are; a lowest site and one beyond a highest one, between which there are no others
/// than those at all sites; the levels from one site to the next; how many are at all sites, within one, from the one
/// below, and from the one above; and for each unknown of a site how many of the next one's it reaches, from below the
/// centre and from above. Of an entry its row, column, side and sign, the table (1 where there is none), the site that
/// it comes from, its place in the table, and at how many sites it is. Of those at all sites the index in the matrix
/// and the sign, and the number among those of all tables less that of the site's level.
const entries_at = reaches_at + 2u * width;
const no_table = 0xffffffffu;

const order = 2u * width;
/// Rows and columns of a site's unknowns, then of the next one's towards the centre.
var<private> matrix: array<real, order * order>;
/// What the other half of the chain leaves to the centre.
var<private> set_aside: array<real, width * width>;
/// Unknowns of a site, then of the next one.
var<private> x: array<real, order>;

var<private> chain: u32;
var<private> slot: u32;

fn push(value: real) {
  @if(!df64) { factors[slot] = value; }
  @if(df64) {
    factors[slot] = value.x;
    factors[slot + batch.stride] = value.y;
  }
  slot += halves * batch.stride;
}

fn pop() -> real {
  slot -= halves * batch.stride;
  @if(!df64) { return factors[slot]; }
  @if(df64) { return vec2f(factors[slot], factors[slot + batch.stride]); }
}

/// Passes over what is kept for other right-hand sides.
@if(kept)
fn skip(count: u32) {
  slot -= count * halves * batch.stride;
}

fn entry(number: u32) -> real {
  let at = number * halves * batch.stride + chain;
  @if(!df64) { return tables[at]; }
  @if(df64) { return vec2f(tables[at], tables[at + batch.stride]); }
}

fn keep(unknown: u32, value: real) {
  let at = unknown * halves * batch.stride + chain;
  @if(!df64) { state[at] = value; }
  @if(df64) {
    state[at] = value.x;
    state[at + batch.stride] = value.y;
  }
}

/// As many columns as the unknowns up to one are coupled to.
fn columns_of(step: Step, unknown: u32) -> u32 {
  return width + select(words[step.reach + unknown], 0u, step.towards == 0);
}

/// Where entries of a side begin in the matrix, and which site they come from: x and y.
fn placed(step: Step, side: i32) -> vec2u {
  if (side == 0) { return vec2u(0u, step.site); }
  if (side == step.towards) { return vec2u(width * order, step.site); }
  return vec2u(width, step.site + u32(step.towards));
}

fn add_entry(at: u32, place: u32, value: real) {
  matrix[at] = add(matrix[at], value * (1.0 - 2.0 * f32(place >> 18u)));
}

/// Adds the entries of a site, and those between it and the next one.
fn assemble(step: Step) {
  let beside = step.site + u32(step.towards);
  let is_within = step.towards != 0 && min(step.site, beside) >= words[1] && max(step.site, beside) < words[2];
  let count = words[0];
  var at = entries_at;
  for (var n = select(count, 0u, is_within); n > 0u; n--) {
    let place = words[at];
    let side = i32((place >> 16u) & 3u) - 1;
    let there = placed(step, side);
    let i = there.y - words[at + 2u];
    // Below the first one it is beyond all numbers.
    let is_there = i < words[at + 4u] && (side == 0 || step.towards != 0);
    for (var once = u32(is_there); once > 0u; once--) {
      let table = words[at + 1u];
      var value = number(1.0);
      if (table != no_table) { value = entry(table * batch.levels + words[at + 3u] + i * words[3]); }
      add_entry(there.x + (place & 0xffu) * order + ((place >> 8u) & 0xffu), place, value);
    }
    at += 5u;
  }
  at = entries_at + 5u * count;
  for (var group = 0u; group < 3u; group++) {
    let there = placed(step, select(i32(group), -1, group == 2u));
    for (var n = select(0u, words[4u + group], is_within); n > 0u; n--) {
      let place = words[at];
      add_entry(there.x + (place & 0xffffu), place, entry(words[at + 1u] + there.y * words[3]));
      at += 2u;
    }
  }
}

/// Leaves to the next site what its own block has become.
fn carry() {
  for (var r = 0u; r < order; r++) {
    for (var c = 0u; c < order; c++) {
      var left = number(0.0);
      if (r < width && c < width) { left = matrix[(r + width) * order + c + width]; }
      matrix[r * order + c] = left;
    }
  }
}

/// Sets aside what is carried, or adds to it what was set aside.
fn exchange(adds: bool) {
  for (var i = 0u; i < width * width; i++) {
    let at = (i / width) * order + i % width;
    let carried = matrix[at];
    matrix[at] = select(number(0.0), add(carried, set_aside[i]), adds);
    set_aside[i] = carried;
  }
}

/// The unknowns of a site from those after them and from the next site's. False when a population cannot leave.
fn eliminate(step: Step) -> bool {
  var j = 0u;
  while (j < step.count) {
    let is_pair = j < paired;
    let next = j + 1u + u32(is_pair);
    let columns = columns_of(step, next - 1u);
    let first = j * order;
    for (var once = u32(is_pair); once > 0u; once--) {
      // Minus the inverse of the 2x2 block.
      let second = first + order;
      let a = matrix[first + j];
      let b = matrix[first + j + 1u];
      let c = matrix[second + j];
      let d = matrix[second + j + 1u];
      let inverse = divide(number(-1.0), add(multiply(a, d), -multiply(b, c)));
      let aa = multiply(d, inverse);
      let ab = -multiply(b, inverse);
      let ba = -multiply(c, inverse);
      let bb = multiply(a, inverse);
      @if(kept) {
        push(aa);
        push(ab);
        push(ba);
        push(bb);
      }
      for (var k = next; k < columns; k++) {
        let u = matrix[first + k];
        let v = matrix[second + k];
        matrix[first + k] = add(multiply(aa, u), multiply(ab, v));
        matrix[second + k] = add(multiply(ba, u), multiply(bb, v));
      }
    }
    for (var once = u32(!is_pair); once > 0u; once--) {
      var outflow = number(0.0);
      for (var r = next; r < columns; r++) {
        // What goes to a coherence of the next site is no probability.
        if (r < width || r >= width + paired) { outflow = add(outflow, matrix[r * order + j]); }
      }
      if (!(leading(outflow) > 0.0)) { return false; }
      let inverse = divide(number(1.0), outflow);
      @if(kept) { push(inverse); }
      for (var k = next; k < columns; k++) { matrix[first + k] = multiply(matrix[first + k], inverse); }
    }
    for (; j < next; j++) {
      for (var k = next; k < columns; k++) { push(matrix[j * order + k]); }
      for (var r = next; r < columns; r++) {
        let factor = matrix[r * order + j];
        @if(kept) { push(factor); }
        for (var k = next; k < columns; k++) {
          matrix[r * order + k] = multiply_add(matrix[r * order + k], factor, matrix[j * order + k]);
        }
      }
    }
  }
  return true;
}

/// The unknowns of a site from the next one's.
fn substitute(step: Step) {
  var j = step.count;
  while (j > 0u) {
    let next = j;
    let columns = columns_of(step, next - 1u);
    j -= 1u + u32(next <= paired);
    for (var v = next; v > j; v--) {
      var value = number(0.0);
      @if(kept) { skip(columns - next); }
      for (var k = columns; k > next; k--) { value = multiply_add(value, pop(), x[k - 1u]); }
      x[v - 1u] = value;
    }
    @if(kept) { skip(select(1u, 4u, next <= paired)); }
  }
}

@compute @workgroup_size(64)
fn solve(@builtin(global_invocation_id) id: vec3u) {
  chain = id.x;
  if (chain >= batch.count) { return; }
  let center = u32(verdicts[chain].y);
  slot = chain;
  for (var n = 0u; n < batch.sites; n++) {
    let step = step_of(n, center, batch.sites);
    for (var adds = 0u; adds < 2u; adds++) {
      if (select(n == center, step.towards == 0, adds == 1u)) { exchange(adds == 1u); }
    }
    assemble(step);
    if (!eliminate(step)) {
      verdicts[chain] = vec2f(closed, 0.0);
      return;
    }
    carry();
  }

  x[width - 1u] = number(scale_of_center);
  /// The centre's unknowns, on which the lower half hangs, too.
  var middle: array<real, width>;
  var largest = 0.0;
  var peak = center;
  var finite = true;
  for (var n = batch.sites; n > 0u; n--) {
    let step = step_of(n - 1u, center, batch.sites);
    for (var i = 0u; i < width; i++) {
      var value = x[i];
      if (n == center) { value = middle[i]; }
      x[width + i] = value;
    }
    substitute(step);
    for (var i = 0u; i < width; i++) {
      let value = x[i];
      keep(step.site * width + i, value);
      if (n == batch.sites) { middle[i] = value; }
      if (i >= paired && finite) {
        // By its bits: a compiler may hold that there is no infinity.
        finite = (bitcast<u32>(leading(value)) & 0x7f800000u) != 0x7f800000u;
        if (!finite || leading(value) > largest) {
          largest = leading(value);
          peak = step.site;
        }
      }
    }
  }
  let near = finite && largest < largest_population;
  verdicts[chain] = vec2f(select(off_center, solved, near), f32(peak));
}
