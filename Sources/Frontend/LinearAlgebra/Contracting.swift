import WeftIR

/// The operands of a contraction, ready for a row: of one dtype, without axes that repeat.
struct ContractionParts {
  var arrays: [NDArray]
  var labels: [[Int]]
  /// The extent of each label; below 0 where only the data tell.
  var extents: [Int: Int]
}

extension Call {
  /// A contraction of operands promoted to one dtype.
  func contract(
    _ operands: [(array: NDArray, labels: [Int])], to output: [Int],
    describe: (Int) -> String = { "index \($0)" }
  ) throws(WeftError) -> NDArray {
    let parts = try contractionParts(operands, to: output, describe: describe)
    return node(.contract(Contraction(parts.labels, to: output)), all: parts.arrays)
  }

  /// The operands of a contraction, promoted to one dtype.
  ///
  /// An axis of extent 1 whose label has another extent elsewhere is left out, which repeats it.
  func contractionParts(
    _ operands: [(array: NDArray, labels: [Int])], to output: [Int],
    describe: (Int) -> String
  ) throws(WeftError) -> ContractionParts {
    let dtype = promotedDType(operands.map(\.array))
    var extents: [Int: Int] = [:]
    for (array, labels) in operands {
      for (code, label) in zip(array.expr.type.shape.codes, labels) {
        guard let known = extents[label], known != 1 else {
          extents[label] = code
          continue
        }
        // Two unknown extents, or an unknown and a known one, are compared at run time.
        if code == 1 || code == known || code < 0 { continue }
        if known < 0 {
          extents[label] = code
          continue
        }
        throw error(
          name == "einsum" ? .einsum : .shapeMismatch,
          "\(describe(label)) has extents \(known) and \(code) in "
            + operands.map { $0.array.expr.type.description }.joined(separator: ", "))
      }
    }
    var arrays: [NDArray] = []
    var kept: [[Int]] = []
    for (array, labels) in operands {
      let codes = array.expr.type.shape.codes
      let axes = labels.indices.filter { codes[$0] != 1 || extents[labels[$0]] == 1 }
      kept.append(axes.map { labels[$0] })
      arrays.append(reshape(try operand(array, dtype), codes: axes.map { codes[$0] }))
    }
    return ContractionParts(arrays: arrays, labels: kept, extents: extents)
  }

  /// Whether two extents may be equal at run time.
  func mayEqual(_ a: NDArray, _ axisA: Int, _ b: NDArray, _ axisB: Int) -> Bool {
    let (m, n) = (a.expr.type.shape.codes[axisA], b.expr.type.shape.codes[axisB])
    return m == n || m < 0 || n < 0
  }

  /// A contraction whose labels have one extent each, checked by the caller.
  func sumOfProducts(
    _ a: NDArray, _ labelsA: [Int], _ b: NDArray, _ labelsB: [Int], to output: [Int]
  ) throws(WeftError) -> NDArray {
    let dtype = promotedDType([a, b])
    return node(
      .contract(Contraction([labelsA, labelsB], to: output)), try operand(a, dtype),
      try operand(b, dtype))
  }
}
