import WeftIR

/// Brings the extremes of chunks together: the first of the best.
struct PositionSearch: Sendable {
  private let isMaximum: Bool
  private let dtype: DType

  /// A search for `minimum` or `maximum` among elements of a dtype that kernels compute in.
  init(_ function: ScalarFunction, _ dtype: DType) {
    isMaximum = function == .maximum
    self.dtype = dtype
  }

  /// Writes for each position before and behind the chunks the position of the best; values and
  /// positions are `[outer, chunks, inner]`.
  func run(_ values: Buffer, _ positions: Buffer, _ result: Buffer) {
    switch dtype {
    case .bool, .uint8: run(UInt8.self, values, positions, result)
    case .int8: run(Int8.self, values, positions, result)
    case .int16: run(Int16.self, values, positions, result)
    case .int32: run(Int32.self, values, positions, result)
    case .int64: run(Int64.self, values, positions, result)
    case .uint16: run(UInt16.self, values, positions, result)
    case .uint32: run(UInt32.self, values, positions, result)
    case .uint64: run(UInt64.self, values, positions, result)
    case .float32: run(Float.self, values, positions, result)
    case .float64: run(Double.self, values, positions, result)
    case .float16, .bfloat16, .complex64, .complex128: break
    }
  }

  private func run<T: Searchable>(
    _ type: T.Type, _ values: Buffer, _ positions: Buffer, _ result: Buffer
  ) {
    guard let extents = values.type.shape.known else { return }
    let (chunks, inner) = (extents[1], extents[2])
    let elements = values.base.assumingMemoryBound(to: T.self)
    let places = positions.base.assumingMemoryBound(to: Int64.self)
    let results = result.base.assumingMemoryBound(to: Int64.self)
    for outer in 0..<extents[0] {
      for column in 0..<inner {
        var best = outer * chunks * inner + column
        for chunk in 1..<max(1, chunks) {
          let next = (outer * chunks + chunk) * inner + column
          let wins =
            isMaximum
            ? T.isGreater(elements[next], elements[best])
            : T.isLess(elements[next], elements[best])
          if wins { best = next }
        }
        results[outer * inner + column] = places[best]
      }
    }
  }
}
