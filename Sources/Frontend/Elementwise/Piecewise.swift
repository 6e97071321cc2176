import WeftIR

/// The integral part; as `trunc`.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.fix`.
///
/// ```swift
/// fix([2.9, -2.9])  // [ 2. -2.]
/// ```
public func fix(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  NDArray.apply(.trunc, a, site: SourceSite(file: file, line: line))
}

/// What a piece of `piecewise` gives.
public enum Piece: Sendable {
  /// One value for all elements.
  case value(NDArray)
  /// A function of the elements; it is given the whole array and is elementwise.
  case function(@Sendable (NDArray) -> NDArray)
}

extension Piece: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// An integer for all elements.
  public init(integerLiteral value: Int) { self = .value(NDArray(integerLiteral: value)) }
  /// A number for all elements.
  public init(floatLiteral value: Double) { self = .value(NDArray(floatLiteral: value)) }
}

/// For each element what the piece gives whose condition holds; the last of several wins.
///
/// A piece more than there are conditions is for elements of which none holds; 0 without it.
///
/// - Shape: that of the array, to which conditions broadcast.
/// - DType: that of the array; pieces convert to it.
/// - Throws: from `compute()`: `argument` for another number of pieces; `broadcast`.
/// - NumPy: `numpy.piecewise`; functions are given the whole array, not the selected elements.
///
/// ```swift
/// let x: NDArray = [-2.0, -1, 0, 1]
/// piecewise(x, [x .< 0, x .>= 0], [.function { -$0 }, 10])  // [ 2.  1. 10. 10.]
/// ```
public func piecewise(
  _ a: NDArray, _ conditions: [NDArray], _ pieces: [Piece], file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("piecewise", file, line)
  return call.build([a] + conditions) { () throws(WeftError) in
    let extra = pieces.count - conditions.count
    guard !conditions.isEmpty, extra == 0 || extra == 1 else {
      throw call.error(
        .argument,
        "\(pieces.count) pieces for \(conditions.count) conditions, expected "
          + "\(conditions.count) or \(conditions.count + 1)")
    }
    let x = a.strong
    func value(_ piece: Piece) throws(WeftError) -> NDArray {
      switch piece {
      case .value(let value): return call.convert(value, to: x.dtype)
      case .function(let function): return call.convert(function(x), to: x.dtype)
      }
    }
    var result = extra == 1 ? try value(pieces[conditions.count]) : call.zero(x.dtype)
    for (condition, piece) in zip(conditions, pieces) {
      let mask = call.convert(condition, to: .bool)
      guard let shape = mask.expr.type.shape.broadcasted(with: x.expr.type.shape),
        shape.rank == x.rank
      else {
        throw call.error(
          .broadcast, "the condition \(condition.expr.type) does not broadcast to \(x.expr.type)")
      }
      result = call.select(mask, try value(piece), result)
    }
    return call.broadcast(result, to: x.expr.type.shape)
  }
}
