import Weft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far apart values may be.
enum GoldenTolerance {
  case exact
  case ulp(Int)
  case relative(Double, absolute: Double)
  case complexRelative(Double)
  case maximumRelative(Double)

  init(_ json: JSONValue?) throws {
    guard let json else { throw GoldenError("a case without tol") }
    if json.text == "exact" {
      self = .exact
    } else if let n = json["ulp"]?.int {
      self = .ulp(n)
    } else if let r = json["crel"]?.double {
      self = .complexRelative(r)
    } else if let r = json["maxrel"]?.double {
      self = .maximumRelative(r)
    } else if json["rtol"] != nil || json["atol"] != nil {
      self = .relative(json["rtol"]?.double ?? 0, absolute: json["atol"]?.double ?? 0)
    } else {
      throw GoldenError("an unknown tol")
    }
  }

  /// The absolute tolerance, 0 where there is none.
  var absolute: Double { if case .relative(_, let absolute) = self { absolute } else { 0 } }
}

/// When a result equals what NumPy gives: `compare()` of `check_golden.py`.
struct GoldenComparison {
  let tolerance: GoldenTolerance
  let comparesSignOfZero: Bool

  /// Why two computed values differ; nil when they agree.
  func difference(_ got: ScriptValue, _ want: ScriptValue) -> String? {
    if let expected = want.items {
      guard let items = got.items, items.count == expected.count else {
        return "expected \(expected.count) results"
      }
      for (n, (a, b)) in zip(items, expected).enumerated() {
        if let reason = difference(a, b) { return "result \(n): \(reason)" }
      }
      return nil
    }
    if case .array(let array) = want {
      guard let b = array.expr.buffer, let a = Self.buffer(of: got) else {
        return "\(got.summary) for \(want.summary)"
      }
      return difference(a, b)
    }
    return Self.hostsAgree(got, want) ? nil : "\(got.summary) for \(want.summary)"
  }

  /// The elements of a value; a host number as `numpy.asarray` takes it.
  private static func buffer(of value: ScriptValue) -> Buffer? {
    if case .array(let array) = value { return array.expr.buffer }
    guard let scalar = value.scalar,
      let buffer = try? Buffer(
        allocating: TensorType(scalar.dtype, .scalar), in: MemoryAccount())
    else { return nil }
    scalar.store(to: buffer.base)
    return buffer
  }

