import WeftIR

/// What the array API standard asks a library about itself.
///
/// - NumPy: `numpy.__array_namespace_info__`.
///
/// ```swift
/// ArrayNamespaceInfo().dtypes(kind: "signed integer").map(\.name)
/// // ["int8", "int16", "int32", "int64"]
/// ```
public struct ArrayNamespaceInfo: Sendable {
  /// The kinds that `dtypes` selects by.
  public static let kinds = [
    "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating",
    "numeric",
  ]

  /// What may depend on the library.
  public struct Capabilities: Hashable, Sendable {
    /// Whether masks index arrays.
    public let booleanIndexing = true
    /// Whether shapes may depend on elements, as with `unique`.
    public let dataDependentShapes = true
    /// The most axes of an array.
    public let maximumRank = 64
  }

  /// Information on this library.
  public init() {}

  /// What may depend on the library.
  public var capabilities: Capabilities { Capabilities() }
  /// The device of arrays.
  public var defaultDevice: String { "cpu" }
  /// The devices that arrays may be on; executors that compute elsewhere give results back here.
  public var devices: [String] { ["cpu"] }

  /// The dtypes that functions give unless told otherwise, by kind.
  public var defaultDTypes: [(kind: String, dtype: DType)] {
    [
      ("real floating", .float64), ("complex floating", .complex128), ("integral", .int64),
      ("indexing", .int64),
    ]
  }

  /// The standard's dtypes of a kind by name; of all kinds for nil, of none for an unknown kind.
  public func dtypes(kind: String? = nil) -> [(name: String, dtype: DType)] {
    let standard: [DType] = [
      .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
      .complex64, .complex128,
    ]
    return standard.filter { dtype in
      switch kind {
      case nil: true
      case "bool": dtype == .bool
      case "signed integer": dtype.kind == .signed
      case "unsigned integer": dtype.kind == .unsigned
      case "integral": dtype.isInteger
      case "real floating": dtype.isFloat
      case "complex floating": dtype.isComplex
      case "numeric": dtype != .bool
      default: false
      }
    }.map { ($0.name, $0) }
  }
}
