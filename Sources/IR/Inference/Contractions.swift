extension TypeInference {
  static func contract(
    _ contraction: Contraction, _ operands: [TensorType]
  ) throws(WeftError) -> TensorType {
    guard let first = operands.first else {
      throw WeftError(.argument, "contract", "needs at least one operand")
    }
    if operands.contains(where: { $0.dtype != first.dtype }) {
      throw WeftError(
        .dtype, "contract",
        "operands have different dtypes: " + operands.map(\.description).joined(separator: ", "))
    }
    let extents = try labelExtents(contraction, operands)
    var seen: Set<Int> = []
    for label in contraction.output {
      if !seen.insert(label).inserted || label >= extents.count || extents[label] == nil {
        throw WeftError(
          .einsum, "contract", "the output's labels \(contraction.output) repeat or are unknown")
      }
    }
    return TensorType(
      first.dtype, Shape(contraction.output.map { extents[$0] ?? .known(0) }))
  }

  /// The extent of each label; known ones tell unknown ones.
  static func labelExtents(
    _ contraction: Contraction, _ operands: [TensorType]
  ) throws(WeftError) -> [Extent?] {
    var extents: [Extent?] = Array(repeating: nil, count: contraction.labelCount)
    for (labels, type) in zip(contraction.operands, operands) {
      guard labels.count == type.rank else {
        throw WeftError(
          .einsum, "contract", "\(labels.count) labels for \(type) of rank \(type.rank)")
      }
      for (axis, label) in labels.enumerated() {
        let extent = type.shape[axis]
        guard let known = extents[label] else {
          extents[label] = extent
          continue
        }
        if !mayEqual(known, extent) {
          throw WeftError(
            .shapeMismatch, "contract",
            "one index has extents of \(Shape([known])) and \(Shape([extent])) in "
              + operands.map(\.description).joined(separator: ", "))
        }
        if case .known = extent { extents[label] = extent }
      }
    }
    return extents
  }
}
