// The parameters of the points of a batch, each a device and its window, as src/simulate/sectorPoints.ts
// packs them.

import package::sector_numbers::{real, from_pair, linear};

struct Batch {
  /// Points to solve, and points from one number of a point to its next in every array.
  count: u32,
  stride: u32,
  levels: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
/// Number s of point p at s stride + p.
@group(0) @binding(1) var<storage, read> points: array<vec2f>;

/// Verdicts on a point, in the order of those in src/simulate/sectorSolver.ts.
const solved: f32 = 0.0;
/// A population cannot reach those still there: the steady state may not be unique.
const closed: f32 = 1.0;
/// The populations grow too far beyond the centre's.
const off_center: f32 = 2.0;
/// The flows are too small for the exponents of f32, in which a number has all its digits, in double-float
/// too, above 1e-30.
const faint: f32 = 3.0;

struct Point {
  /// The first level in this orientation.
  lowest: f32,
  /// The level, by its place in the window, that is eliminated last.
  center: u32,
  lambda: real,
  /// I gamma / beta_r
  load: real,
  /// The level l at which 1 - beta_r l / 4I is nearest to 0, from which the others are counted, what is left
  /// there, found exactly by the host, and the step from one level to the next.
  balance: f32,
  load_factor: vec2f,
  load_step: vec2f,
  /// The block k nearest to resonance, from which the others are counted: what the two terms of
  /// E(10, k+1) - E(01, k) leave of each other there the host has found exactly.
  nearest: f32,
  detuning: vec2f,
  /// Its step from one block to the next.
  detuning_step: vec2f,
  /// At 2B: all rates of the local model, and those of the edges.
  baths: array<Rates, 2>,
  @if(global) spectra: array<Spectrum, 2>,
  /// The lowest k with E(10, k+1) >= E(01, k).
  @if(global) above_resonance: f32,
}

/// Out of the excited state, and into it.
struct Rates {
  emission: real,
  absorption: real,
}

struct Spectrum {
  beta: real,
  /// g_i^2 / beta_i
  strength: real,
  /// 2 B_i
  splitting: real,
  /// 1 / cutoff
  inverse_cutoff: real,
}

fn parameter(slot: u32, point: u32) -> vec2f {
  return points[slot * batch.stride + point];
}

fn read_point(at: u32) -> Point {
  var point: Point;
  let place = parameter(0u, at);
  point.lowest = place.x;
  point.center = u32(place.y);
  point.balance = parameter(2u, at).x;
  point.lambda = from_pair(parameter(3u, at));
  point.load = from_pair(parameter(4u, at));
  point.load_factor = parameter(5u, at);
  point.load_step = parameter(6u, at);
  point.detuning = parameter(7u, at);
  point.detuning_step = parameter(8u, at);
  for (var i = 0u; i < 2u; i++) {
    point.baths[i].emission = from_pair(parameter(9u + 2u * i, at));
    point.baths[i].absorption = from_pair(parameter(10u + 2u * i, at));
    @if(global) {
      point.spectra[i] = Spectrum(
        from_pair(parameter(13u + 3u * i, at)),
        from_pair(parameter(14u + 3u * i, at)),
        from_pair(parameter(15u + 3u * i, at)),
        from_pair(parameter(19u, at)),
      );
    }
  }
  let resonance = parameter(1u, at);
  point.nearest = resonance.x;
  @if(global) { point.above_resonance = resonance.y; }
  return point;
}

fn mirrored(point: Point) -> Point {
  var other = point;
  other.lowest = -(point.lowest + f32(batch.levels - 1u));
  other.nearest = -1.0 - point.nearest;
  other.detuning = -point.detuning;
  other.baths[0] = point.baths[1];
  other.baths[1] = point.baths[0];
  @if(global) {
    other.spectra[0] = point.spectra[1];
    other.spectra[1] = point.spectra[0];
    other.above_resonance = -point.above_resonance;
  }
  return other;
}

/// E(10, k+1) - E(01, k)
fn detuning_at(point: Point, k: f32) -> real {
  return linear(point.detuning, point.detuning_step, k - point.nearest);
}
