// The null vector of a chain of sites, one for each thread: src/solve/conservingElimination.ts, whose words these are.
//
// The elimination keeps probability (after Grassmann, Taksar and Heyman): a population's pivot is the sum of the
// rates out of it into the unknowns still there, and nothing is subtracted from a diagonal, so that in f32 too every
// population is right to rounding, relative to itself, whatever the condition number. Sites are eliminated from the
// lowest one up to the centre's neighbour, then from the highest one down to its other neighbour, then the centre.
//
// Which entries there are is data, words that src/lindblad/sectorWords.ts writes: one compilation serves all chains
// with as many unknowns of a site. Loops stand where branches and calls would do, as in tape.wgsl.
//
// Of the factors of a chain the n-th is at n stride + chain, so that neighbouring threads touch neighbouring
// addresses.

import constants::{width, paired};
import package::sector_numbers::{real, number, leading, add, multiply, multiply_add, divide};

struct Batch {
  /// Chains, chains from one number of a chain to its next in every array, levels of a table, and sites.
  count: u32,
  stride: u32,
  levels: u32,
  sites: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<storage, read> words: array<u32>;
/// Number s of chain p at s stride + p. Of number 0 the second part is the site that is eliminated last.
@group(0) @binding(2) var<storage, read> numbers: array<vec2f>;
/// Table t at the i-th level of chain p at (t levels + i) stride + p.
@group(0) @binding(3) var<storage, read> tables: array<real>;
@group(0) @binding(4) var<storage, read_write> factors: array<real>;
/// Unknown u of site s of chain p at (s width + u) stride + p.
@group(0) @binding(5) var<storage, read_write> state: array<real>;
/// Of each chain a verdict, and a centre nearer to the largest population.
@group(0) @binding(6) var<storage, read_write> verdicts: array<vec2f>;

/// In the order of those in src/backend/webgpu/eliminations.ts.
const solved: f32 = 0.0;
/// A population cannot reach those still there: the steady state may not be unique.
const closed: f32 = 1.0;
/// The populations grow too far beyond the centre's.
const off_center: f32 = 2.0;

/// The population on which the others hang. Tails far below it keep both halves of a double-float.
const scale_of_center: f32 = 0x1p20;
const largest_population: f32 = 1e17;

/// Before the entries: how many there are, and for each unknown of a site how many of the next one's it reaches, from
/// below the centre and from above. Of an entry its row, column, side and sign, the table (1 where there is none),
/// the site that it comes from, the table's first place and the distance to the next one, and how many there are.
const entries_at = 1u + 2u * width;
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
  factors[slot] = value;
  slot += batch.stride;
}

fn pop() -> real {
  slot -= batch.stride;
  return factors[slot];
}

/// One of the steps of an elimination: the site, on which side the next one is (1 above, -1 below, 0 none), how many
/// unknowns go, and where their reach is among the words.
struct Step {
  site: u32,
  towards: i32,
  count: u32,
  reach: u32,
}

fn step_of(step: u32, center: u32) -> Step {
  if (step == batch.sites - 1u) { return Step(center, 0, width - 1u, 1u); }
  if (step < center) { return Step(step, 1, width, 1u); }
  return Step(batch.sites - 1u - (step - center), -1, width, 1u + width);
}

/// As many columns as the unknowns up to one are coupled to.
fn columns_of(step: Step, unknown: u32) -> u32 {
  return width + select(words[step.reach + unknown], 0u, step.towards == 0);
}

/// Adds the entries of a site, and those between it and the next one.
fn assemble(step: Step) {
  var at = entries_at;
  for (var n = words[0]; n > 0u; n--) {
    let place = words[at];
    let side = i32((place >> 16u) & 3u) - 1;
    var row = place & 0xffu;
    var column = (place >> 8u) & 0xffu;
    var source = i32(step.site);
    if (side != 0) {
      if (side == step.towards) { row += width; } else {
        column += width;
        source += step.towards;
      }
    }
    let i = source - i32(words[at + 2u]);
    let is_there = i >= 0 && i < i32(words[at + 5u]) && (side == 0 || step.towards != 0);
    for (var once = u32(is_there); once > 0u; once--) {
      let level = words[at + 3u] + u32(i) * words[at + 4u];
      let table = words[at + 1u];
      var value = number(1.0);
      if (table != no_table) { value = tables[(table * batch.levels + level) * batch.stride + chain]; }
      if ((place >> 18u) != 0u) { value = -value; }
      let entry = row * order + column;
      matrix[entry] = add(matrix[entry], value);
    }
    at += 6u;
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

/// Exchanges what is carried for what was set aside, or adds it.
fn exchange(adds: bool) {
  for (var i = 0u; i < width * width; i++) {
    let at = (i / width) * order + i % width;
    let aside = set_aside[i];
    if (adds) { matrix[at] = add(matrix[at], aside); } else {
      set_aside[i] = matrix[at];
      matrix[at] = number(0.0);
    }
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
      var weights = array<real, 4>(d, -b, -c, a);
      for (var i = 0u; i < 4u; i++) { weights[i] = multiply(weights[i], inverse); }
      for (var k = next; k < columns; k++) {
        let u = matrix[first + k];
        let v = matrix[second + k];
        for (var i = 0u; i < 2u; i++) {
          matrix[first + i * order + k] = add(multiply(weights[2u * i], u), multiply(weights[2u * i + 1u], v));
        }
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
      for (var k = next; k < columns; k++) { matrix[first + k] = multiply(matrix[first + k], inverse); }
    }
    for (; j < next; j++) {
      for (var k = next; k < columns; k++) { push(matrix[j * order + k]); }
      for (var r = next; r < columns; r++) {
        let factor = matrix[r * order + j];
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
      for (var k = columns; k > next; k--) { value = multiply_add(value, pop(), x[k - 1u]); }
      x[v - 1u] = value;
    }
  }
}

@compute @workgroup_size(64)
fn solve(@builtin(global_invocation_id) id: vec3u) {
  chain = id.x;
  if (chain >= batch.count) { return; }
  let center = u32(numbers[chain].y);
  slot = chain;
  for (var n = 0u; n < batch.sites; n++) {
    let step = step_of(n, center);
    if (n == center) { exchange(false); }
    if (step.towards == 0) { exchange(true); }
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
    let step = step_of(n - 1u, center);
    for (var i = 0u; i < width; i++) {
      x[width + i] = x[i];
      if (n == center) { x[width + i] = middle[i]; }
    }
    substitute(step);
    for (var i = 0u; i < width; i++) {
      let value = x[i];
      state[(step.site * width + i) * batch.stride + chain] = value;
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
