import WeftIR

/// The Kronecker product: b in the place of each element of a, times it.
///
/// - Shape: the products of the extents; the shorter shape gets ones in front.
/// - DType: promoted.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.kron`.
///
/// ```swift
/// kron([1, 10], [1, 2, 3])  // [ 1  2  3 10 20 30]
/// kron([[1, 0], [0, 1]], [[1, 2], [3, 4]])
/// // [[1 2 0 0]
/// //  [3 4 0 0]
/// //  [0 0 1 2]
/// //  [0 0 3 4]]
/// ```
public func kron(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("kron", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let rank = max(a.rank, b.rank)
    guard rank <= 32 else { throw call.error(.value, "\(rank) axes; kron takes at most 32") }
    let one = Array(repeating: 1, count: rank)
    let left = one.prefix(rank - a.rank) + (try call.extents(of: a))
    let right = one.prefix(rank - b.rank) + (try call.extents(of: b))
    var result: [Int] = []
    for (m, n) in zip(left, right) { result.append(try call.product(m, n)) }
    _ = try call.shape(result, of: [a, b])
    let dtype = call.promotedDType([a, b])
    let x = call.reshape(try call.operand(a, dtype), left.flatMap { [$0, 1] })
    let y = call.reshape(try call.operand(b, dtype), right.flatMap { [1, $0] })
    return call.reshape(call.apply(.multiply, x, y), result)
  }
}

/// A square matrix to an integer power, by repeated squaring.
///
/// - Shape: `[..., n, n]`, unchanged.
/// - DType: unchanged; of integers to a negative power float64.
/// - Throws: from `compute()`: `not-square`; `singular` at run time for a negative power.
/// - NumPy: `numpy.linalg.matrix_power`.
///
/// ```swift
/// matrixPower([[1, 1], [1, 0]], 10)
/// // [[89 55]
/// //  [55 34]]
/// matrixPower([[4, 7], [2, 6]], -1)
/// // [[ 0.6 -0.7]
/// //  [-0.2  0.4]]
/// ```
public func matrixPower(
  _ a: NDArray, _ power: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("matrix_power", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard a.rank >= 2, call.mayEqual(a, a.rank - 1, a, a.rank - 2) else {
      throw call.error(.notSquare, "\(a.expr.type) has no square matrices in its last two axes")
    }
    if power < 0 {
      guard power != .min else { throw call.error(.value, "the power is \(power)") }
      return matrixPower(inv(a, file: file, line: line), -power, file: file, line: line)
    }
    func times(_ x: NDArray, _ y: NDArray) -> NDArray { matmul(x, y, site: call.site) }
    if power == 0 {
      let n = try call.extent(a.rank - 1, of: a)
      let one = eye(n, dtype: a.dtype, file: file, line: line)
      return call.broadcast(one, to: a.expr.type.shape)
    }
    if power == 3 { return times(times(a.strong, a.strong), a.strong) }
    var (rest, square, result) = (power, a.strong, NDArray?.none)
    while true {
      if rest & 1 != 0 { result = result.map { times($0, square) } ?? square }
      rest >>= 1
      if rest == 0 { return result ?? square }
      square = times(square, square)
    }
  }
}

/// The product of a chain of matrices in the order with the fewest multiplications.
///
/// - Shape: the first and last may be 1-d: a row and a column, which disappear.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `argument` for fewer than two arrays; `shape-mismatch`.
/// - NumPy: `numpy.linalg.multi_dot`.
/// - Source: Cormen, Leiserson, Rivest, Stein, "Introduction to Algorithms", 15.2; extents that only
///   the data tell count as equal.
///
/// ```swift
/// multiDot([[[1, 2], [3, 4]], [[0, 1], [1, 0]], [1, 10]])  // [12 34]
/// ```
public func multiDot(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("multi_dot", file, line)
  return call.build(arrays) { () throws(WeftError) in
    guard arrays.count >= 2 else {
      throw call.error(.argument, "\(arrays.count) arrays; a chain has at least two")
    }
    for (position, array) in arrays.enumerated() {
      let isEnd = position == 0 || position == arrays.count - 1
      guard array.rank == 2 || isEnd && array.rank == 1 else {
        throw call.error(
          .shapeMismatch,
          "array \(position) is \(array.expr.type), expected two axes"
            + (isEnd ? " or one" : ""))
      }
    }
    for (left, right) in zip(arrays, arrays.dropFirst())
    where !call.mayEqual(left, left.rank - 1, right, 0) {
      throw call.error(
        .shapeMismatch, "inner extents of \(left.expr.type) and \(right.expr.type) differ")
    }
    guard arrays.count <= 1 << 9 else {
      return arrays.dropFirst().reduce(arrays[0]) { matmul($0, $1, site: call.site) }
    }
    return MatrixChain(arrays).product { matmul($0, $1, site: call.site) }
  }
}

