// The numbers of the sector kernels, alone and in fours: f32, or double-float under the condition df64.
//
// The double-float sums here are the short ones: their error is at most 1e-14 of |a| + |b| and not of
// |a + b|, which is all that an elimination without subtractions needs. Guards as in df64.wgsl.

@if(df64) import package::df64;
@if(df64) import package::df64::df64_zero;

@if(!df64) alias real = f32;
@if(df64) alias real = vec2f;

/// f32 numbers that one takes.
@if(!df64) const halves = 1u;
@if(df64) const halves = 2u;

@if(!df64) alias real4 = vec4f;
@if(df64)
struct real4 {
  high: vec4f,
  low: vec4f,
}

@if(!df64) fn number(x: f32) -> real { return x; }
@if(df64) fn number(x: f32) -> real { return vec2f(x, 0.0); }

/// A parameter that comes as a pair.
@if(!df64) fn from_pair(x: vec2f) -> real { return x.x + x.y; }
@if(df64) fn from_pair(x: vec2f) -> real { return x; }

@if(!df64) fn to_pair(x: real) -> vec2f { return vec2f(x, 0.0); }
@if(df64) fn to_pair(x: real) -> vec2f { return x; }

@if(!df64) fn leading(x: real) -> f32 { return x; }
@if(df64) fn leading(x: real) -> f32 { return x.x; }

@if(!df64) fn add(a: real, b: real) -> real { return a + b; }

@if(df64)
fn add(a: real, b: real) -> real {
  let high = df64::two_sum(a.x, b.x);
  return df64::quick_two_sum(high.x, df64::rounded(high.y + (a.y + b.y)));
}

/// Right to 3e-14 of |a + b| in double-float, cancellation included.
@if(!df64) fn add_exactly(a: real, b: real) -> real { return a + b; }
@if(df64) fn add_exactly(a: real, b: real) -> real { return df64::add(a, b); }

@if(!df64) fn multiply(a: real, b: real) -> real { return a * b; }
@if(df64) fn multiply(a: real, b: real) -> real { return df64::multiply(a, b); }

@if(!df64) fn multiply_f32(a: real, b: f32) -> real { return a * b; }
@if(df64) fn multiply_f32(a: real, b: f32) -> real { return df64::multiply_f32(a, b); }

@if(!df64) fn divide(a: real, b: real) -> real { return a / b; }

/// Two f32 quotients, each within 2.5 units: right to 2e-14.
@if(df64)
fn divide(a: real, b: real) -> real {
  let first = df64::rounded(a.x / b.x);
  let rest = df64::subtract(a, df64::multiply_f32(b, first));
  return df64::quick_two_sum(first, df64::rounded(rest.x / b.x));
}

@if(!df64) fn square_root(a: real) -> real { return sqrt(a); }
@if(df64) fn square_root(a: real) -> real { return df64::square_root(a); }

/// sum + a b
fn multiply_add(sum: real, a: real, b: real) -> real {
  return add(sum, multiply(a, b));
}

/// constant + slope factor for a whole number as factor. In f32 the leading parts of the pairs have 12
/// bits, so that their sum is exact where it cancels.
@if(!df64)
fn linear(constant: vec2f, slope: vec2f, factor: f32) -> real {
  return (constant.x + slope.x * factor) + (constant.y + slope.y * factor);
}

@if(df64)
fn linear(constant: vec2f, slope: vec2f, factor: f32) -> real {
  return df64::add(constant, df64::multiply_f32(slope, factor));
}

@if(!df64) fn zero4() -> real4 { return vec4f(); }
@if(df64) fn zero4() -> real4 { return real4(vec4f(), vec4f()); }

@if(!df64)
fn four(x: real, y: real, z: real, w: real) -> real4 {
  return vec4f(x, y, z, w);
}

@if(df64)
fn four(x: real, y: real, z: real, w: real) -> real4 {
  return real4(vec4f(x.x, y.x, z.x, w.x), vec4f(x.y, y.y, z.y, w.y));
}

@if(!df64) fn lane(a: real4, i: u32) -> real { return a[i]; }
@if(df64) fn lane(a: real4, i: u32) -> real { return vec2f(a.high[i], a.low[i]); }

@if(!df64) fn leading4(a: real4) -> vec4f { return a; }
@if(df64) fn leading4(a: real4) -> vec4f { return a.high; }

@if(!df64) fn add4(a: real4, b: real4) -> real4 { return a + b; }

@if(df64)
fn add4(a: real4, b: real4) -> real4 {
  let high = two_sum4(a.high, b.high);
  return quick_two_sum4(high.high, rounded4(high.low + (a.low + b.low)));
}

/// Component by component.
@if(!df64) fn multiply4(a: real4, b: real4) -> real4 { return a * b; }

@if(df64)
fn multiply4(a: real4, b: real4) -> real4 {
  let product = two_product4(a.high, b.high);
  let cross = a.high * b.low + a.low * b.high;
  return quick_two_sum4(product.high, rounded4(product.low + cross));
}

@if(!df64) fn scale4(a: real4, factor: real) -> real4 { return a * factor; }

@if(df64)
fn scale4(a: real4, factor: real) -> real4 {
  return multiply4(a, real4(vec4f(factor.x), vec4f(factor.y)));
}

@if(df64)
fn rounded4(x: vec4f) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(df64_zero));
}

@if(df64 && !df64_integer)
fn two_sum4(a: vec4f, b: vec4f) -> real4 {
  let sum = rounded4(a + b);
  let b_part = rounded4(sum - a);
  let a_part = rounded4(sum - b_part);
  return real4(sum, rounded4(rounded4(a - a_part) + rounded4(b - b_part)));
}

@if(df64 && !df64_integer)
fn quick_two_sum4(a: vec4f, b: vec4f) -> real4 {
  let sum = rounded4(a + b);
  return real4(sum, rounded4(b - rounded4(sum - a)));
}

@if(df64 && !df64_integer && !df64_fma)
fn split4(a: vec4f) -> real4 {
  let scaled = rounded4(4097.0 * a);
  let high = rounded4(scaled - rounded4(scaled - a));
  return real4(high, rounded4(a - high));
}

@if(df64 && !df64_integer && !df64_fma)
fn two_product4(a: vec4f, b: vec4f) -> real4 {
  let product = rounded4(a * b);
  let left = split4(a);
  let right = split4(b);
  var error = rounded4(left.high * right.high - product);
  error = rounded4(error + left.high * right.low);
  error = rounded4(error + left.low * right.high);
  return real4(product, rounded4(error + left.low * right.low));
}

@if(df64 && !df64_integer && df64_fma)
fn two_product4(a: vec4f, b: vec4f) -> real4 {
  let product = rounded4(a * b);
  return real4(product, rounded4(fma(a, b, -product)));
}

@if(df64 && df64_integer)
fn two_sum4(a: vec4f, b: vec4f) -> real4 {
  return four(
    df64::two_sum(a.x, b.x),
    df64::two_sum(a.y, b.y),
    df64::two_sum(a.z, b.z),
    df64::two_sum(a.w, b.w),
  );
}

@if(df64 && df64_integer)
fn quick_two_sum4(a: vec4f, b: vec4f) -> real4 {
  return two_sum4(a, b);
}

@if(df64 && df64_integer)
fn two_product4(a: vec4f, b: vec4f) -> real4 {
  return four(
    df64::two_product(a.x, b.x),
    df64::two_product(a.y, b.y),
    df64::two_product(a.z, b.z),
    df64::two_product(a.w, b.w),
  );
}
