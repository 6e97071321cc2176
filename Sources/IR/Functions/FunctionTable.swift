/// The functions that a program text can name: the built-in rows and those that packages add.
public struct FunctionTable: Sendable {
  private var rows: [String: ScalarFunction]

  /// A table of functions; a later row of the same name replaces an earlier one.
  public init(_ functions: [ScalarFunction]) {
    rows = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// The built-in functions.
  public static let standard = FunctionTable([
    .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .fmod, .pow, .negative, .abs,
    .sign, .maximum, .minimum, .fmax, .fmin, .copysign, .heaviside, .nextafter, .spacing, .gcd,
    .lcm, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .logicalAnd, .logicalOr,
    .logicalXor, .logicalNot, .isnan, .isinf, .isfinite, .signbit, .select, .second, .bitwiseAnd,
    .bitwiseOr, .bitwiseXor, .bitwiseInvert, .bitwiseLeftShift, .bitwiseRightShift, .bitwiseCount,
    .sqrt, .cbrt, .exp, .exp2, .expm1, .log, .log2, .log10, .log1p, .logaddexp, .logaddexp2,
    .hypot, .erf, .sin, .cos, .tan, .asin, .acos, .atan, .atan2, .sinh, .cosh, .tanh, .asinh,
    .acosh, .atanh, .floor, .ceil, .trunc, .round, .real, .imag, .conj, .complex, .mantissa,
    .exponent, .ldexp, .reciprocal,
  ])

  /// The function of a name.
  public subscript(name: String) -> ScalarFunction? { rows[name] }

  /// All functions by name.
  public var functions: [ScalarFunction] { rows.values.sorted { $0.name < $1.name } }

  /// The table with more rows.
  public func adding(_ functions: [ScalarFunction]) -> FunctionTable {
    var table = self
    for function in functions { table.rows[function.name] = function }
    return table
  }
}
