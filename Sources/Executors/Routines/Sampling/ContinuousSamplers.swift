#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A number of the gamma distribution of scale 1.
///
/// - Source: Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3),
///   2000; shapes below 1 by the power of a uniform number, section 6.
func gamma(_ stream: inout SubStream, _ shape: Double) -> Double {
  if shape == 0 { return 0 }
  if shape == .infinity { return .infinity }
  if shape < 1 {
    let larger = gamma(&stream, shape + 1)
    return larger * pow(stream.positiveUnit(), 1 / shape)
  }
  let d = shape - 1.0 / 3
  let c = 1 / (9 * d).squareRoot()
  while true {
    let x = stream.normal()
    let root = 1 + c * x
    if root <= 0 { continue }
    let v = root * root * root
    let u = stream.positiveUnit()
    if u < 1 - 0.0331 * (x * x) * (x * x) { return d * v }
    if log(u) < 0.5 * x * x + d * (1 - v + log(v)) { return d * v }
  }
}

/// A number of the beta distribution.
///
/// - Source: a ratio of gamma numbers; where both parameters are at most 1 Jöhnk's method, in
///   logarithms where powers vanish: Devroye, Non-Uniform Random Variate Generation, IX.3.5.
func beta(_ stream: inout SubStream, _ a: Double, _ b: Double) -> Double {
  if a > 1 || b > 1 {
    let (x, y) = (gamma(&stream, a), gamma(&stream, b))
    return x / (x + y)
  }
  while true {
    let (u, v) = (stream.positiveUnit(), stream.positiveUnit())
    let (logX, logY) = (log(u) / a, log(v) / b)
    let (x, y) = (exp(logX), exp(logY))
    if x + y > 1 { continue }
    if x + y > 0 { return x / (x + y) }
    let largest = max(logX, logY)
    return exp(logX - largest - log(exp(logX - largest) + exp(logY - largest)))
  }
}

/// An angle of the von Mises distribution in [-pi, pi].
///
/// - Source: Best & Fisher, "Efficient simulation of the von Mises distribution", Appl. Statist.
///   28(2), 1979; nearly uniform and nearly normal angles as such.
func vonMises(_ stream: inout SubStream, _ mean: Double, _ concentration: Double) -> Double {
  if concentration < 1e-8 { return Double.pi * (2 * stream.unit() - 1) }
  if concentration > 1e6 {
    return wrapped(mean + stream.normal() / concentration.squareRoot())
  }
  var s = 1 / concentration + concentration
  if concentration >= 1e-5 {
    let r = 1 + (1 + 4 * concentration * concentration).squareRoot()
    let rho = (r - (2 * r).squareRoot()) / (2 * concentration)
    s = (1 + rho * rho) / (2 * rho)
  }
  while true {
    let z = cos(Double.pi * stream.unit())
    let w = (1 + s * z) / (s + z)
    let y = concentration * (s - w)
    let v = stream.positiveUnit()
    if y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0 {
      let angle = acos(min(max(w, -1), 1))
      return wrapped(mean + (stream.unit() < 0.5 ? -angle : angle))
    }
  }
}

/// The angle in [-pi, pi].
private func wrapped(_ angle: Double) -> Double {
  let turned = fmod(abs(angle) + Double.pi, 2 * Double.pi) - Double.pi
  return angle < 0 ? -turned : turned
}
