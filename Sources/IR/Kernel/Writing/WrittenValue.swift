/// A value of a kernel while its text is written.
package enum WrittenValue: Sendable {
  /// The same element in all lanes.
  case uniform(String, DType)
  /// An element a lane.
  case varying(String, DType)
  /// Truths, one a lane, as integers of so many bytes with all bits set or none.
  case mask(String, bytes: Int)
  /// An `int64` that grows evenly from lane to lane.
  case affine(base: String, stride: Stride)

  /// The distance between lanes.
  package enum Stride: Sendable {
    /// Known when the text is written.
    case constant(Int)
    /// A name of the text.
    case named(String)

    /// The text of the distance.
    package var text: String {
      switch self {
      case .constant(let n): "\(n)"
      case .named(let name): name
      }
    }
  }

  /// The dtype of each element.
  package var dtype: DType {
    switch self {
    case .uniform(_, let dtype), .varying(_, let dtype): dtype
    case .mask: .bool
    case .affine: .int64
    }
  }

  /// Whether all lanes have the same.
  package var isUniform: Bool { if case .uniform = self { true } else { false } }

  /// The text of the first lane's element, or of all.
  package var name: String {
    switch self {
    case .uniform(let name, _), .varying(let name, _), .mask(let name, _): name
    case .affine(let base, _): base
    }
  }
}
