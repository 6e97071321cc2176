/// Numbers as people read them.
enum ReportNumbers {
  /// A number with so many digits behind the point, at most three.
  static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scale = [1, 10, 100, 1000][digits]
    let units = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(units)" }
    let rest = String(units % scale)
    return "\(sign)\(units / scale)." + String(repeating: "0", count: digits - rest.count) + rest
  }

  /// Nanoseconds in words: `3.2 µs`, `45 ms`, `1.25 s`.
  static func time(_ nanoseconds: Int) -> String {
    let n = Double(nanoseconds)
    switch nanoseconds {
    case ..<1000: return "\(nanoseconds) ns"
    case ..<1_000_000: return three(n / 1e3) + " µs"
    case ..<1_000_000_000: return three(n / 1e6) + " ms"
    case ..<100_000_000_000: return three(n / 1e9) + " s"
    default: return ProgressUpdate.time(n / 1e9)
    }
  }

  /// Three digits of a number below a thousand.
  private static func three(_ value: Double) -> String {
    decimal(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
  }

  /// A count with its thousands apart: `1 234 567`, with narrow blanks.
  static func count(_ count: Int) -> String {
    let digits = Array(String(abs(count)))
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return (count < 0 ? "-" : "") + text
  }

  /// A power of ten, as exact as it can be.
  private static func power(_ exponent: Int) -> Double {
    let whole = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
    return exponent < 0 ? 1 / whole : whole
  }

  /// Round places from 0 to a greatest value, at most about so many: 1, 2 or 5 times a power of the
  /// base in each step.
  static func ticks(to most: Double, about wanted: Int, isBinary: Bool = false) -> [Double] {
    guard most > 0, most.isFinite else { return [0] }
    var step = 1.0
    if isBinary {
      while most / step > Double(wanted) { step *= 2 }
    } else {
      var exponent = -9
      while most / power(exponent + 1) > Double(wanted) { exponent += 1 }
      let steps = [1.0, 2, 5].map { $0 * power(exponent) } + [power(exponent + 1)]
      step = steps.first { most / $0 <= Double(wanted) } ?? power(exponent + 1)
    }
    return (0...Int(most / step)).map { Double($0) * step }
  }
}
