import WeftIR

extension NDArray {
  /// An attribute that NumPy's arrays have; nil for another name.
  func scriptAttribute(_ name: String, _ site: SourceSite) throws(WeftError) -> ScriptValue? {
    switch name {
    case "dtype": return .dtype(dtype)
    case "ndim": return .integer(rank)
    case "itemsize": return .integer(dtype.itemSize)
    case "shape": return .tuple(try ScriptSequence(shape.map { $0.map { .integer($0) } ?? .none }))
    case "size": return .integer(try known(count, name, site))
    case "nbytes": return .integer(try known(byteCount, name, site))
    case "T": return .array(permuted(nil, name: "T", site: site))
    case "mT": return .array(matrixTransposed(site))
    case "real": return .array(NDArray.apply(.real, self, site: site))
    case "imag": return .array(NDArray.apply(.imag, self, site: site))
    case "nnz": return .integer(try storedCount())
    case "density": return .real(try density())
    case "fill_value":
      guard let fill = try fillValue() else { return nil }
      return .array(NDArray(Building.constant(fill, site: site)))
    case "device": return .string("cpu")
    case "blocks": return .blocks(strong)
    case "numblocks": return .tuple(try ScriptSequence(blockCounts.map { .integer($0) }))
    case "chunks":
      var axes: [ScriptValue] = []
      for pieces in chunks { axes.append(try .tuple(pieces.map { .integer($0) })) }
      return try .tuple(axes)
    case "flat": return .array(strong.reshaped([-1], name: "flat", site: site))
    default: return nil
    }
  }

  private func known(_ value: Int?, _ name: String, _ site: SourceSite) throws(WeftError) -> Int {
    if let value { return value }
    throw WeftError(
      .unknownExtent, name, "\(expr.type) has extents that only the data tell", site: site)
  }

  /// The last two axes swapped.
  func matrixTransposed(_ site: SourceSite) -> NDArray {
    guard rank >= 2 || expr.isPoison else {
      return NDArray(
        Expr(
          WeftError(
            .axis, "matrix_transpose", "\(expr.type) has fewer than two axes", site: site)))
    }
    var order = Array(0..<rank)
    if rank >= 2 { order.swapAt(rank - 1, rank - 2) }
    return permuted(order, name: "matrix_transpose", site: site)
  }
}

extension ScriptValue {
  /// An attribute of what is no array; nil where there is none.
  func attribute(_ name: String) -> ScriptValue? {
    switch (self, name) {
    case (.blocks(let array), "shape"):
      return try? .tuple(array.blockCounts.map { .integer($0) })
    case (.blocks(let array), "size"): return .integer(BlockView(array: array).count)
    case (.record(let record), _):
      return record.fields.first { $0.name == name }?.value
    case (.dtype(let dtype), "name"): return .string(dtype.name)
    case (.dtype(let dtype), "itemsize"): return .integer(dtype.itemSize)
    case (.dtype(let dtype), "kind"): return .string(dtype.kindLetter)
    case (.complex(let re, _), "real"): return .real(re)
    case (.complex(_, let im), "imag"): return .real(im)
    case (.integer, "real"), (.real, "real"): return self
    case (.integer, "imag"): return .integer(0)
    case (.real, "imag"): return .real(0)
    default: return nil
    }
  }
}

extension DType {
  /// NumPy's letter for the kind.
  var kindLetter: String {
    switch kind {
    case .bool: "b"
    case .signed: "i"
    case .unsigned: "u"
    case .float: "f"
    case .complex: "c"
    }
  }
}
