// Numbers of the kernels for tables, eliminations and counting: f32, or double-float under the condition df64.
//
// The double-float sums here are the short ones: their error is at most 1e-14 of |a| + |b| and not of
// |a + b|, which is all that an elimination without subtractions needs. Guards as in df64.wgsl.

@if(df64) import package::df64;

@if(!df64) alias real = f32;
@if(df64) alias real = vec2f;

/// f32 numbers that one takes.
@if(!df64) const halves = 1u;
@if(df64) const halves = 2u;

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
