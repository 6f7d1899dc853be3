// Double-float arithmetic: a number is the unevaluated sum of two f32, about 48 significant bits.
//
//   real     vec2f(high, low)                          |low| at most half a unit in the last place of high
//   complex  vec4f(re.high, re.low, im.high, im.low)   so z.xz is z rounded to f32
//
// Magnitudes: the rounding error of a product below 1e-24 falls out of f32's normal range and is
// lost, a factor above 1e34 overflows in split(). Scale the problem to stay between.
//
// Every error term below is the difference of two expressions that are equal in real arithmetic. WGSL
// lets a compiler reassociate and contract, that is, to find the difference 0. So every rounded
// intermediate passes through rounded(), which no compiler can see through: it does not know that
// the uniform holds 0. Parentheses, `let` and multiplication by 1 hold nothing back, and a constant
// in place of the uniform is folded away. Never round the same value twice: x ^ zero ^ zero folds to x.
//
// The condition df64_fma takes the error of a product from fma() in place of Dekker's splitting. WGSL
// does not promise that fma() rounds once; only a device on which the probe found so may use it.
// The condition df64_integer takes errors from the arithmetic of whole numbers, of which no compiler thinks
// that it may be undone: for devices on which neither of the others is right.

@group(1) @binding(0) var<uniform> df64_zero: u32;

fn rounded(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ df64_zero);
}

// Of an f32 ±m 2^(e - 150): e as its bits have it, and ±m in units 2^(unit - 150), modulo 2^32. Errors
// have no more than 24 bits, so that a difference modulo 2^32 is all of one.

@if(df64_integer)
fn exponent(x: f32) -> i32 {
  return i32((bitcast<u32>(x) >> 23u) & 255u);
}

@if(df64_integer)
fn in_units(x: f32, unit: i32) -> u32 {
  let bits = bitcast<u32>(x);
  let m = select((bits & 0x7fffffu) | 0x800000u, 0u, exponent(x) == 0);
  let shift = exponent(x) - unit;
  let left = select(m << (u32(shift) & 31u), 0u, shift > 31);
  let size = select(left, m >> (u32(-shift) & 31u), shift < 0);
  return select(size, 0u - size, (bits >> 31u) == 1u);
}

/// A whole number of units; 0 where a unit is below the range of f32.
@if(df64_integer)
fn from_units(count: u32, unit: i32) -> f32 {
  return rounded(f32(bitcast<i32>(count)) * bitcast<f32>(u32(clamp(unit - 23, 0, 254)) << 23u));
}

@if(df64_integer)
fn two_sum(a: f32, b: f32) -> vec2f {
  let sum = rounded(a + b);
  let unit = min(exponent(a), exponent(b));
  return vec2f(sum, from_units(in_units(a, unit) + in_units(b, unit) - in_units(sum, unit), unit));
}

/// a + b = sum + error, exactly (Knuth).
@if(!df64_integer)
fn two_sum(a: f32, b: f32) -> vec2f {
  let sum = rounded(a + b);
  let b_part = rounded(sum - a);
  let a_part = rounded(sum - b_part);
  return vec2f(sum, rounded(rounded(a - a_part) + rounded(b - b_part)));
}

@if(df64_integer)
fn quick_two_sum(a: f32, b: f32) -> vec2f {
  return two_sum(a, b);
}

/// a + b = sum + error, exactly, where |a| >= |b| or a = 0 (Dekker).
@if(!df64_integer)
fn quick_two_sum(a: f32, b: f32) -> vec2f {
  let sum = rounded(a + b);
  return vec2f(sum, rounded(b - rounded(sum - a)));
}

/// a = high + low, halves of at most 12 significant bits, whose products are exact (Dekker, Veltkamp).
@if(!df64_integer && !df64_fma)
fn split(a: f32) -> vec2f {
  let scaled = rounded(4097.0 * a);
  let high = rounded(scaled - rounded(scaled - a));
  return vec2f(high, rounded(a - high));
}

