// The functions of src/machine/functions.ts in f32 and double-float.

import package::numbers::{
  real, number, from_pair, leading, add, add_exactly, multiply, multiply_f32, divide, square_root,
};

/// ln 2 and pi/2 in three parts: products of the first two with whole numbers lose nothing that is felt.
const ln2 = array<vec2f, 2>(vec2f(0x1.62e43p-1, -0x1.05c61p-29), vec2f(-0x1.950d88p-54, 0.0));
const half_pi = array<vec2f, 2>(vec2f(0x1.921fb6p+0, -0x1.777a5cp-25), vec2f(-0x1.ee59dap-50, 0.0));

/// Beyond it e^x stays what it is there: what is multiplied in double-float may not be larger.
const largest_exponent: f32 = 76.0;

/// 1/n! for n = 1 ... 8
@if(df64)
const inverse_factorials = array<vec2f, 8>(
  vec2f(1.0, 0.0),
  vec2f(0.5, 0.0),
  vec2f(0x1.555556p-3, -0x1.555556p-28),
  vec2f(0x1.555556p-5, -0x1.555556p-30),
  vec2f(0x1.111112p-7, -0x1.ddddep-32),
  vec2f(0x1.6c16c2p-10, -0x1.27d27ep-35),
  vec2f(0x1.a01a02p-13, -0x1.7f97fap-39),
  vec2f(0x1.a01a02p-16, -0x1.7f97fap-42),
);

/// x less a whole number of times a constant.
fn reduced(x: real, parts: array<vec2f, 2>, times: f32) -> real {
  var own = parts;
  var rest = x;
  for (var i = 0u; i < 2u; i++) { rest = add_exactly(rest, multiply_f32(from_pair(own[i]), -times)); }
  return rest;
}

/// (e^y - 1)/y = 1 + y (1/2 + y (1/6 + ...)) for |y| < 0.022
@if(!df64)
fn exponential_series(y: real) -> real {
  return 1.0 + y * (0.5 + y * (0x1.555556p-3 + y * 0x1.555556p-5));
}

@if(df64)
fn exponential_series(y: real) -> real {
  var coefficients = inverse_factorials;
  var series = from_pair(coefficients[7]);
  for (var k = 7u; k > 0u; k--) { series = add(multiply(y, series), from_pair(coefficients[k - 1u])); }
  return series;
}

/// e^x - 1 for less = 1, right relative to itself, and e^x for 0.
fn exponential_less(argument: real, less: f32) -> real {
  var x = argument;
  if (abs(leading(x)) > largest_exponent) { x = number(clamp(leading(x), -largest_exponent, largest_exponent)); }
  let n = round(leading(x) * 1.44269504);
  let r = multiply_f32(reduced(x, ln2, n), 0.0625);
  var e = multiply(r, exponential_series(r));
  // e^2y - 1 = (e^y - 1) (2 + (e^y - 1))
  for (var i = 0; i < 4; i++) { e = multiply(e, add_exactly(number(2.0), e)); }
  // Not exp2(), which WGSL lets be inexact.
  let power = bitcast<f32>(u32(i32(n) + 127) << 23u);
  return add_exactly(multiply_f32(e, power), add_exactly(number(power), number(-less)));
}

/// sin(x + quarters pi/2)
fn turned(x: real, quarters: u32) -> real {
  let n = round(leading(x) * 0.636619772);
  let r = reduced(x, half_pi, n);
  let square = -multiply(r, r);
  let turn = (u32(i32(n) & 3) + quarters) & 3u;
  let is_cosine = turn & 1u;
  // r (1 - r^2/(2 3) (1 - r^2/(4 5) (1 - ...))), of the cosine 1 - r^2/(1 2) (1 - r^2/(3 4) (1 - ...))
  var series = number(1.0);
  for (var k = 9u; k > 0u; k--) {
    let last = f32(2u * k + 1u - is_cosine);
    series = add_exactly(number(1.0), divide(multiply(square, series), number(last * (last - 1.0))));
  }
  var first = r;
  if (is_cosine == 1u) { first = number(1.0); }
  if (turn > 1u) { first = -first; }
  return multiply(first, series);
}

