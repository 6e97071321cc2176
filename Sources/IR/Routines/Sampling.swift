/// Random numbers by rejection: each element draws from a stream of its own until it is accepted.
extension Routine {
  /// Numbers of a distribution, each from the sub-stream of its own index.
  ///
  /// Operands are the key, `uint64` of rank 0, and the parameters, `float64` of rank 0 or of the
  /// shape. Element i depends on the key, the lane and i alone.
  ///
  /// - Shape: `shape`.
  /// - DType: float64, or int64 for counts.
  /// - Throws: `value` at run time for parameters that the distribution does not have.
  public static func sample(
    _ distribution: String, lane: Int, shape: [Int], dtype: DType
  ) -> Routine {
    sampling("sample", distribution, lane: lane, shape: shape, dtype: dtype) { operands in
      operands.dropFirst(1).allSatisfy { $0.rank == 0 || $0.shape == Shape(shape) }
    }
  }

  /// Counts of categories that add up to a number of draws, a row each.
  ///
  /// Operands are the key, the numbers of draws, `float64` of rank 0 or of the shape without its
  /// last axis, and a weight for each category, `float64` of one axis.
  ///
  /// - Shape: `shape`, whose last axis are the categories.
  /// - DType: int64.
  /// - Throws: `value` at run time for weights that the distribution does not have.
  public static func sampleRows(_ distribution: String, lane: Int, shape: [Int]) -> Routine {
    sampling("sampleRows", distribution, lane: lane, shape: shape, dtype: .int64) { operands in
      let rows = Shape(Array(shape.dropLast()))
      return operands.count == 3 && !shape.isEmpty
        && (operands[1].rank == 0 || operands[1].shape == rows)
        && operands[2].shape == Shape([shape[shape.count - 1]])
    }
  }

  private static func sampling(
    _ name: String, _ distribution: String, lane: Int, shape: [Int], dtype: DType,
    fits: @escaping @Sendable ([TensorType]) -> Bool
  ) -> Routine {
    let options = [
      "distribution": distribution, "lane": "\(lane)", "dtype": dtype.name,
      "shape": shape.map(String.init).joined(separator: "x"),
    ]
    return Routine(name, options: options) { operands in
      guard let key = operands.first, key == TensorType(.uint64, .scalar),
        operands.dropFirst().allSatisfy({ $0.dtype == .float64 }), fits(operands)
      else {
        throw WeftError(
          .shapeMismatch, distribution,
          "operands \(operands.map(\.description).joined(separator: ", ")) do not fit \(shape)")
      }
      return [TensorType(dtype, Shape(shape))]
    }
  }
}
