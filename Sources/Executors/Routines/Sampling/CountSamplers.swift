#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A count of the Poisson distribution.
///
/// - Source: below a mean of 10 products of uniform numbers, Knuth, TAOCP 2, 3.4.1; from there on
///   transformed rejection, PTRS of Hörmann, Insurance: Mathematics and Economics 12, 1993.
func poisson(_ stream: inout SubStream, _ mean: Double) -> Double {
  if mean == 0 { return 0 }
  if mean < 10 {
    let limit = exp(-mean)
    var (count, product) = (0.0, stream.unit())
    while product > limit {
      count += 1
      product *= stream.unit()
    }
    return count
  }
  let b = 0.931 + 2.53 * mean.squareRoot()
  let a = -0.059 + 0.02483 * b
  let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  let fast = 0.9277 - 3.6224 / (b - 2)
  let logMean = log(mean)
  while true {
    let u = stream.unit() - 0.5
    let v = stream.positiveUnit()
    let distance = 0.5 - abs(u)
    let count = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
    if distance >= 0.07 && v <= fast { return count }
    if count < 0 || distance < 0.013 && v > distance { continue }
    let left = log(v) + log(inverseAlpha) - log(a / (distance * distance) + b)
    if left <= -mean + count * logMean - logFactorial(count) { return count }
  }
}

/// A count of the binomial distribution.
///
/// - Source: below a mean of 10 sums of geometric numbers, Devroye, Non-Uniform Random Variate
///   Generation, X.4.3; from there on transformed rejection, BTRS of Hörmann, J. Statist. Comput.
///   Simul. 46, 1993.
func binomial(_ stream: inout SubStream, _ n: Double, _ probability: Double) -> Double {
  if n == 0 || probability == 0 { return 0 }
  if probability == 1 { return n }
  if probability > 0.5 { return n - binomial(&stream, n, 1 - probability) }
  let p = probability
  if n * p < 10 {
    let logFailure = log1p(-p)
    var (count, places) = (0.0, 0.0)
    while true {
      places += max(1, (log(stream.positiveUnit()) / logFailure).rounded(.up))
      if places > n { return count }
      count += 1
    }
  }
  let deviation = (n * p * (1 - p)).squareRoot()
  let b = 1.15 + 2.53 * deviation
  let a = -0.0873 + 0.0248 * b + 0.01 * p
  let c = n * p + 0.5
  let fast = 0.92 - 4.2 / b
  let odds = p / (1 - p)
  let alpha = (2.83 + 5.1 / b) * deviation
  let mode = ((n + 1) * p).rounded(.down)
  while true {
    let u = stream.unit() - 0.5
    let v = stream.positiveUnit()
    let distance = 0.5 - abs(u)
    let count = ((2 * a / distance + b) * u + c).rounded(.down)
    if distance >= 0.07 && v <= fast { return count }
    if count < 0 || count > n { continue }
    let left = log(v * alpha / (a / (distance * distance) + b))
    let right =
      (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1)))
      + (n + 1) * log((n - mode + 1) / (n - count + 1))
      + (count + 0.5) * log(odds * (n - count + 1) / (count + 1)) + stirlingRest(mode)
      + stirlingRest(n - mode) - stirlingRest(count) - stirlingRest(n - count)
    if left <= right { return count }
  }
}

/// log(k!) less Stirling's approximation of it.
private func stirlingRest(_ k: Double) -> Double {
  let x = k + 1
  if k < 10 {
    return logFactorial(k) - (0.918_938_533_204_672_74 + (k + 0.5) * log(x) - x)
  }
  let inverse = 1 / (x * x)
  return (1.0 / 12 - (1.0 / 360 - inverse / 1260) * inverse) / x
}

/// How many good ones are among some drawn without replacement.
///
/// - Source: few draws one by one; else ratio of uniforms, HRUA of Stadlober, "Sampling from
///   Poisson, binomial and hypergeometric distributions", Ber. Math.-Statist. Sekt. Graz 303, 1989.
func hypergeometric(
  _ stream: inout SubStream, good: Double, bad: Double, draws: Double
) -> Double {
  let population = good + bad
  // What is left is as random as what is drawn.
  let sample = min(draws, population - draws)
  if sample < 10 {
    var (left, goodLeft, rest) = (population, good, sample)
    while rest > 0, goodLeft > 0, left > goodLeft {
      left -= 1
      if Double(stream.below(UInt64(left))) < goodLeft { goodLeft -= 1 }
      rest -= 1
    }
    if left == goodLeft { goodLeft -= rest }
    return sample < draws ? goodLeft : good - goodLeft
  }
  let (fewer, more) = (min(good, bad), max(good, bad))
  let (p, q) = (fewer / population, more / population)
  let center = sample * p + 0.5
  let variance = (population - sample) * sample * p * q / (population - 1)
  let c = (variance + 0.5).squareRoot()
  // 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e).
  let width = 1.715_527_769_921_413_5 * c + 0.898_916_162_058_898_8
  let mode = ((sample + 1) * (fewer + 1) / (population + 2)).rounded(.down)
  func logs(_ k: Double) -> Double {
    logFactorial(k) + logFactorial(fewer - k) + logFactorial(sample - k)
      + logFactorial(more - sample + k)
  }
  let top = logs(mode)
  let bound = min(min(sample, fewer) + 1, (center + 16 * c).rounded(.down))
  var count = 0.0
  while true {
    let (u, v) = (stream.positiveUnit(), stream.unit())
    let x = center + width * (v - 0.5) / u
    if x < 0 || x >= bound { continue }
    count = x.rounded(.down)
    let t = top - logs(count)
    if u * (4 - u) - 3 <= t { break }
    if u * (u - t) >= 1 { continue }
    if 2 * log(u) <= t { break }
  }
  if good > bad { count = sample - count }
  return sample < draws ? good - count : count
}

/// A number of Zipf's distribution.
///
/// - Source: rejection, Devroye, Non-Uniform Random Variate Generation, X.6.1; numbers that 64 bits
///   do not hold are left out.
func zipf(_ stream: inout SubStream, _ exponent: Double) -> Double {
  if exponent >= 1025 { return 1 }
  let power = exponent - 1
  // Differences from 1 as such: near an exponent of 1 they are all that counts.
  let b = expm1(power * log(2))
  let span = -expm1(-power * 63 * log(2))
  while true {
    let x = exp(-log1p(-stream.unit() * span) / power).rounded(.down)
    let v = stream.unit()
    if x < 1 || !(x < 0x1p63) { continue }
    let t = expm1(power * log1p(1 / x))
    if v * x * t / b <= (t + 1) / (b + 1) { return x }
  }
}

/// A number of the logarithmic series distribution.
///
/// - Source: LK of Kemp, "Efficient generation of logarithmically distributed pseudo-random
///   variables", Appl. Statist. 30(3), 1981.
func logSeries(_ stream: inout SubStream, _ p: Double) -> Double {
  let r = log1p(-p)
  while true {
    let v = stream.unit()
    if v >= p { return 1 }
    let q = -expm1(r * stream.unit())
    if v <= q * q {
      let count = (1 + log(v) / log(q)).rounded(.down)
      if count < 1 || v == 0 { continue }
      return count
    }
    return v >= q ? 1 : 2
  }
}