struct Angle {
  split: real,
  cosine: real,
  sine: real,
}

fn magnitude(x: real) -> real {
  if (leading(x) < 0.0) { return -x; }
  return x;
}

fn with_sign_of(h: real, x: real) -> real {
  if (leading(h) < 0.0) { return -x; }
  return x;
}

/// sqrt(h^2 + v^2), and the mixing angle of two states with half of their detuning h and coupling v.
fn angle_of(h: real, v: real) -> Angle {
  let split = square_root(add_exactly(multiply(h, h), multiply(v, v)));
  if (leading(split) == 0.0) { return Angle(split, number(1.0), number(0.0)); }
  let cosine = square_root(divide(add_exactly(split, magnitude(h)), multiply_f32(split, 2.0)));
  let sine = divide(with_sign_of(h, v), multiply_f32(multiply(split, cosine), 2.0));
  return Angle(split, cosine, sine);
}

/// By kind: of one pair of states (h, v, -, -) 0 the cosine, 1 the sine, 2 the shift sqrt(h^2 + v^2) - |h| with the
/// sign of h, 3 the splitting; of two (h, other h, their difference, v) 4 the sine and 5 the cosine of the
/// difference of their angles, by what does not cancel.
fn mixed(kind: u32, values: array<real, 4>) -> real {
  var own = values;
  let is_two = kind > 3u;
  let h = own[0];
  var other = h;
  var v = own[1];
  if (is_two) {
    other = own[1];
    v = own[3];
  }
  var angles: array<Angle, 2>;
  var half = h;
  for (var i = 0u; i < 1u + u32(is_two); i++) {
    angles[i] = angle_of(half, v);
    half = other;
  }
  let one = angles[0];
  let two = angles[1];
  let is_one_sign = (leading(h) < 0.0) == (leading(other) < 0.0);
  let sine = add_exactly(multiply(one.sine, two.cosine), -multiply(one.cosine, two.sine));
  let cosine = add_exactly(multiply(one.cosine, two.cosine), multiply(one.sine, two.sine));

  // What there is without a quotient, and a quotient.
  var direct = number(0.0);
  var above = multiply_f32(multiply(v, own[2]), 2.0);
  var below = multiply_f32(multiply(one.split, two.split), 4.0);
  var divides = is_one_sign == (kind == 4u);
  switch (kind) {
    case 0u: { direct = one.cosine; }
    case 1u: { direct = one.sine; }
    case 2u: {
      above = with_sign_of(h, multiply(v, v));
      below = add_exactly(one.split, magnitude(h));
      divides = true;
    }
    case 3u: { direct = with_sign_of(h, multiply_f32(one.split, 2.0)); }
    case 4u: {
      below = multiply(below, cosine);
      if (!is_one_sign) { direct = sine; }
    }
    default: {
      below = -multiply(below, sine);
      direct = cosine;
    }
  }
  if (kind == 0u || kind == 1u || kind == 3u || leading(below) == 0.0) { divides = false; }
  if (divides) { return divide(above, below); }
  return direct;
}

/// x / (e^x - 1) for x >= 0
fn bose(x: real) -> real {
  if (leading(x) == 0.0) { return number(1.0); }
  return divide(x, exponential_less(x, 1.0));
}

/// J(w) (n(w) + 1), for either sign of w.
fn ohmic_emission(w: real, beta: real, coupling: real, cutoff: real) -> real {
  let scaled = divide(w, cutoff);
  let damping = multiply(beta, add_exactly(number(1.0), multiply(scaled, scaled)));
  let strength = divide(multiply(coupling, coupling), damping);
  let x = multiply(beta, magnitude(w));
  let lower = multiply(strength, bose(x));
  if (leading(w) < 0.0) { return lower; }
  return add_exactly(lower, multiply(strength, x));
}
