import WeftIR

/// Arrays nested as `block` joins them: the innermost rows along the last axis.
public indirect enum Block: Sendable {
  /// An array, or a number.
  case array(NDArray)
  /// Blocks side by side; how deep they nest tells the axis.
  case row([Block])
}

extension Block: ExpressibleByArrayLiteral {
  /// Blocks side by side.
  public init(arrayLiteral elements: Block...) { self = .row(elements) }
}

extension Block: ExpressibleByIntegerLiteral {
  /// A number.
  public init(integerLiteral value: Int) { self = .array(NDArray(integerLiteral: value)) }
}

/// One array from nested blocks: the innermost lists join along the last axis, the next along the
/// one before it, and so on.
///
/// - Shape: at least as many axes as the nesting is deep; smaller arrays get axes in front.
/// - DType: promoted.
/// - Throws: from `compute()`: `argument` for nesting that is not equally deep everywhere and for
///   empty lists; `concatenate` for extents that do not fit.
/// - NumPy: `numpy.block`.
///
/// ```swift
/// let a = ones([2, 2], dtype: .int64)
/// block([[.array(a), .array(2 * a)], [.array([[7, 7, 8, 8]])]])
/// // [[1 1 2 2]
/// //  [1 1 2 2]
/// //  [7 7 8 8]]
/// ```
public func block(
  _ blocks: Block, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("block", file, line)
  return call.build(blocks.arrays(limit: 64)) { () throws(WeftError) in
    let depth = try blocks.depth(call, limit: 64)
    let rank = max(depth, blocks.arrays(limit: 64).map(\.rank).max() ?? 0)
    return try blocks.joined(depth: depth, rank: rank, call)
  }
}

extension Block {
  /// The arrays in order; what nests deeper than a limit is left to `depth`, which throws.
  fileprivate func arrays(limit: Int) -> [NDArray] {
    switch self {
    case .array(let array): [array]
    case .row(let items): limit == 0 ? [] : items.flatMap { $0.arrays(limit: limit - 1) }
    }
  }

  /// How deep the lists nest.
  fileprivate func depth(_ call: Call, limit: Int) throws(WeftError) -> Int {
    guard case .row(let items) = self else { return 0 }
    guard limit > 0 else { throw call.error(.value, "lists nest more than 64 deep") }
    var depths: Set<Int> = []
    for item in items { depths.insert(try item.depth(call, limit: limit - 1)) }
    guard let depth = depths.first else { throw call.error(.argument, "a list is empty") }
    guard depths.count == 1 else {
      throw call.error(.argument, "lists do not nest equally deep everywhere")
    }
    return depth + 1
  }

  fileprivate func joined(
    depth: Int, rank: Int, _ call: Call
  ) throws(WeftError) -> NDArray {
    switch self {
    case .array(let array):
      let extra = Array(repeating: 1, count: max(0, rank - array.rank))
      return call.reshape(array.strong, codes: extra + array.codes)
    case .row(let items):
      var parts: [NDArray] = []
      for item in items { parts.append(try item.joined(depth: depth - 1, rank: rank, call)) }
      return Weft.concatenate(parts, axis: rank - depth, name: call.name, site: call.site)
    }
  }
}

/// The array with an axis moved to before another.
///
/// - Shape: the extents move with their axes.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.rollaxis`; `moveAxis` is clearer.
///
/// ```swift
/// rollaxis(zeros([3, 4, 5]), 2).type  // float64[5, 3, 4]
/// ```
public func rollaxis(
  _ a: NDArray, _ axis: Int, to start: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("rollaxis", file, line)
  return call.build([a]) { () throws(WeftError) in
    let source = try call.axis(axis, of: a)
    let target = start < 0 ? start + a.rank : start
    guard target >= 0, target <= a.rank else {
      throw call.error(.axis, "start \(start) is out of range for \(a.expr.type)")
    }
    return call.moveAxis(a.strong, source, to: source < target ? target - 1 : target)
  }
}
