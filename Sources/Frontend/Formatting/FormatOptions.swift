/// How arrays are written as text; the defaults are NumPy's.
///
/// - NumPy: `numpy.printoptions` of 2.4, without `formatter` and `legacy`.
///
/// ```swift
/// var options = FormatOptions()
/// options.precision = 3
/// options.floatMode = .fixed
/// try NDArray([1, 0.5, 1.0 / 3]).formatted(options: options)  // [1.000 0.500 0.333]
/// options.sign = .plus
/// try NDArray([1, -0.5]).formatted(options: options)  // [+1.000 -0.500]
/// ```
public struct FormatOptions: Hashable, Sendable {
  /// What `precision` means for floating-point elements.
  public enum FloatMode: String, Hashable, Sendable, CaseIterable {
    /// Exactly `precision` digits after the point.
    case fixed
    /// As many digits as tell each value from its neighbours; `precision` is ignored.
    case unique
    /// At most `precision` digits after the point, fewer where fewer tell the value.
    case maxPrecision = "maxprec"
    /// As `maxPrecision`, but all elements get as many digits as the longest.
    case maxPrecisionEqual = "maxprec_equal"
  }

  /// What stands before numbers that are not negative.
  public enum Sign: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case minus = "-"
    /// A plus sign.
    case plus = "+"
    /// A space, where no finite element is negative.
    case space = " "
  }

  /// Digits after the point; not negative, and at most 16,000 are written.
  public var precision = 8
  /// Arrays of more elements are written as a summary.
  public var threshold = 1000
  /// Elements at each end of an axis that a summary shows; not negative.
  public var edgeItems = 3
  /// Lines break before they get longer than so many characters.
  public var lineWidth = 75
  /// Whether numbers near zero may become 0, which keeps scientific notation for large ones.
  public var suppressesSmall = false
  /// What `precision` means.
  public var floatMode = FloatMode.maxPrecision
  /// What stands before numbers that are not negative.
  public var sign = Sign.minus
  /// How a NaN is written.
  public var nanText = "nan"
  /// How infinity is written.
  public var infinityText = "inf"

  /// NumPy's options.
  public init() {}

  /// The options that functions take unless given others: those of the task.
  ///
  /// - NumPy: `numpy.get_printoptions`.
  @TaskLocal public static var current = FormatOptions()

  /// Runs a body with other options.
  ///
  /// - NumPy: `numpy.printoptions`; there is no setting for the whole process, as with
  ///   `numpy.set_printoptions`.
  ///
  /// ```swift
  /// let x = NDArray([1.0 / 3])
  /// try FormatOptions.with { $0.precision = 3 } run: { try x.formatted() }  // [0.333]
  /// ```
  public static func with<Result>(
    _ change: (inout FormatOptions) -> Void, run body: () throws -> Result
  ) rethrows -> Result {
    var options = current
    change(&options)
    return try $current.withValue(options, operation: body)
  }
}
