extension TypeInference {
  static func broadcast(
    _ operand: TensorType, _ shape: Shape, _ axes: [Int]
  ) throws(WeftError) -> TensorType {
    guard axes.count == operand.rank, Set(axes).count == axes.count,
      axes.allSatisfy({ $0 >= 0 && $0 < shape.rank })
    else {
      throw WeftError(
        .broadcast, "broadcast", "axes \(axes) do not place \(operand) in \(shape)")
    }
    for (axis, target) in axes.enumerated() {
      let extent = operand.shape[axis]
      if extent != .known(1) && !mayEqual(extent, shape[target]) {
        throw WeftError(.broadcast, "broadcast", "cannot broadcast \(operand) to \(shape)")
      }
    }
    return TensorType(operand.dtype, shape)
  }

  static func reshape(_ operand: TensorType, _ shape: Shape) throws(WeftError) -> TensorType {
    if operand.shape.isKnown && shape.isKnown && operand.shape.wideCount != shape.wideCount {
      throw WeftError(
        .reshape, "reshape", "cannot reshape \(operand) to \(shape)",
        hint: "the products of the extents must be equal")
    }
    return TensorType(operand.dtype, shape)
  }

  static func permute(_ operand: TensorType, _ axes: [Int]) throws(WeftError) -> TensorType {
    guard axes.sorted() == Array(0..<operand.rank) else {
      throw WeftError(.axis, "permute", "\(axes) is no permutation of the axes of \(operand)")
    }
    return TensorType(operand.dtype, Shape(codes: axes.map { operand.shape.codes[$0] }))
  }

  static func slice(_ operand: TensorType, _ spans: [SliceSpan]) throws(WeftError) -> TensorType {
    guard spans.count == operand.rank else {
      throw WeftError(.index, "slice", "\(spans.count) spans for \(operand)")
    }
    var shape = operand.shape
    for (axis, span) in spans.enumerated() {
      guard let count = span.count else {
        if span.start != 0 || span.step != 1 {
          throw WeftError(
            .unknownExtent, "slice", "only the whole of an axis of unknown extent can be taken")
        }
        continue
      }
      guard span.step >= 1, span.start >= 0, count >= 0 else {
        throw WeftError(.index, "slice", "\(span) is not a span of \(operand)")
      }
      // An unknown extent is at most the greatest Int.
      let extent = if case .known(let extent) = operand.shape[axis] { extent } else { Int.max }
      if count > 0 || span.start > extent {
        let (reach, overflow) = max(0, count - 1).multipliedReportingOverflow(by: span.step)
        if overflow || reach >= extent || span.start >= extent - reach {
          throw WeftError(
            .index, "slice",
            "\(count) elements from \(span.start) in steps of \(span.step) leave axis \(axis) of \(operand)"
          )
        }
      }
      shape[axis] = .known(count)
    }
    return TensorType(operand.dtype, shape)
  }

  static func pad(
    _ operand: TensorType, _ fill: TensorType, _ spans: [PadSpan]
  ) throws(WeftError) -> TensorType {
    guard spans.count == operand.rank else {
      throw WeftError(.argument, "pad", "\(spans.count) spans for \(operand)")
    }
    guard fill == TensorType(operand.dtype, .scalar) else {
      throw WeftError(.dtype, "pad", "the fill is \(fill), expected \(operand.dtype)[]")
    }
    var shape = operand.shape
    for (axis, span) in spans.enumerated() {
      guard span.low >= 0, span.high >= 0, span.interior >= 0 else {
        throw WeftError(.negativeExtent, "pad", "\(span) is negative")
      }
      guard case .known(let extent) = shape[axis] else {
        if span != PadSpan(low: 0, high: 0) {
          throw WeftError(.unknownExtent, "pad", "cannot pad an axis of unknown extent")
        }
        continue
      }
      let (between, overflow) = max(0, extent - 1).multipliedReportingOverflow(by: span.interior)
      var total = extent
      var overflowed = overflow
      for part in [between, span.low, span.high] {
        let (sum, more) = total.addingReportingOverflow(part)
        total = sum
        overflowed = overflowed || more
      }
      if overflowed {
        throw WeftError(.tooLarge, "pad", "the padded extent of axis \(axis) is too large")
      }
      shape[axis] = .known(total)
    }
    return TensorType(operand.dtype, shape)
  }

  static func concatenate(_ operands: [TensorType], _ axis: Int) throws(WeftError) -> TensorType {
    guard var result = operands.first else {
      throw WeftError(.concatenate, "concatenate", "needs at least one array")
    }
    try requireAxis("concatenate", axis, result)
    var total = 0
    var isKnown = true
    for operand in operands {
      guard operand.rank == result.rank, operand.dtype == result.dtype else {
        throw WeftError(
          .concatenate, "concatenate", "cannot join \(result) and \(operand) along axis \(axis)")
      }
      for other in 0..<result.rank where other != axis {
        guard mayEqual(result.shape[other], operand.shape[other]) else {
          throw WeftError(
            .concatenate, "concatenate",
            "\(result) and \(operand) differ along axis \(other), not only along axis \(axis)")
        }
        if case .known = operand.shape[other] { result.shape[other] = operand.shape[other] }
      }
      if case .known(let extent) = operand.shape[axis] {
        let (sum, overflow) = total.addingReportingOverflow(extent)
        if overflow { throw WeftError(.tooLarge, "concatenate", "the joined extent is too large") }
        total = sum
      } else {
        isKnown = false
      }
    }
    if isKnown {
      result.shape[axis] = .known(total)
    } else if operands.count > 1 {
      result.shape[axis] = Shape.freshUnknown()
    }
    return result
  }
}
