// Between which states, and at which frequencies, the baths of the global model act, Eqs. (A1)-(A17): a link
// is described in sector_model.wgsl.

@if(global) import package::sector_numbers::{
  real, number, from_pair, add, add_exactly, multiply, multiply_add, multiply_f32, divide, square_root, leading,
};
@if(global) import package::sector_point::{Point, Rates, Spectrum, detuning_at};
@if(!global) import package::sector_numbers::real;

/// How a link's eigenstates lie to its bare states.
struct Mixing {
  cosine: real,
  sine: real,
  /// E(D, k+1) - E(E, k)
  splitting: real,
  /// E(D, k+1) - E(10, k+1) and E(E, k) - E(10, k+1), free of cancellation.
  direct_shift: real,
  crossed_shift: real,
  turned: bool,
}

/// Eq. (A1): half of the detuning is h, s = sqrt(h^2 + lambda^2).
@if(global)
fn mixing_at(point: Point, place: u32) -> Mixing {
  let k = point.lowest + f32(place);
  let half = multiply_f32(detuning_at(point, k), 0.5);
  let lambda2 = multiply(point.lambda, point.lambda);
  let split = square_root(multiply_add(lambda2, half, half));
  var mixing: Mixing;
  mixing.turned = k < point.above_resonance;
  mixing.cosine = number(1.0);
  mixing.sine = number(0.0);
  mixing.splitting = number(0.0);
  mixing.direct_shift = number(0.0);
  mixing.crossed_shift = number(0.0);
  // Without detuning and interaction the eigenstates are those of the basis.
  if (leading(split) == 0.0) { return mixing; }
  var wide = half;
  if (leading(half) < 0.0) { wide = -half; }
  wide = add(split, wide);
  let narrow = divide(lambda2, wide);
  // cos^2 a = (s + |h|) / 2s and sin 2a = lambda / s
  mixing.cosine = square_root(divide(wide, multiply_f32(split, 2.0)));
  mixing.sine = divide(point.lambda, multiply_f32(multiply(split, mixing.cosine), 2.0));
  mixing.splitting = multiply_f32(split, 2.0);
  mixing.direct_shift = narrow;
  mixing.crossed_shift = -wide;
  if (mixing.turned) {
    mixing.sine = -mixing.sine;
    mixing.splitting = -mixing.splitting;
    mixing.direct_shift = -narrow;
    mixing.crossed_shift = wide;
  }
  return mixing;
}

/// sin(a - a') of neighbouring links, free of cancellation: angles of one sign differ by little.
@if(global)
fn turn_between(point: Point, mixing: Mixing, next: Mixing) -> real {
  let across = multiply(mixing.sine, next.cosine);
  let back = multiply(mixing.cosine, next.sine);
  if (mixing.turned != next.turned) { return add(across, -back); }
  let product = multiply(mixing.splitting, next.splitting);
  if (leading(product) == 0.0) { return number(0.0); }
  let both = add(multiply(mixing.cosine, next.cosine), multiply(mixing.sine, next.sine));
  return divide(multiply(point.lambda, from_pair(point.detuning_step)), multiply(product, both));
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
