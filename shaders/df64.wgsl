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

@group(1) @binding(0) var<uniform> df64_zero: u32;

fn rounded(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ df64_zero);
}

/// a + b = sum + error, exactly (Knuth).
fn two_sum(a: f32, b: f32) -> vec2f {
  let sum = rounded(a + b);
  let b_part = rounded(sum - a);
  let a_part = rounded(sum - b_part);
  return vec2f(sum, rounded(rounded(a - a_part) + rounded(b - b_part)));
}

/// a + b = sum + error, exactly, where |a| >= |b| or a = 0 (Dekker).
fn quick_two_sum(a: f32, b: f32) -> vec2f {
  let sum = rounded(a + b);
  return vec2f(sum, rounded(b - rounded(sum - a)));
}

/// a = high + low, halves of at most 12 significant bits, whose products are exact (Dekker, Veltkamp).
fn split(a: f32) -> vec2f {
  let scaled = rounded(4097.0 * a);
  let high = rounded(scaled - rounded(scaled - a));
  return vec2f(high, rounded(a - high));
}

/// a b = product + error, exactly.
@if(!df64_fma)
fn two_product(a: f32, b: f32) -> vec2f {
  let product = rounded(a * b);
  let left = split(a);
  let right = split(b);
  var error = rounded(left.x * right.x - product);
  error = rounded(error + left.x * right.y);
  error = rounded(error + left.y * right.x);
  return vec2f(product, rounded(error + left.y * right.y));
}

@if(df64_fma)
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
