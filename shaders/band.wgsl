// A coupled band's equations, solved by the inverses S⁻¹ of its eliminated blocks.
//
// Steps lead from both ends of the band to its middle, each over one level of either side, the last one over
// the middle alone; and back. With z the solution as far as it is known,
//   inwards:  z = S⁻¹ r,      r = x − couplings to the level further out · its z
//   outwards: z = z − S⁻¹ q,  q = couplings to the level further in · its z
// What a level takes long to pass on makes S⁻¹ large, and rounding in r would be enlarged with it. So there is
// S⁻¹ = W + v 1ᵀ, where 1ᵀ sums the populations and W has no large numbers: since the trace is conserved, 1ᵀ r
// is the sum of x over the level and all further out, which `carry` finds without rounding.
//
// A workgroup takes some rows of a level, or all of them; only in the latter case does it go on to the next.

import constants::{most_unknowns, threads};

struct Parameters {
  /// The first of this dispatch's steps; they count down where they lead outwards.
  first: u32,
  steps: u32,
  outwards: u32,
  /// Whether what is found is final.
  last: u32,
  /// Rows that the threads of a workgroup share at a time, by four.
  quads: u32,
}

struct Level {
  /// Its unknowns, populations first; none on a side that has no level in this step.
  begin: u32,
  end: u32,
  populations: u32,
  /// Where its factors start: W and v, column by column, each of whole quads of rows.
  factors: u32,
  /// 1ᵀ r.
  carried: f32,
  /// The sum of x over its populations: so many units, and the rest in units of units.
  high: i32,
  low: i32,
}

struct Row {
  /// Of the numbers that a vector consists of, the one that this unknown is.
  place: u32,
  /// The one that repeats it in the conjugate element, or -1 for a population.
  mirror: i32,
  /// Its first coupling to a level further out, and to one further in.
  outer: u32,
  inner: u32,
}

struct Coupling {
  column: u32,
  value: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
/// Two for each step, those of the lower and of the upper side.
@group(0) @binding(1) var<storage, read> levels: array<Level>;
/// One for each unknown, and one beyond, where the couplings end.
@group(0) @binding(2) var<storage, read> rows: array<Row>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> couplings: array<Coupling>;
@group(0) @binding(5) var<storage, read> factors: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> z: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

var<workgroup> right: array<f32, most_unknowns>;
var<workgroup> partial_sums: array<vec4f, threads>;

/// What S⁻¹ is applied to, of one unknown: r or -q.
fn right_side(unknown: u32) -> f32 {
  let row = rows[unknown];
  var sum = 0.0;
  var first = row.inner;
  var end = rows[unknown + 1].outer;
  if (parameters.outwards == 0) {
    sum = x[row.place];
    first = row.outer;
    end = row.inner;
  }
  for (var k = first; k < end; k++) {
    let coupling = couplings[k];
    sum -= coupling.value * z[coupling.column];
  }
  return sum;
}

fn add(unknown: u32, change: f32) {
  var value = change;
  if (parameters.outwards != 0) { value += z[unknown]; }
  z[unknown] = value;
  if (parameters.last == 0) { return; }
  let row = rows[unknown];
  y[row.place] = value;
  if (row.mirror < 0) {
    y[row.place + 1] = 0.0;
  } else {
    // Imaginary parts are at odd places.
    y[row.mirror] = select(value, -value, row.place % 2 == 1);
  }
}

@compute @workgroup_size(threads)
fn sweep(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let shared_quads = parameters.quads;
  let outwards = parameters.outwards != 0;
  let parts = threads / shared_quads;
  let part = lane / shared_quads;
  for (var t = 0u; t < parameters.steps; t++) {
    let step = select(parameters.first + t, parameters.first - t, outwards);
    let level = levels[2 * step + group.y];
    let order = level.end - level.begin;
    let quads = (order + 3) / 4;
    for (var j = lane; j < order; j += threads) { right[j] = right_side(level.begin + j); }
    workgroupBarrier();
    for (var first = group.x * shared_quads; first < quads; first += groups.x * shared_quads) {
      let quad = first + lane % shared_quads;
      var sum = vec4f();
      if (part < parts && quad < quads) {
        var total = select(0.0, level.carried, !outwards && part == 0);
        for (var j = part; j < order; j += parts) {
          sum += right[j] * factors[level.factors + j * quads + quad];
          if (outwards && j < level.populations) { total += right[j]; }
        }
        sum += total * factors[level.factors + order * quads + quad];
      }
      partial_sums[lane] = sum;
      workgroupBarrier();
      if (part == 0 && quad < quads) {
        for (var p = 1u; p < parts; p++) { sum += partial_sums[lane + p * shared_quads]; }
        for (var r = 0u; r < 4; r++) {
          let unknown = level.begin + 4 * quad + r;
          if (unknown < level.end) { add(unknown, sum[r]); }
        }
      }
      workgroupBarrier();
    }
    storageBarrier();
  }
}

/// The largest x is less than 2^bits units: so many that no sum of x, and of rests, overflows.
@group(0) @binding(0) var<uniform> bits: i32;
@group(0) @binding(1) var<storage, read_write> carrying: array<Level>;

var<workgroup> largest: atomic<u32>;

/// The sums 1ᵀ r, by whole numbers: those of float32 would be as wrong as it rounds. One workgroup.
@compute @workgroup_size(threads)
fn carry(@builtin(local_invocation_index) lane: u32) {
  let count = arrayLength(&carrying);
  for (var k = lane; k < count; k += threads) {
    let level = carrying[k];
    for (var i = level.begin; i < level.begin + level.populations; i++) {
      // Of numbers that are not negative the bits are in the same order.
      atomicMax(&largest, bitcast<u32>(abs(x[rows[i].place])));
    }
  }
  workgroupBarrier();
  // Smaller ones would take the units beyond float32's range.
  let exponent = max(-100, frexp(bitcast<f32>(atomicLoad(&largest))).exp);
  for (var k = lane; k < count; k += threads) {
    let level = carrying[k];
    var high = 0;
    var low = 0;
    for (var i = level.begin; i < level.begin + level.populations; i++) {
      let units = ldexp(x[rows[i].place], bits - exponent);
      let whole = i32(units);
      high += whole;
      low += i32(ldexp(units - f32(whole), bits));
    }
    carrying[k].high = high;
    carrying[k].low = low;
  }
  storageBarrier();
  for (var k = lane; k < count; k += threads) {
    var high = 0;
    var low = 0;
    for (var outer = k % 2; outer <= k; outer += 2u) {
      high += carrying[outer].high;
      low += carrying[outer].low;
    }
    let units = f32(high) + ldexp(f32(low), -bits);
    carrying[k].carried = ldexp(units, exponent - bits);
  }
}
