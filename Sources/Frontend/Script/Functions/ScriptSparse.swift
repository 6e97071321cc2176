import WeftIR

extension ScriptFunction {
  /// Sparse arrays, under the names of pydata/sparse and SciPy.
  static let sparse: [ScriptFunction] = [
    ScriptFunction(
      "sparse.COO(coords, data=None, shape=None, fill_value=0)",
      swift: "NDArray(coordinates:values:shape:fill:)"
    ) { a in
      let fill = try a.array("fill_value")
      if a.isNone("data") {
        return .array(try a.array("coords").asSparse(.coordinates, fill: fill, a.call("COO")))
      }
      let coordinates = try a.array("coords")
      guard coordinates.rank == 2, case let rows?? = coordinates.shape.first, rows <= 64 else {
        throw a.failure(
          "coords", "the coordinates are \(coordinates.type), expected a row for each axis",
          code: .value)
      }
      let axes = (0..<rows).map { coordinates[$0] }
      return .array(
        try a.sparse(axes, try a.array("data"), try a.optionalInts("shape"), fill, .coordinates))
    },
    ScriptFunction(
      "sparse.asarray(obj, format='coo', fill_value=0)", swift: "x.asSparse(_:fill:)"
    ) { a in
      .array(
        try a.array("obj").asSparse(
          try a.sparseFormat("format"), fill: try a.array("fill_value"), a.call("asarray")))
    },
    ScriptFunction(
      "sparse.coo_array(arg1, shape=None)", aliases: ["sparse.coo_matrix"],
      swift: "NDArray(coordinates:values:shape:)"
    ) { a in try a.matrix(.coordinates) },
    ScriptFunction(
      "sparse.csr_array(arg1, shape=None)", aliases: ["sparse.csr_matrix"],
      swift: "NDArray(coordinates:values:shape:format:)"
    ) { a in try a.matrix(.csr) },
    ScriptFunction(
      "sparse.csc_array(arg1, shape=None)", aliases: ["sparse.csc_matrix"],
      swift: "NDArray(coordinates:values:shape:format:)"
    ) { a in try a.matrix(.csc) },
    ScriptFunction("array.todense(x)", aliases: ["array.toarray"], swift: "x.asDense()") { a in
      .array(try a.array("x").asDense(file: a.file, line: a.line))
    },
    ScriptFunction("array.tocoo(x)", swift: "x.asSparse()") { a in
      .array(try a.array("x").reformatted(.coordinates, a.call("tocoo")))
    },
    ScriptFunction("array.tocsr(x)", swift: "x.asSparse(.csr)") { a in
      .array(try a.array("x").reformatted(.csr, a.call("tocsr")))
    },
    ScriptFunction("array.tocsc(x)", swift: "x.asSparse(.csc)") { a in
      .array(try a.array("x").reformatted(.csc, a.call("tocsc")))
    },
    ScriptFunction("array.asformat(x, format)", swift: "x.asSparse(_:)") { a in
      .array(try a.array("x").reformatted(try a.sparseFormat("format"), a.call("asformat")))
    },
  ]
}

extension NDArray {
  /// The array in another format; a sparse one keeps its fill.
  fileprivate func reformatted(_ format: SparseFormat, _ call: Call) -> NDArray {
    let own = (try? fillValue()) ?? nil
    let fill = own ?? Scalar(0 as Int64, dtype)
    return asSparse(format, fill: NDArray(Building.constant(fill, site: call.site)), call)
  }
}

extension ScriptArguments {
  fileprivate func call(_ name: String) -> Call { Call(name, site) }

  fileprivate func sparseFormat(_ name: String) throws -> SparseFormat {
    let text = try string(name)
    guard let format = SparseFormat(name: text) else {
      throw failure(
        name, "the format is '\(text)', expected coo, csr, csc, csf, gcxs, bsr or dia", code: .value
      )
    }
    return format
  }

  /// An array of entries; without a shape it reaches as far as they do.
  fileprivate func sparse(
    _ axes: [NDArray], _ values: NDArray, _ shape: [Int]?, _ fill: NDArray, _ format: SparseFormat
  ) throws -> NDArray {
    var extents = shape ?? []
    if shape == nil {
      for list in axes {
        let greatest = list.count == 0 ? 0 : try (list.max() + 1).asType(.int64).item(Int.self)
        extents.append(greatest)
      }
    }
    do throws(WeftError) {
      return try NDArray(
        coordinates: axes, values: values, shape: extents, fill: fill, format: format)
    } catch {
      throw error.located(at: site)
    }
  }

  /// SciPy's ways to make a matrix: `(data, (i, j))`, `(data, indices, indptr)`, a shape, an array.
  fileprivate func matrix(_ format: SparseFormat) throws -> ScriptValue {
    let shape = try optionalInts("shape")
    guard case .tuple(let parts) = self["arg1"] else {
      return .array(try array("arg1").reformatted(format, call("sparse")))
    }
    let items = Array(parts.items)
    func elements(_ value: ScriptValue) throws -> NDArray {
      try value.requireArray(signature.name, site)
    }
    if items.count == 2, case .integer = items[0] {
      return .array(
        try sparse(
          [zeros([0], dtype: .int64), zeros([0], dtype: .int64)], zeros([0]), try ints("arg1"), 0,
          format))
    }
    if items.count == 2, case .tuple(let places) = items[1] {
      let axes = try places.items.map { try elements($0) }
      return .array(try sparse(axes, try elements(items[0]), shape, 0, format))
    }
    guard items.count == 3, format != .coordinates else {
      throw failure(
        "arg1", "expected (data, (i, j)), (data, indices, indptr), a shape or an array",
        code: .value)
    }
    let (values, inner, ends) = (
      try elements(items[0]), try elements(items[1]), try elements(items[2])
    )
    let outer = searchsorted(ends[1...], arange(values.count ?? 0), side: .right)
    let axes = format == .csr ? [outer, inner] : [inner, outer]
    return .array(try sparse(axes, values, shape, 0, format))
  }
}
