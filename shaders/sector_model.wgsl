// The zero-charge sector of one device, from its parameters: populations of |n1 n2, l> and coherences
// c_k = <1 0, k+1| rho |0 1, k>, which link the levels k and k+1.
//
// Seen from a link, "own" is its lower level and "inner" the upper one. Exchanging the qubits and l -> -l
// maps the model to itself, so mirrored() gives the same equations with the levels counted downwards, c
// conjugated. Four populations stand in the order 11, 10, 01, 00. Levels are counted from the window's
// (mirrored: upper) edge by `place`.
//
// With the condition global the rates of the baths depend on the level, Eqs. (A1)-(A17), and each jump
// operator is direct (|10, k+1> <-> |00, k+1> for qubit 1) plus crossed (|01, k> <-> |00, k+1>), with
// the interference of the two, mixed. Without it they are those of Eq. (14), all direct.
//
// Loops stand where calls would do: compilers inline every call, and double-float ones are long.

import package::sector_numbers::{
  real, real4, number, from_pair, add, add_exactly, multiply, multiply_add, multiply_f32, divide,
  square_root, leading, linear, four, zero4,
};

struct Batch {
  /// Points to solve, and points from one number of a point to its next in every array.
  count: u32,
  stride: u32,
  levels: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
/// Number s of point p at s stride + p.
@group(0) @binding(1) var<storage, read> points: array<vec2f>;

struct Point {
  /// The first level in this orientation.
  lowest: f32,
  /// The level, by its place in the window, that is eliminated last.
  center: u32,
  lambda: real,
  /// I gamma / beta_r, and beta_r / 4I.
  load: real,
  tilt: vec2f,
  /// E(10, k+1) - E(01, k) = detuning + (2k + 1) detuning_slope
  detuning: vec2f,
  detuning_slope: vec2f,
  /// The direct rates; in the global model of the edge states, which have no partner in the window.
  baths: array<Channel, 2>,
  @if(global) spectra: array<Spectrum, 2>,
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

/// What a bath does at a link: rates out of the excited states (emission), into them (absorption).
struct Channel {
  emission: real,
  absorption: real,
  @if(global) emission_crossed: real,
  @if(global) absorption_crossed: real,
  @if(global) emission_mixed: real,
  @if(global) absorption_mixed: real,
  /// Of the eigenoperators at 2B + s - h and 2B - s - h, as seen from qubit 1.
  @if(global) resolved: array<Rates, 2>,
}

struct Rates {
  emission: real,
  absorption: real,
}

fn parameter(slot: u32, point: u32) -> vec2f {
  return points[slot * batch.stride + point];
}

fn read_point(at: u32) -> Point {
  var point: Point;
  let place = parameter(0u, at);
  point.lowest = place.x;
  point.center = u32(place.y);
  point.lambda = from_pair(parameter(1u, at));
  point.load = from_pair(parameter(2u, at));
  point.tilt = parameter(3u, at);
  point.detuning = parameter(4u, at);
  point.detuning_slope = parameter(5u, at);
  for (var i = 0u; i < 2u; i++) {
    point.baths[i].emission = from_pair(parameter(6u + 2u * i, at));
    point.baths[i].absorption = from_pair(parameter(7u + 2u * i, at));
    @if(global) {
      point.spectra[i] = Spectrum(
        from_pair(parameter(10u + 3u * i, at)),
        from_pair(parameter(11u + 3u * i, at)),
        from_pair(parameter(12u + 3u * i, at)),
        from_pair(parameter(16u, at)),
      );
    }
  }
  return point;
}

fn mirrored(point: Point) -> Point {
  var other = point;
  other.lowest = -(point.lowest + f32(batch.levels - 1u));
  other.detuning = -point.detuning;
  other.baths[0] = point.baths[1];
  other.baths[1] = point.baths[0];
  @if(global) {
    other.spectra[0] = point.spectra[1];
    other.spectra[1] = point.spectra[0];
  }
  return other;
}

struct Link {
  detuning: real,
  baths: array<Channel, 2>,
  /// Decay of the coherence by the baths: half of all rates out of |10, k+1> and |01, k>.
  decay: real,
  /// Half of the interference of the rates out of the two.
  @if(global) mixing: real,
  /// Amplitudes of the load over sqrt(load): up from the own level and the inner one, down from them.
  own_up: real,
  own_down: real,
  inner_up: real,
  inner_down: real,
  /// Whether the window goes on below the own level and above the inner one.
  below: bool,
  above: bool,
  @if(global) pair: Pair,
}

/// Eq. (A1): half of the detuning is h, s = sqrt(h^2 + lambda^2).
struct Pair {
  /// s - h and -(s + h), free of cancellation: w - 2B of qubit 1's two eigenoperators.
  shift: array<real, 2>,
  /// cos^2 and sin^2 of the mixing angle, and cos sin.
  own: array<real, 2>,
  product: real,
}

/// The link above the level at `place`.
fn link_at(point: Point, place: u32) -> Link {
  var link = Link();
  let l = point.lowest + f32(place);
  link.detuning = linear(point.detuning, point.detuning_slope, 2.0 * l + 1.0);
  var amplitudes: array<real, 4>;
  var arguments = vec4f(-l, l, -l - 1.0, l + 1.0);
  for (var i = 0u; i < 4u; i++) {
    amplitudes[i] = linear(vec2f(1.0, 0.0), point.tilt, arguments[i]);
  }
  link.own_up = amplitudes[0];
  link.own_down = amplitudes[1];
  link.inner_up = amplitudes[2];
  link.inner_down = amplitudes[3];
  link.below = place > 0u;
  link.above = place + 2u < batch.levels;
  @if(!global) { link.baths = point.baths; }
  @if(global) {
    link.pair = pair_of(point.lambda, link.detuning);
    link.baths = channels_of(point, link.pair);
  }
  var rates = number(0.0);
  for (var i = 0u; i < 2u; i++) {
    let bath = link.baths[i];
    rates = add(rates, add(bath.emission, bath.absorption));
    @if(global) {
      rates = add(rates, add(bath.emission_crossed, bath.absorption_crossed));
      link.mixing = add(link.mixing, add(bath.emission_mixed, -bath.absorption_mixed));
    }
  }
  link.decay = multiply_f32(rates, 0.5);
  @if(global) { link.mixing = multiply_f32(link.mixing, 0.5); }
  return link;
}

/// Decay of the coherence by the load over its prefactor: half of all rates out of both levels.
fn load_decay(link: Link) -> real {
  var amplitudes = array<real, 4>(link.own_up, link.inner_down, link.own_down, link.inner_up);
  if (!link.below) { amplitudes[2] = number(0.0); }
  if (!link.above) { amplitudes[3] = number(0.0); }
  var rates = number(0.0);
  for (var i = 0u; i < 4u; i++) {
    rates = multiply_add(rates, amplitudes[i], amplitudes[i]);
  }
  return multiply_f32(rates, 0.5);
}

@if(global)
fn pair_of(lambda: real, detuning: real) -> Pair {
  let zero = number(0.0);
  let half = multiply_f32(detuning, 0.5);
  let lambda2 = multiply(lambda, lambda);
  let split = square_root(multiply_add(lambda2, half, half));
  // Without detuning and interaction the eigenstates are those of the basis.
  if (leading(split) == 0.0) {
    return Pair(array<real, 2>(zero, zero), array<real, 2>(number(1.0), zero), zero);
  }
  let positive = leading(half) >= 0.0;
  var large = half;
  if (!positive) { large = -half; }
  large = add(split, large);
  let small = divide(lambda2, large);
  let scale = divide(number(0.5), split);
  let major = multiply(large, scale);
  let minor = multiply(small, scale);
  let product = multiply(lambda, scale);
  if (positive) { return Pair(array<real, 2>(small, -large), array<real, 2>(major, minor), product); }
  return Pair(array<real, 2>(large, -small), array<real, 2>(minor, major), product);
}

/// The same as seen from qubit 2: h changes its sign.
@if(global)
fn mirrored_pair(pair: Pair) -> Pair {
  return Pair(
    array<real, 2>(-pair.shift[1], -pair.shift[0]),
    array<real, 2>(pair.own[1], pair.own[0]),
    pair.product,
  );
}

/// Both baths' eigenoperators, Eq. (A5), with the rates of Eq. (A15).
@if(global)
fn channels_of(point: Point, pair: Pair) -> array<Channel, 2> {
  var channels: array<Channel, 2>;
  var seen = pair;
  for (var i = 0u; i < 2u; i++) {
    // Said and not left to the declaration: one driver keeps the last turn's value.
    var channel = Channel();
    for (var s = 0u; s < 2u; s++) {
      let rates = thermal_rates(point.spectra[i], seen.shift[s]);
      let own = seen.own[s];
      let direct = multiply(own, own);
      let crossed = multiply(seen.product, seen.product);
      var mixed = multiply(own, seen.product);
      if (s == 1u) { mixed = -mixed; }
      channel.emission = multiply_add(channel.emission, direct, rates.emission);
      channel.absorption = multiply_add(channel.absorption, direct, rates.absorption);
      channel.emission_crossed = multiply_add(channel.emission_crossed, crossed, rates.emission);
      channel.absorption_crossed = multiply_add(channel.absorption_crossed, crossed, rates.absorption);
      channel.emission_mixed = multiply_add(channel.emission_mixed, mixed, rates.emission);
      channel.absorption_mixed = multiply_add(channel.absorption_mixed, mixed, rates.absorption);
      channel.resolved[s] = rates;
    }
    channels[i] = channel;
    seen = mirrored_pair(seen);
  }
  return channels;
}

/// J(w) (n(w) + 1) and J(w) n(w) at w = 2B + shift, for either sign of w, Eqs. (A12), (A16), (A17).
@if(global)
fn thermal_rates(spectrum: Spectrum, shift: real) -> Rates {
  let omega = add_exactly(spectrum.splitting, shift);
  let scaled = multiply(omega, spectrum.inverse_cutoff);
  let strength = divide(spectrum.strength, multiply_add(number(1.0), scaled, scaled));
  let negative = leading(omega) < 0.0;
  var x = multiply(spectrum.beta, omega);
  if (negative) { x = -x; }
  let lower = multiply(strength, bose(x));
  let higher = multiply_add(lower, strength, x);
  if (negative) { return Rates(lower, higher); }
  return Rates(higher, lower);
}

/// 1/n! for n = 2 ... 10 as pairs of f32.
@if(global)
const inverse_factorials = array<vec2f, 9>(
  vec2f(0.5, 0.0),
  vec2f(0x1.555556p-3, -0x1.555556p-28),
  vec2f(0x1.555556p-5, -0x1.555556p-30),
  vec2f(0x1.111112p-7, -0x1.ddddep-32),
  vec2f(0x1.6c16c2p-10, -0x1.27d27ep-35),
  vec2f(0x1.a01a02p-13, -0x1.7f97fap-39),
  vec2f(0x1.a01a02p-16, -0x1.7f97fap-42),
  vec2f(0x1.71de3ap-19, 0x1.55b1ccp-45),
  vec2f(0x1.27e4fcp-22, -0x1.10ec14p-47),
);

/// x / (e^x - 1) for x >= 0. All terms are positive: e^x - 1 = 2^n (e^r - 1) + 2^n - 1, r = x - n log 2
/// in [0, log 2), and e^r - 1 from the series at r/16 by e^2y - 1 = (e^y - 1) (2 + (e^y - 1)).
@if(global)
fn bose(x: real) -> real {
  // Less than 1e-32: nothing that a population above 1e-30 could feel.
  if (leading(x) > 80.0) { return number(0.0); }
  if (leading(x) < 1e-14) { return number(1.0); }
  let n = floor(leading(x) * 1.44269504);
  var r = add_exactly(x, multiply_f32(from_pair(vec2f(0x1.62e43p-1, -0x1.05c61p-29)), -n));
  r = multiply_f32(r, 0.0625);
  // e^y - 1 = y (1 + y (1/2 + y (1/6 + ...)))
  var series = from_pair(inverse_factorials[8]);
  for (var i = 8; i >= 0; i--) {
    var term = number(1.0);
    if (i > 0) { term = from_pair(inverse_factorials[i - 1]); }
    series = multiply_add(term, r, series);
  }
  var e = multiply(r, series);
  for (var i = 0; i < 4; i++) { e = multiply(e, add(number(2.0), e)); }
  if (n > 0.0) {
    // Not exp2(), which WGSL lets be inexact.
    let power = bitcast<f32>((u32(n) + 127u) << 23u);
    e = add(add(multiply_f32(e, power), number(power)), number(-1.0));
  }
  return divide(x, e);
}

/// Equations of motion at a link: rows are its (Re c, Im c), the own populations, and those of the inner
/// site. Block b of row r at 3 r + b: columns own populations; inner populations; own and inner
/// (Re c, Im c). No diagonals of populations: a column's sum over the populations is 0.
var<private> matrix: array<real4, 36>;

/// What the link, the load between its levels and the baths within the own level contribute.
/// @param below the baths at the link below
/// @param onward whether the inner link is coupled
fn assemble(point: Point, below: array<Channel, 2>, link: Link, onward: bool) {
  let zero = number(0.0);
  let none = zero4();
  let decay = multiply_add(link.decay, point.load, load_decay(link));
  let twice = multiply_f32(point.lambda, 2.0);
  let up = multiply(point.load, multiply(link.own_up, link.own_up));
  let down = multiply(point.load, multiply(link.inner_down, link.inner_down));
  var forth = zero;
  var back = zero;
  if (onward) {
    forth = multiply(point.load, multiply(link.own_up, link.inner_up));
    let next_down = add(multiply_f32(link.inner_down, 2.0), -link.own_down);
    back = multiply(point.load, multiply(link.inner_down, next_down));
  }
  let b1 = below[0];
  let b2 = below[1];
  let k1 = link.baths[0];
  let k2 = link.baths[1];

  matrix[0] = none;
  matrix[1] = none;
  matrix[2] = four(-decay, link.detuning, back, zero);
  matrix[3] = four(zero, zero, -point.lambda, zero);
  matrix[4] = four(zero, point.lambda, zero, zero);
  matrix[5] = four(-link.detuning, -decay, zero, back);

  matrix[6] = four(zero, b2.absorption, k1.absorption, zero);
  matrix[9] = four(b2.emission, zero, zero, b1.absorption);
  matrix[12] = four(k1.emission, zero, zero, k2.absorption);
  matrix[15] = four(zero, b1.emission, k2.emission, zero);
  matrix[7] = four(down, zero, zero, zero);
  matrix[10] = four(zero, down, zero, zero);
  matrix[13] = four(zero, zero, down, zero);
  matrix[16] = four(zero, zero, zero, down);
  matrix[8] = none;
  matrix[11] = none;
  matrix[14] = four(zero, twice, zero, zero);
  matrix[17] = none;

  matrix[18] = none;
  matrix[19] = none;
  matrix[20] = four(forth, zero, zero, zero);
  matrix[21] = none;
  matrix[22] = none;
  matrix[23] = four(zero, forth, zero, zero);

  matrix[24] = four(up, zero, zero, zero);
  matrix[27] = four(zero, up, zero, zero);
  matrix[30] = four(zero, zero, up, zero);
  matrix[33] = four(zero, zero, zero, up);
  for (var i = 25u; i < 35u; i += 3u) {
    matrix[i] = none;
    matrix[i + 1u] = none;
  }
  matrix[29] = four(zero, -twice, zero, zero);

  @if(global) {
    let mixed = multiply_f32(link.mixing, 2.0);
    matrix[0] = four(-k1.emission_mixed, zero, -link.mixing, k2.absorption_mixed);
    matrix[1] = four(-k2.emission_mixed, -link.mixing, zero, k1.absorption_mixed);
    matrix[7] = four(down, k1.absorption_crossed, zero, zero);
    matrix[13] = four(k2.emission_crossed, zero, down, k1.absorption_crossed);
    matrix[16] = four(zero, k2.emission_crossed, zero, down);
    matrix[8] = four(multiply_f32(k1.absorption_mixed, -2.0), zero, zero, zero);
    matrix[14] = four(-mixed, twice, zero, zero);
    matrix[17] = four(multiply_f32(k2.emission_mixed, 2.0), zero, zero, zero);
    matrix[24] = four(up, zero, k2.absorption_crossed, zero);
    matrix[27] = four(k1.emission_crossed, up, zero, k2.absorption_crossed);
    matrix[33] = four(zero, zero, k1.emission_crossed, up);
    matrix[26] = four(multiply_f32(k2.absorption_mixed, -2.0), zero, zero, zero);
    matrix[29] = four(-mixed, -twice, zero, zero);
    matrix[35] = four(multiply_f32(k1.emission_mixed, 2.0), zero, zero, zero);
  }
}
