// The zero-charge sector of one device, from its parameters.
//
// The coherences rho(10 k+1, 01 k) and the populations of their two states make a link between the levels
// k and k+1, to which the populations of 11 and 00 are left. With the condition global the link is described
// between eigenstates, Eq. (A1),
//   |D, k+1> = cos a |10, k+1> + sin a |01, k>,   |E, k> = -sin a |10, k+1> + cos a |01, k>,   |a| <= pi/4,
// where the rates of Eq. (A15) are all positive and leave the coherence alone; between bare states they
// are differences, which cancel where baths are cold. Without it D and E are 10 and 01, a = 0, the rates
// are those of Eq. (14), and the interaction couples the three unknowns of the link instead.
//
// |D, lmin> and |E, lmax> have no partner. They stand outside of all links: an edge.
//
// Exchanging the qubits and l -> -l maps the model to itself, so mirrored() gives the same equations with
// the levels counted downwards, the coherence conjugated, D and E exchanged. Levels are counted from the
// window's (mirrored: upper) edge by `place`, and a link by the level below it.
//
// Loops stand where calls would do: compilers inline every call, and double-float ones are long.

import package::sector_numbers::{
  real, real4, number, from_pair, add, multiply, multiply_add, multiply_f32, linear, four, zero4, scale4,
};
import package::sector_point::{batch, Point, detuning_at};
import package::sector_eigenstates::Mixing;
@if(global) import package::sector_eigenstates::{mixing_at, thermal_rates, turn_between};

/// Rates of a bath between a link and the levels at its ends. Qubit 1 leads from D to 00 of the level above
/// and from 11 of the level below to E, qubit 2 from E to 00 below and from 11 above to D: these are the
/// direct transitions, which the bare states have too. The crossed ones exchange D and E.
struct Transitions {
  direct_down: real,
  direct_up: real,
  @if(global) crossed_down: real,
  @if(global) crossed_up: real,
}

/// Two neighbouring levels, the lower one and the upper one, and the states between them.
struct Link {
  /// E(10, k+1) - E(01, k)
  detuning: real,
  /// Amplitudes of the load over sqrt(load): up from the lower level and the upper one, down from them and from
  /// the level above.
  lower_up: real,
  lower_down: real,
  upper_up: real,
  upper_down: real,
  next_down: real,
  /// Whether the window goes on below the lower level and above the upper one.
  below: bool,
  above: bool,
  baths: array<Transitions, 2>,
  /// Decay of the coherence by the baths: half of all rates out of D and E.
  decay: real,
  /// Of this link and of the next one.
  @if(global) mixings: array<Mixing, 2>,
}

/// The link above the level at `place`.
fn link_at(point: Point, place: u32) -> Link {
  var link = Link();
  let l = point.lowest + f32(place);
  link.detuning = detuning_at(point, l);
  var amplitudes: array<real, 5>;
  var arguments = array<f32, 5>(l, -l, l + 1.0, -l - 1.0, -l - 2.0);
  for (var i = 0u; i < 5u; i++) {
    amplitudes[i] = linear(point.load_factor, point.load_step, arguments[i] - point.balance);
  }
  link.lower_up = amplitudes[0];
  link.lower_down = amplitudes[1];
  link.upper_up = amplitudes[2];
  link.upper_down = amplitudes[3];
  link.next_down = amplitudes[4];
  link.below = place > 0u;
  link.above = place + 2u < batch.levels;
  @if(!global) {
    link.baths[0] = Transitions(point.baths[0].emission, point.baths[0].absorption);
    link.baths[1] = Transitions(point.baths[1].emission, point.baths[1].absorption);
  }
  @if(global) {
    for (var i = 0u; i < 2u; i++) { link.mixings[i] = mixing_at(point, place + i); }
    link.baths = transitions_of(point, link.mixings[0]);
  }
  var rates = number(0.0);
  for (var i = 0u; i < 2u; i++) {
    let bath = link.baths[i];
    rates = add(rates, add(bath.direct_down, bath.direct_up));
    @if(global) { rates = add(rates, add(bath.crossed_down, bath.crossed_up)); }
  }
  link.decay = multiply_f32(rates, 0.5);
  return link;
}

/// The same link in the mirrored model, as far as an edge next to it asks for it.
fn mirrored_link(link: Link) -> Link {
  var other = link;
  other.lower_up = link.upper_down;
  other.upper_down = link.lower_up;
  @if(global) { other.mixings[0].sine = -link.mixings[0].sine; }
  return other;
}