  private static func hostsAgree(_ got: ScriptValue, _ want: ScriptValue) -> Bool {
    switch (got, want) {
    case (.dtype(let a), .dtype(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.none, .none): return true
    default:
      guard let a = buffer(of: got), let b = buffer(of: want), a.count == 1, b.count == 1 else {
        return false
      }
      let (x, y) = (a.scalar(at: 0), b.scalar(at: 0))
      if y.doubleValue.isNaN { return x.doubleValue.isNaN }
      if x.dtype.kind <= .signed, y.dtype.kind <= .signed {
        return x.intValue == y.intValue && x.uintValue == y.uintValue
      }
      return x.doubleValue == y.doubleValue && x.imaginary == y.imaginary
    }
  }

  /// Why two arrays differ; nil when they agree.
  func difference(_ got: Buffer, _ want: Buffer) -> String? {
    if got.type.dtype != want.type.dtype { return "dtype \(got.type.dtype) for \(want.type.dtype)" }
    if got.type.shape != want.type.shape { return "shape \(got.type.shape) for \(want.type.shape)" }
    let dtype = want.type.dtype
    var bad = 0
    var first: String?
    let largest = largestMagnitude(want)
    for index in 0..<want.count {
      let (a, b) = (got.scalar(at: index), want.scalar(at: index))
      if agrees(a, b, dtype, largest) { continue }
      bad += 1
      if first == nil { first = "first \(a) for \(b)" }
    }
    return first.map { "\(bad) of \(want.count) differ, \($0)" }
  }

  private func largestMagnitude(_ want: Buffer) -> Double {
    guard case .maximumRelative = tolerance else { return 0 }
    var largest = 0.0
    for index in 0..<want.count {
      let value = Self.magnitude(want.scalar(at: index))
      if value.isNaN { return .nan }
      largest = max(largest, value)
    }
    return largest
  }

  private func agrees(_ a: Scalar, _ b: Scalar, _ dtype: DType, _ largest: Double) -> Bool {
    guard dtype.isInexact else { return a == b }
    if dtype.isComplex {
      switch tolerance {
      case .exact, .ulp:
        return partsAgree(a.doubleValue, b.doubleValue, dtype.realPart)
          && partsAgree(a.imaginary, b.imaginary, dtype.realPart)
      case .complexRelative(let r):
        let (isNaN, mustBeNaN) = (Self.isNaN(a), Self.isNaN(b))
        return Self.distance(a, b) <= r * Self.magnitude(b) || isNaN && mustBeNaN
          || Self.valuesEqual(a, b)
      case .relative, .maximumRelative: break
      }
    }
    if Self.isNaN(a) != Self.isNaN(b) { return false }
    if Self.isNaN(b) || Self.valuesEqual(a, b), !isExactFloat { return true }
    switch tolerance {
    case .exact, .ulp: return partsAgree(a.doubleValue, b.doubleValue, dtype)
    case .relative(let r, let absolute):
      return Self.distance(a, b) <= absolute + r * Self.magnitude(b)
    case .complexRelative(let r): return Self.distance(a, b) <= r * Self.magnitude(b)
    case .maximumRelative(let r): return Self.distance(a, b) <= r * largest
    }
  }

  private var isExactFloat: Bool {
    switch tolerance {
    case .exact, .ulp: true
    default: false
    }
  }

  private static func isNaN(_ a: Scalar) -> Bool { a.doubleValue.isNaN || a.imaginary.isNaN }

  private static func valuesEqual(_ a: Scalar, _ b: Scalar) -> Bool {
    a.doubleValue == b.doubleValue && a.imaginary == b.imaginary
  }

  private static func magnitude(_ a: Scalar) -> Double {
    hypot(a.doubleValue, a.imaginary)
  }

  private static func distance(_ a: Scalar, _ b: Scalar) -> Double {
    hypot(a.doubleValue - b.doubleValue, a.imaginary - b.imaginary)
  }

  /// Real numbers under `exact` or `ulp`.
  private func partsAgree(_ a: Double, _ b: Double, _ dtype: DType) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    guard case .ulp(let limit) = tolerance else {
      return a == b && (!comparesSignOfZero || b != 0 || a.sign == b.sign)
    }
    let (x, y) = (Self.ordinal(a, dtype), Self.ordinal(b, dtype))
    let (difference, overflow) = x.subtractingReportingOverflow(y)
    return !overflow && difference.magnitude <= UInt64(limit)
  }

  /// The position of a float among those of its dtype, counted from zero.
  private static func ordinal(_ value: Double, _ dtype: DType) -> Int64 {
    switch dtype {
    case .float16:
      let bits = Int16(bitPattern: Float16(value).bitPattern)
      return bits < 0 ? -Int64(bits &- .min) : Int64(bits)
    case .float32:
      let bits = Int32(bitPattern: Float(value).bitPattern)
      return bits < 0 ? -Int64(bits &- .min) : Int64(bits)
    default:
      let bits = Int64(bitPattern: value.bitPattern)
      return bits < 0 ? -(bits &- .min) : bits
    }
  }
}

extension ScriptValue {
  /// A host number as a scalar of its default dtype.
  var scalar: Scalar? {
    switch self {
    case .bool(let value): return Scalar(value)
    case .integer(let value):
      if let signed = Int64(exactly: value) { return Scalar(signed, .int64) }
      return UInt64(exactly: value).map { Scalar($0, .uint64) }
    case .real(let value): return Scalar(value, .float64)
    case .complex(let re, let im): return Scalar(re, im, .complex128)
    default: return nil
    }
  }
}