@if(df64_integer)
fn two_product(a: f32, b: f32) -> vec2f {
  let product = rounded(a * b);
  let unit = exponent(a) + exponent(b) - 150;
  let whole = in_units(a, exponent(a)) * in_units(b, exponent(b));
  return vec2f(product, from_units(whole - in_units(product, unit), unit));
}

/// a b = product + error, exactly.
@if(!df64_integer && !df64_fma)
fn two_product(a: f32, b: f32) -> vec2f {
  let product = rounded(a * b);
  let left = split(a);
  let right = split(b);
  var error = rounded(left.x * right.x - product);
  error = rounded(error + left.x * right.y);
  error = rounded(error + left.y * right.x);
  return vec2f(product, rounded(error + left.y * right.y));
}

@if(!df64_integer && df64_fma)
fn two_product(a: f32, b: f32) -> vec2f {
  let product = rounded(a * b);
  return vec2f(product, rounded(fma(a, b, -product)));
}

/// Error at most 3e-14 of |a + b|, cancellation included; associative to that, so fit for reductions.
fn add(a: vec2f, b: vec2f) -> vec2f {
  let high = two_sum(a.x, b.x);
  let low = two_sum(a.y, b.y);
  let sum = quick_two_sum(high.x, rounded(high.y + low.x));
  return quick_two_sum(sum.x, rounded(sum.y + low.y));
}

fn subtract(a: vec2f, b: vec2f) -> vec2f {
  return add(a, -b);
}

/// Error at most 3e-14 of |a b|.
fn multiply(a: vec2f, b: vec2f) -> vec2f {
  let high = two_product(a.x, b.x);
  return quick_two_sum(high.x, rounded(high.y + (a.x * b.y + a.y * b.x)));
}

fn multiply_f32(a: vec2f, b: f32) -> vec2f {
  let high = two_product(a.x, b);
  return quick_two_sum(high.x, rounded(high.y + a.y * b));
}

/// Long division; three f32 quotients, because WGSL grants a quotient an error of 2.5 units.
fn divide(a: vec2f, b: vec2f) -> vec2f {
  let first = rounded(a.x / b.x);
  let once = subtract(a, multiply_f32(b, first));
  let second = rounded(once.x / b.x);
  let twice = subtract(once, multiply_f32(b, second));
  let quotient = quick_two_sum(first, second);
  return quick_two_sum(quotient.x, rounded(quotient.y + twice.x / b.x));
}

/// Two Newton steps from the f32 root; 0 for an argument that is not positive.
fn square_root(a: vec2f) -> vec2f {
  if (a.x <= 0.0) { return vec2f(); }
  let first = rounded(sqrt(a.x));
  let second = rounded(subtract(a, two_product(first, first)).x / (2.0 * first));
  let root = quick_two_sum(first, second);
  let rest = subtract(a, multiply(root, root)).x / (2.0 * first);
  return quick_two_sum(root.x, rounded(root.y + rest));
}

fn complex_add(a: vec4f, b: vec4f) -> vec4f {
  return vec4f(add(a.xy, b.xy), add(a.zw, b.zw));
}

fn complex_subtract(a: vec4f, b: vec4f) -> vec4f {
  return complex_add(a, -b);
}

/// Error of either part at most 1e-13 of |a| |b|.
fn complex_multiply(a: vec4f, b: vec4f) -> vec4f {
  return vec4f(
    subtract(multiply(a.xy, b.xy), multiply(a.zw, b.zw)),
    add(multiply(a.xy, b.zw), multiply(a.zw, b.xy)),
  );
}

/// sum + a b
fn complex_multiply_add(sum: vec4f, a: vec4f, b: vec4f) -> vec4f {
  return complex_add(sum, complex_multiply(a, b));
}

/// z times a real double-float number.
fn complex_multiply_real(z: vec4f, factor: vec2f) -> vec4f {
  return vec4f(multiply(z.xy, factor), multiply(z.zw, factor));
}

fn complex_multiply_f32(z: vec4f, factor: f32) -> vec4f {
  return vec4f(multiply_f32(z.xy, factor), multiply_f32(z.zw, factor));
}

fn complex_conjugate(z: vec4f) -> vec4f {
  return vec4f(z.xy, -z.zw);
}