/// All rates by which the load leaves both levels of a link, over its prefactor.
fn load_departure(link: Link) -> real {
  var amplitudes = array<real, 4>(link.lower_up, link.upper_down, link.lower_down, link.upper_up);
  if (!link.below) { amplitudes[2] = number(0.0); }
  if (!link.above) { amplitudes[3] = number(0.0); }
  var rates = number(0.0);
  for (var i = 0u; i < 4u; i++) {
    rates = multiply_add(rates, amplitudes[i], amplitudes[i]);
  }
  return rates;
}

/// The rate at which the load leaves the lower level less that of the upper one, over its prefactor.
@if(global)
fn departure_step(point: Point, link: Link, place: u32) -> real {
  let odd = 2.0 * (point.lowest + f32(place)) + 1.0;
  let tilt = from_pair(point.load_step);
  var step = multiply_f32(multiply(tilt, tilt), -2.0 * odd);
  if (!link.below) { step = add(step, -multiply(link.lower_down, link.lower_down)); }
  if (!link.above) { step = add(step, multiply(link.upper_up, link.upper_up)); }
  return step;
}

/// Both baths' transitions, Eq. (A5), with the rates of Eq. (A15).
@if(global)
fn transitions_of(point: Point, mixing: Mixing) -> array<Transitions, 2> {
  var found: array<Transitions, 2>;
  let weights = array<real, 2>(
    multiply(mixing.cosine, mixing.cosine),
    multiply(mixing.sine, mixing.sine),
  );
  for (var i = 0u; i < 2u; i++) {
    var down = array<real, 2>();
    var up = array<real, 2>();
    for (var crossed = 0u; crossed < 2u; crossed++) {
      var shift = mixing.direct_shift;
      if (crossed == 1u) { shift = mixing.crossed_shift; }
      if (i == 1u) { shift = -shift; }
      let rates = thermal_rates(point.spectra[i], shift);
      down[crossed] = multiply(weights[crossed], rates.emission);
      up[crossed] = multiply(weights[crossed], rates.absorption);
    }
    found[i] = Transitions(down[0], up[0], down[1], up[1]);
  }
  return found;
}

/// A state without partner, |D> of the window's first level, and what it exchanges with the link and the
/// level next to it.
struct Edge {
  /// All rates out of it.
  outflow: real,
  /// What the rows of site unknowns (below) gain for each population of it.
  out: array<real, 6>,
  /// What it gains from a link, and from 11 and 00 of a level.
  from_link: real4,
  from_level: real4,
}

/// @param link the first one
fn edge_of(point: Point, link: Link) -> Edge {
  let zero = number(0.0);
  let left = multiply(point.load, multiply(link.lower_up, link.lower_up));
  let entered = multiply(point.load, multiply(link.upper_down, link.upper_down));
  let one = point.baths[0];
  let two = point.baths[1];
  var edge: Edge;
  edge.outflow = add(left, add(one.emission, two.absorption));
  edge.from_level = four(two.emission, one.absorption, zero, zero);
  @if(!global) {
    edge.out = array<real, 6>(zero, zero, left, zero, two.absorption, one.emission);
    edge.from_link = four(zero, zero, entered, zero);
  }
  @if(global) {
    let mixing = link.mixings[0];
    let direct = multiply(mixing.cosine, mixing.cosine);
    let crossed = multiply(mixing.sine, mixing.sine);
    let mixed = -multiply(mixing.cosine, mixing.sine);
    edge.out = array<real, 6>(
      multiply(mixed, left), zero, multiply(direct, left), multiply(crossed, left), two.absorption, one.emission,
    );
    edge.from_link = scale4(four(multiply_f32(mixed, 2.0), zero, direct, crossed), entered);
  }
  return edge;
}

/// The load's amplitudes for 10 and 01 from a link up to the next one, or from that down.
fn hops(link: Link, upwards: bool) -> array<real, 2> {
  if (upwards) { return array<real, 2>(link.upper_up, link.lower_up); }
  return array<real, 2>(link.next_down, link.upper_down);
}

/// What they do to the rows Re, Im, D, E where they lead.
@if(!global)
fn transfer(point: Point, link: Link, upwards: bool) -> array<real4, 4> {
  let zero = number(0.0);
  let amplitudes = hops(link, upwards);
  let a = amplitudes[0];
  let b = amplitudes[1];
  let both = multiply(point.load, multiply(a, b));
  return array<real4, 4>(
    four(both, zero, zero, zero),
    four(zero, both, zero, zero),
    four(zero, zero, multiply(point.load, multiply(a, a)), zero),
    four(zero, zero, zero, multiply(point.load, multiply(b, b))),
  );
}

