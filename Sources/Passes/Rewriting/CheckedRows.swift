import WeftIR

/// Which values are computed from something that the data may make an error of, such as an index out of range
/// or a matrix without an inverse.
///
/// Arithmetic that no longer needs such a value, as `x * 0` does, still has to raise what the value raises. Found
/// for rows as they are asked for, each once.
struct CheckedRows {
  private var isChecked: [Bool] = []

  /// Whether computing a value may throw.
  mutating func contains(_ value: Value, of graph: Graph) -> Bool {
    while isChecked.count <= value.index {
      let row = isChecked.count
      isChecked.append(
        graph.checksData(row) || graph.operands(row).contains { isChecked[$0.index] })
    }
    return isChecked[value.index]
  }
}

extension Graph {
  /// Whether computing one of some values may throw: `CheckedRows` for who asks but once.
  func mayThrow(_ values: [Value]) -> Bool {
    var rows = CheckedRows()
    return values.contains { rows.contains($0, of: self) }
  }

  /// Whether a row itself throws for some data.
  fileprivate func checksData(_ row: Int) -> Bool {
    switch rows[row].op {
    case .call(let routine): return !routine.isTotal
    case .gather(let axis), .scatter(let axis, _):
      let operands = operands(row)
      guard case .known(let extent) = type(operands[operands.startIndex]).shape[axis],
        let index = uniformScalar(operands[operands.startIndex + 1])?.intValue
      else { return true }
      return !(0..<Int64(extent)).contains(index)
    case .reduce(let f, _):
      // Folding no elements.
      return f.identity == nil
        && operands(row).contains { !type($0).shape.isKnown }
    case .argReduce: return operands(row).contains { !type($0).shape.isKnown }
    case .input, .constant, .iota, .random, .map, .convert, .scan, .contract, .broadcast, .reshape,
      .permute, .slice, .pad, .reverse, .concatenate, .compress, .sort, .store:
      return false
    }
  }
}
