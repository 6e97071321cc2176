/// The number of elements along one axis.
public enum Extent: Hashable, Sendable {
  /// A number that is known when the expression is built.
  case known(Int)
  /// A number that only the data tell, such as that of `nonzero`; equal ids are equal extents.
  case unknown(id: Int)
}

/// The extents of an array, first axis first.
///
/// An unknown extent is stored as a negative number, so that comparing shapes stays cheap.
///
/// ```swift
/// import WeftIR
///
/// Shape([2, 3]).count  // 6
/// Shape([.known(2), .unknown(id: 1)]).isKnown  // false
/// ```
public struct Shape: Hashable, Sendable {
  @usableFromInline var encoded: [Int]

  /// A shape of known extents.
  ///
  /// - Precondition: extents are not negative; frontends check what users give.
  public init(_ extents: [Int]) {
    encoded = extents
  }

  /// A shape of known and unknown extents.
  public init(_ extents: [Extent]) {
    encoded = extents.map(Self.encode)
  }

  /// The shape of a 0-d array.
  public static let scalar = Shape([Int]())

  /// The number of axes.
  @inlinable public var rank: Int { encoded.count }

  /// The extent of an axis.
  public subscript(axis: Int) -> Extent {
    get { encoded[axis] >= 0 ? .known(encoded[axis]) : .unknown(id: -1 - encoded[axis]) }
    set { encoded[axis] = Self.encode(newValue) }
  }

  /// All extents, first axis first.
  public var extents: [Extent] { (0..<rank).map { self[$0] } }

  /// Whether every extent is known.
  public var isKnown: Bool { encoded.allSatisfy { $0 >= 0 } }

  /// The extents as numbers, or nil when one is unknown.
  public var known: [Int]? { isKnown ? encoded : nil }

  /// The number of elements, or nil when an extent is unknown or the product does not fit.
  public var count: Int? {
    var product = 1
    var overflowed = false
    for extent in encoded {
      if extent < 0 { return nil }
      if extent == 0 { return isKnown ? 0 : nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      overflowed = overflowed || overflow
      product = next
    }
    return overflowed ? nil : product
  }

  /// The number of elements, which sparse arrays may have more of than 64 bits count; nil when an extent is
  /// unknown or 128 bits do not do either.
  public var wideCount: UInt128? {
    guard isKnown else { return nil }
    if encoded.contains(0) { return 0 }
    var product: UInt128 = 1
    for extent in encoded {
      let (next, overflow) = product.multipliedReportingOverflow(by: UInt128(extent))
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The extents with unknown ones as negative codes: equal codes are equal extents.
  @inlinable public var codes: [Int] { encoded }

  /// A shape from `codes`.
  public init(codes: [Int]) { encoded = codes }

  private static func encode(_ extent: Extent) -> Int {
    switch extent {
    case .known(let n): n
    case .unknown(let id): -1 - id
    }
  }

  /// The shape with unknown extents replaced by what is known of them.
  public func resolved(_ known: [Int: Int]) -> Shape {
    if isKnown { return self }
    return Shape(codes: encoded.map { $0 >= 0 ? $0 : known[-1 - $0] ?? $0 })
  }

  /// The shape with its one unknown extent, when that follows from the number of elements.
  public func completed(count: Int?) -> Shape {
    let unknown = encoded.indices.filter { encoded[$0] < 0 }
    guard unknown.count == 1, let count else { return self }
    let others = encoded.reduce(1) { $1 < 0 ? $0 : $0 * $1 }
    guard others > 0, count % others == 0 else { return self }
    var codes = encoded
    codes[unknown[0]] = count / others
    return Shape(codes: codes)
  }

  /// The shape with another extent in place of each unknown one.
  public func replacingUnknowns(_ replacement: (Int) -> Extent) -> Shape {
    if isKnown { return self }
    return Shape(
      codes: encoded.map { $0 >= 0 ? $0 : Self.encode(replacement(-1 - $0)) })
  }

  /// A fresh id for an extent that only the data tell.
  public static func freshUnknown() -> Extent {
    .unknown(id: unknownIds.add(1, ordering: .relaxed).oldValue)
  }
}

import Synchronization

/// Ids only need to differ within a process; the text form renumbers them.
private let unknownIds = Atomic<Int>(0)

extension Shape: CustomStringConvertible {
  /// As the IR text writes it: `[3, ?0]`.
  public var description: String {
    "["
      + extents.map {
        switch $0 {
        case .known(let n): String(n)
        case .unknown(let id): "?\(id)"
        }
      }.joined(separator: ", ") + "]"
  }
}

/// What inference computes and users see of a value: dtype and shape.
///
/// ```swift
/// import WeftIR
///
/// TensorType(.float32, Shape([2, 3])).byteCount  // 24
/// ```
public struct TensorType: Hashable, Sendable {
  /// The element type.
  public var dtype: DType
  /// The extents.
  public var shape: Shape

  /// A type from its parts.
  public init(_ dtype: DType, _ shape: Shape) {
    self.dtype = dtype
    self.shape = shape
  }

  /// The number of axes.
  @inlinable public var rank: Int { shape.rank }

  /// The bytes of a dense array of this type, or nil when unknown or too many to count.
  public var byteCount: Int? {
    guard let count = shape.count else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.itemSize)
    return overflow ? nil : bytes
  }
}

extension TensorType {
  /// The type with another extent in place of each unknown one.
  public func replacingUnknowns(_ replacement: (Int) -> Extent) -> TensorType {
    TensorType(dtype, shape.replacingUnknowns(replacement))
  }
}

extension TensorType: CustomStringConvertible {
  /// As the IR text writes it: `float64[3, ?0]`.
  public var description: String { "\(dtype)\(shape)" }
}