@if(global)
fn transfer(point: Point, link: Link, upwards: bool) -> array<real4, 4> {
  let zero = number(0.0);
  let amplitudes = hops(link, upwards);
  let a = amplitudes[0];
  let b = amplitudes[1];
  var start = link.mixings[0];
  var end = link.mixings[1];
  var turn = turn_between(point, start, end);
  // a - b
  var step = from_pair(point.load_step);
  if (!upwards) {
    start = end;
    end = link.mixings[0];
    turn = -turn;
    step = -step;
  }
  let c = multiply(end.cosine, start.cosine);
  let s = multiply(end.sine, start.sine);
  let skew = multiply(step, multiply(end.sine, start.cosine));
  let dd = add(multiply(c, a), multiply(s, b));
  let ee = add(multiply(s, a), multiply(c, b));
  let ed = add(multiply(b, turn), -skew);
  let de = -add(multiply(a, turn), skew);
  var rows = array<real4, 4>(
    four(add(multiply(dd, ee), multiply(de, ed)), zero, multiply(dd, ed), multiply(de, ee)),
    four(zero, multiply(a, b), zero, zero),
    four(multiply_f32(multiply(dd, de), 2.0), zero, multiply(dd, dd), multiply(de, de)),
    four(multiply_f32(multiply(ed, ee), 2.0), zero, multiply(ed, ed), multiply(ee, ee)),
  );
  for (var i = 0u; i < 4u; i++) { rows[i] = scale4(rows[i], point.load); }
  return rows;
}

/// Equations of motion of a site, a level with the link above it: its unknowns are Re, Im, D, E of the link
/// and 11, 00 of the level. Rows are those of the site, then those of the next one. Block b of row r at
/// 3 r + b: columns of the link; of the next link; of 11 and 00 of the level, then of the next one. No
/// diagonals of populations: a column's sum over the populations is 0.
var<private> matrix: array<real4, 36>;

/// What the link above the level at `place` contributes, and the load between it and the next one.
/// @param onward whether there is a next one
fn assemble(point: Point, link: Link, place: u32, onward: bool) {
  let zero = number(0.0);
  let none = zero4();
  let one = link.baths[0];
  let two = link.baths[1];
  var first_crossed = array<real, 2>(zero, zero);
  var second_crossed = array<real, 2>(zero, zero);
  @if(global) {
    first_crossed = array<real, 2>(one.crossed_down, one.crossed_up);
    second_crossed = array<real, 2>(two.crossed_down, two.crossed_up);
  }
  let decay = add(link.decay, multiply_f32(multiply(point.load, load_departure(link)), 0.5));
  let up = multiply(point.load, multiply(link.lower_up, link.lower_up));
  let down = multiply(point.load, multiply(link.upper_down, link.upper_down));

  for (var i = 0u; i < 36u; i++) { matrix[i] = none; }
  @if(!global) {
    let twice = multiply_f32(point.lambda, 2.0);
    matrix[0] = four(-decay, link.detuning, zero, zero);
    matrix[3] = four(-link.detuning, -decay, point.lambda, -point.lambda);
    matrix[6] = four(zero, -twice, zero, zero);
    matrix[9] = four(zero, twice, zero, zero);
  }
  @if(global) {
    let mixing = link.mixings[0];
    let step = multiply(point.load, departure_step(point, link, place));
    let mixed = -multiply(multiply(mixing.cosine, mixing.sine), step);
    let half = multiply_f32(mixed, 0.5);
    matrix[0] = four(-decay, mixing.splitting, half, half);
    matrix[3] = four(-mixing.splitting, -decay, zero, zero);
    matrix[6] = four(mixed, zero, zero, zero);
    matrix[9] = four(mixed, zero, zero, zero);
  }
  matrix[8] = four(first_crossed[0], second_crossed[1], two.direct_down, one.direct_up);
  matrix[11] = four(one.direct_down, two.direct_up, second_crossed[0], first_crossed[1]);
  matrix[12] = four(zero, zero, first_crossed[1], one.direct_up);
  matrix[15] = four(zero, zero, second_crossed[0], two.direct_down);
  matrix[14] = four(zero, zero, down, zero);
  matrix[17] = four(zero, zero, zero, down);
  matrix[30] = four(zero, zero, two.direct_up, second_crossed[1]);
  matrix[33] = four(zero, zero, one.direct_down, first_crossed[0]);
  matrix[32] = four(up, zero, zero, zero);
  matrix[35] = four(zero, up, zero, zero);

  if (onward) {
    for (var upwards = 0u; upwards < 2u; upwards++) {
      let moved = transfer(point, link, upwards == 1u);
      for (var r = 0u; r < 4u; r++) {
        matrix[3u * r + select(1u, 18u, upwards == 1u)] = moved[r];
      }
    }
  }
}
