extension KernelLibrary {
  /// Comparisons; of bool by its bits.
  static let comparison: [ScalarFunction: Body] = [
    .equal: { $0[0].dtype == .bool ? !($0[0] ^ $0[1]) : $0[0] .== $0[1] },
    .notEqual: { $0[0].dtype == .bool ? $0[0] ^ $0[1] : $0[0] .!= $0[1] },
    .less: { $0[0].dtype == .bool ? !$0[0] & $0[1] : $0[0] .< $0[1] },
    .lessEqual: { $0[0].dtype == .bool ? !$0[0] | $0[1] : $0[0] .<= $0[1] },
    .greater: { $0[0].dtype == .bool ? $0[0] & !$0[1] : $0[0] .> $0[1] },
    .greaterEqual: { $0[0].dtype == .bool ? $0[0] | !$0[1] : $0[0] .>= $0[1] },
  ]

  /// Logic on the truth of values.
  static let logic: [ScalarFunction: Body] = [
    .logicalAnd: { $0[0].truth & $0[1].truth },
    .logicalOr: { $0[0].truth | $0[1].truth },
    .logicalXor: { $0[0].truth ^ $0[1].truth },
    .logicalNot: { $0[0].dtype == .bool ? !$0[0] : $0[0] .== 0 },
  ]

  /// Kinds of floats; integers and bool are finite.
  static let classification: [ScalarFunction: Body] = [
    .isnan: { $0[0].dtype.isFloat ? $0[0] .!= $0[0] : $0[0].constant(0, .bool) },
    .isinf: { x in
      x[0].dtype.isFloat ? x[0].magnitude .== .infinity : x[0].constant(0, .bool)
    },
    .isfinite: { x in
      x[0].dtype.isFloat ? x[0].magnitude .< .infinity : x[0].constant(1, .bool)
    },
    .signbit: { x in
      switch x[0].dtype.kind {
      case .bool, .unsigned: x[0].constant(0, .bool)
      case .signed: x[0] .< 0
      default: x[0].signed .< 0
      }
    },
  ]
}

extension KernelTerm {
  /// Whether the value is not zero; NaN is not.
  var truth: KernelTerm { dtype == .bool ? self : self .!= 0 }

  /// A float's bits as a signed integer of its width.
  var signed: KernelTerm { bitcast(to: dtype.itemSize == 4 ? .int32 : .int64) }
  /// The bits as an unsigned integer of the same width.
  var unsigned: KernelTerm {
    let unsigned: [Int: DType] = [1: .uint8, 2: .uint16, 4: .uint32, 8: .uint64]
    return bitcast(to: unsigned[dtype.itemSize] ?? .uint64)
  }
}