/// The best order of a chain of matrix products.
private struct MatrixChain {
  private let arrays: [NDArray]
  /// `splits[i][j]` is the last array of the left factor of the product of arrays i to j.
  private var splits: [[Int]]

  init(_ arrays: [NDArray]) {
    self.arrays = arrays
    let count = arrays.count
    // Array i has extents[i] rows and extents[i + 1] columns; an end that is 1-d has one of them.
    var extents = arrays.map { $0.rank == 1 ? ($0 == arrays.first ? 1.0 : -1) : Self.extent($0, 0) }
    if let last = arrays.last {
      extents.append(last.rank == 1 ? 1 : Self.extent(last, 1))
      if last.rank == 1 { extents[count - 1] = Self.extent(last, 0) }
    }
    if let first = arrays.first, first.rank == 1 { extents[0] = 1 }
    var cost = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    splits = Array(repeating: Array(repeating: 0, count: count), count: count)
    for length in 1..<count {
      for i in 0..<count - length {
        let j = i + length
        cost[i][j] = .infinity
        for k in i..<j {
          let total =
            cost[i][k] + cost[k + 1][j] + extents[i] * extents[k + 1] * extents[j + 1]
          if total < cost[i][j] {
            cost[i][j] = total
            splits[i][j] = k
          }
        }
        if cost[i][j] == .infinity { splits[i][j] = j - 1 }
      }
    }
  }

  private static func extent(_ array: NDArray, _ axis: Int) -> Double {
    // Extents that only the data tell count alike.
    let code = array.expr.type.shape.codes[axis]
    return code < 0 ? 1000 : Double(code)
  }

  /// The product, built with an explicit stack.
  func product(_ multiply: (NDArray, NDArray) -> NDArray) -> NDArray {
    enum Step {
      case range(Int, Int)
      case multiply
    }
    var steps = [Step.range(0, arrays.count - 1)]
    var values: [NDArray] = []
    while let step = steps.popLast() {
      switch step {
      case .range(let i, let j) where i == j: values.append(arrays[i].strong)
      case .range(let i, let j):
        steps.append(.multiply)
        steps.append(.range(splits[i][j] + 1, j))
        steps.append(.range(i, splits[i][j]))
      case .multiply:
        let right = values.removeLast()
        values.append(multiply(values.removeLast(), right))
      }
    }
    return values[0]
  }
}

/// The vector product in three dimensions along an axis; stacks broadcast.
///
/// - Shape: that of the operands, broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `shape-mismatch` when the axis has not extent 3; `axis`; `broadcast`.
/// - NumPy: `numpy.linalg.cross`; `numpy.cross` with three components.
///
/// ```swift
/// cross([1, 0, 0], [0, 1, 0])  // [0 0 1]
/// ```
public func cross(
  _ a: NDArray, _ b: NDArray, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("cross", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let (m, n) = (try call.axis(axis, of: a), try call.axis(axis, of: b))
    for (array, position) in [(a, m), (b, n)] {
      guard try call.extent(position, of: array) == 3 else {
        throw call.error(
          .shapeMismatch, "axis \(position) of \(array.expr.type) has not extent 3")
      }
    }
    let dtype = call.promotedDType([a, b])
    let x = call.moveAxis(try call.operand(a, dtype), m, to: a.rank - 1)
    let y = call.moveAxis(try call.operand(b, dtype), n, to: b.rank - 1)
    _ = try call.broadcastShape([x, y])
    guard dtype != .bool else { throw call.error(.dtype, "is not defined for bool") }
    func part(_ array: NDArray, _ index: Int) -> NDArray {
      call.element(array, axis: array.rank - 1, at: index)
    }
    let parts = (0..<3).map { k in
      let (i, j) = ((k + 1) % 3, (k + 2) % 3)
      return call.apply(
        .subtract, call.apply(.multiply, part(x, i), part(y, j)),
        call.apply(.multiply, part(x, j), part(y, i)))
    }
    let rank = max(a.rank, b.rank)
    let joined = stack(parts, axis: rank - 1, name: call.name, site: call.site)
    return call.moveAxis(joined, rank - 1, to: axis < 0 ? rank + axis : axis)
  }
}
