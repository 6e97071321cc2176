/// The bytes of elements under another dtype.
extension Routine {
  /// The same bytes as elements of a dtype.
  ///
  /// - Shape: unchanged for a dtype of the same size; else the last axis holds as many bytes.
  /// - Throws: `shape-mismatch` when the bytes of the last axis are no whole number of elements.
  public static func view(_ dtype: DType) -> Routine {
    Routine("view", options: ["dtype": dtype.name], arity: 1, isTotal: true) { types in
      let type = types[0]
      let (from, to) = (type.dtype.itemSize, dtype.itemSize)
      if from == to { return [TensorType(dtype, type.shape)] }
      guard type.rank > 0, case .known(let extent) = type.shape[type.rank - 1],
        extent * from % to == 0
      else {
        throw WeftError(
          .shapeMismatch, "view", "the last axis of \(type) holds no whole number of \(dtype)")
      }
      var shape = type.shape
      shape[type.rank - 1] = .known(extent * from / to)
      return [TensorType(dtype, shape)]
    }
  }
}
