import WeftIR

/// Sorting, taking along an axis and other order that functions are composed of.
extension Composition {
  /// Keys in ascending order along an axis, NaN last, and the positions that they come from.
  func sort(_ a: NDArray, _ axis: Int) -> (keys: NDArray, positions: NDArray) {
    let row = Building.node(
      .sort(axis: axis, descending: false), [a.strong.expr], name: name, site: site)
    if row.isPoison { return (NDArray(row), NDArray(row)) }
    return (NDArray(Expr(projecting: 0, of: row)), NDArray(Expr(projecting: 1, of: row)))
  }

  /// Element `[.., indices[.., i, ..], ..]` for each i along an axis.
  ///
  /// Indices are in bounds, not negative, and have the array's other extents.
  func take(_ a: NDArray, along axis: Int, _ indices: NDArray) throws(WeftError) -> NDArray {
    if a.rank == 1 { return gather(a, indices) }
    let last = a.rank - 1
    let (x, i) = (move(a, axis, to: last), move(indices, axis, to: last))
    let count = try elementCount(x)
    guard let n = x.extent(last), i.expr.type.shape.isKnown else {
      throw error(.unknownExtent, "\(indices.expr.type) has extents that only the data tell")
    }
    let lanes = n == 0 ? 0 : count / n
    var codes = i.codes
    let width = codes[last]
    let first = self(
      .multiply, iota(Shape([lanes, width])), integer(n))
    let flatIndex = self(.add, reshape(i, [lanes, width]), first)
    let taken = gather(flat(x), flatIndex)
    codes[last] = width
    return move(reshape(taken, codes), last, to: axis)
  }

  /// How many elements an array has.
  ///
  /// - Throws: `unknown-extent` where only the data tell; `too-large` for more than an integer counts.
  func elementCount(_ a: NDArray) throws(WeftError) -> Int {
    if let count = a.count { return count }
    if let error = a.expr.error { throw error }
    throw a.expr.type.shape.isKnown
      ? error(.tooLarge, "\(a.expr.type) has more elements than one index counts")
      : error(.unknownExtent, "\(a.expr.type) has extents that only the data tell")
  }

  /// The inverse of permutations along the first axis: where each position went.
  ///
  /// `values` stand at sorted places; the result has them at the places they were sorted from.
  func unsort(_ values: NDArray, _ positions: NDArray) throws(WeftError) -> NDArray {
    if values.rank == 1 {
      let none = self(.subtract, values, values)
      return node(.scatter(axis: 0, .second), [none, positions, values])
    }
    let count = try elementCount(values)
    let n = values.codes[0]
    let lanes = n == 0 ? 0 : count / n
    let shape = Shape([n, lanes])
    let places = self(
      .add, self(.multiply, reshape(positions, [n, lanes]), integer(lanes)), iota(shape, axis: 1))
    let none = fill(Scalar(0 as Int64, values.dtype), Shape([count]))
    let flatResult = node(
      .scatter(axis: 0, .second), [none, flat(places), flat(values)])
    return reshape(flatResult, values.codes)
  }

  /// NumPy merges several axes by a reshape, which an array has no answer for whose other axes hold
  /// nothing.
  ///
  /// - Throws: `value` for such an array.
  func requireMergeable(_ a: NDArray, _ axes: [Int]) throws(WeftError) {
    let others = (0..<a.rank).filter { !axes.contains($0) }
    guard axes.count > 1, others.contains(where: { a.extent($0) == 0 }) else { return }
    throw error(.value, "axes \(axes) of \(a.expr.type), which has no elements, do not make one")
  }

  /// Some axes as one in front, the others behind: `[n] + others`.
  func gathered(_ a: NDArray, _ axes: [Int]) throws(WeftError) -> NDArray {
    if axes.count == 1 { return move(a.strong, axes[0], to: 0) }
    let others = (0..<a.rank).filter { !axes.contains($0) }
    if others.isEmpty { return flat(a) }
    let extents = axes.map { a.codes[$0] }
    guard extents.allSatisfy({ $0 >= 0 }) else {
      throw error(.unknownExtent, "\(a.expr.type) has extents that only the data tell")
    }
    let moved = permute(a.strong, axes + others)
    let count = try Call(name, site).product(extents)
    return reshape(moved, [count] + others.map { a.codes[$0] })
  }

  /// The last element along the first axis, of any extent but 0.
  func last(_ a: NDArray) -> NDArray {
    if let n = a.extent(0) { return at(a, 0, n - 1) }
    return gather(a, self(.subtract, extent(a, [0]), integer(1)))
  }

  /// Whether each element of a sorted 1-d array differs from the one before; true for the first.
  ///
  /// - Parameter collapsesNaN: whether NaN count as equal.
  func differsFromPrevious(_ a: NDArray, collapsesNaN: Bool) -> NDArray {
    let (before, isFirst) = previous(a)
    var differs = self(.notEqual, a, before)
    if collapsesNaN && a.dtype.isInexact {
      differs = and(differs, not(and(isNaN(a), isNaN(before))))
    }
    return or(isFirst, differs)
  }

  /// The element before each along the first axis (the first: itself) and whether it is the first.
  func previous(_ a: NDArray) -> (elements: NDArray, isFirst: NDArray) {
    if a.expr.isPoison { return (a, a) }
    let places = iota(Shape(codes: [a.codes[0]]))
    let before = self(.maximum, self(.subtract, places, integer(1)), integer(0))
    var isFirst = self(.equal, places, integer(0))
    if a.rank > 1 { isFirst = reshape(isFirst, [a.codes[0]] + a.codes.dropFirst().map { _ in 1 }) }
    return (gather(a, before), isFirst)
  }

  /// The element after each of a 1-d array (the last: itself) and whether it is the last.
  func next(_ a: NDArray) -> (elements: NDArray, isLast: NDArray) {
    if a.expr.isPoison { return (a, a) }
    let places = iota(Shape(codes: [a.codes[0]]))
    let end = self(.subtract, convert(extent(a, [0]), .int64), integer(1))
    let after = self(.minimum, self(.add, places, integer(1)), end)
    return (gather(a, after), self(.equal, places, end))
  }

  /// a < b in the order of sorting: NaN is after all numbers.
  func precedes(_ a: NDArray, _ b: NDArray) -> NDArray {
    let less = self(.less, a, b)
    if !a.dtype.isInexact && !b.dtype.isInexact { return less }
    return or(less, and(isNaN(b), not(isNaN(a))))
  }
}
