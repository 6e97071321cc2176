import WeftIR

extension SparseRowRunner {
  /// Right-hand sides that are solved for at once.
  private static let sidesOfBlock = 32

  /// A system's solutions for right-hand sides of entries, by columns: those of empty columns are empty.
  ///
  /// - Throws: `would-densify`, as `solutions`, and for more columns than the limit lets be told apart.
  func solvedByEntries(_ row: Int, _ factors: SparseFactors, _ sides: Value) throws -> Buffer {
    let type = type(row)
    let (limit, all) = (plan.passContext.densifyLimit, type.shape.codes[1])
    let hint = "raise WEFT_DENSIFY_LIMIT, or solve for some of the columns at a time"
    guard all < limit / MemoryLayout<Int>.size else {
      throw WeftError(
        .wouldDensify, graph.title(of: row),
        "where the columns of \(type) end takes more than the limit, \(limit) bytes", hint: hint)
    }
    let csc = Layout.csc(fill: Scalar(0 as Int64, type.dtype))
    let given = try elements(sides)
    let turned = try given.inLayout(csc) { () throws in try kernels.relaid(given, csc) }
    guard let columns = MatrixRows(turned) else {
      throw WeftError(.internal, "solve", "\(turned.layout) has no columns")
    }
    let parts = type.dtype.isComplex ? 2 : 1
    let (ends, places) = (columns.positions.integers, columns.coordinates.integers)
    let numbers = columns.values.doubles
    let found = try solutions(
      row, factors, type.dtype, count: all, hint: hint
    ) { column in
      let entries = Int(ends[column])..<Int(ends[column + 1])
      return (
        entries.map { Int(places[$0]) },
        Array(numbers[entries.lowerBound * parts..<entries.upperBound * parts])
      )
    }
    return buffer(try byRows(type, found.ends, found.places, found.values, isTransposed: true))
  }

  /// The entries of solutions, one after the other, for right-hand sides given by places and numbers.
  ///
  /// - Throws: `would-densify` where they take more bytes than the limit for dense arrays.
  func solutions(
    _ row: Int, _ factors: SparseFactors, _ dtype: DType, count: Int, hint: String,
    _ side: (Int) -> (places: [Int], numbers: [Double])
  ) throws -> (ends: [Int], places: [Int], values: Buffer) {
    let (order, parts) = (factors.order, dtype.isComplex ? 2 : 1)
    let limit = plan.passContext.densifyLimit
    var (ends, places, values): ([Int], [Int], [Double]) = ([0], [], [])
    for first in stride(from: 0, to: count, by: Self.sidesOfBlock) {
      try kernels.context.token.check()
      let block = (first..<min(first + Self.sidesOfBlock, count)).map(side)
      let filled = block.filter { !$0.places.isEmpty }
      var found = Array(repeating: 0.0, count: filled.count * order * parts)
      for (n, (ownPlaces, numbers)) in filled.enumerated() {
        for (entry, place) in ownPlaces.enumerated() {
          for part in 0..<parts {
            found[(n * order + place) * parts + part] = numbers[entry * parts + part]
          }
        }
      }
      if !filled.isEmpty { try factors.solve(&found, count: filled.count) }
      var start = 0
      for (own, _) in block {
        if !own.isEmpty {
          for place in 0..<order {
            let element = found[start + place * parts..<start + (place + 1) * parts]
            if element.allSatisfy({ $0 == 0 }) { continue }
            places.append(place)
            values += element
          }
          start += order * parts
        }
        ends.append(places.count)
      }
      let bytes = places.count * (dtype.itemSize + MemoryLayout<Int32>.size)
      if bytes > limit {
        throw WeftError(
          .wouldDensify, graph.title(of: row),
          "the result of \(type(row)) has more than \(bytes) bytes of entries after "
            + "\(ends.count - 1) of \(count) solutions; the limit is \(limit) bytes", hint: hint)
      }
    }
    let stored = try Buffer(
      doubles: values, TensorType(dtype, Shape([places.count])), in: kernels.context.memory)
    return (ends, places, stored)
  }
}
