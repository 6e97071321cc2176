import WeftIR

extension ScriptFunction {
  /// Grids, triangles and uneven steps.
  static let grids: [ScriptFunction] = [
    ScriptFunction(
      "tri(N|n, M=None, k=0, dtype=float64)", swift: "tri(rows, columns, offset:)"
    ) { a in
      .array(
        tri(
          try a.int("N"), try a.optionalInt("M"), offset: try a.int("k"),
          dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
    ScriptFunction("identity(n, dtype=None)", swift: "identity(n)") { a in
      .array(
        identity(
          try a.int("n"), dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
    ScriptFunction("empty(shape, dtype=None, order='C', *, device=None)", swift: "empty(shape)") {
      a in
      .array(
        empty(try a.shape(), dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
    ScriptFunction(
      "empty_like(x|prototype, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      swift: "empty(like: x)"
    ) { a in
      let x = try a.array("x")
      let shape = try a.optionalInts("shape")
      return .array(
        try shape.map {
          empty($0, dtype: try a.optionalDType() ?? x.dtype, file: a.file, line: a.line)
        } ?? empty(like: x, dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction("indices(dimensions, dtype=int64, sparse=False)", swift: "indices(shape)") { a in
      let (shape, dtype) = (try a.shape("dimensions"), try a.optionalDType() ?? .int64)
      if try a.bool("sparse") {
        return .tuple(of: sparseIndices(shape, dtype: dtype, file: a.file, line: a.line))
      }
      return .array(indices(shape, dtype: dtype, file: a.file, line: a.line))
    },
    ScriptFunction(
      "meshgrid(*arrays, indexing='xy', sparse=False, copy=True)",
      swift: "meshgrid([x, y], indexing: .xy)"
    ) { a in
      let indexing = try a.string("indexing", oneOf: ["xy", "ij"])
      let arrays = try a.rest("arrays").map { try $0.requireArray(a.signature.name, a.site).strong }
      return .list(
        of: meshgrid(
          arrays, indexing: indexing == "ij" ? .ij : .xy, sparse: try a.bool("sparse"),
          file: a.file, line: a.line))
    },
    ScriptFunction(
      "logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)",
      swift: "logspace(0, 3, count: 4)"
    ) { a in
      .array(
        logspace(
          try a.array("start"), try a.array("stop"), count: try a.int("num"),
          endpoint: try a.bool("endpoint"), base: try a.array("base"),
          dtype: try a.optionalDType(), axis: try a.axis(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)",
      swift: "geomspace(1, 1000, count: 4)"
    ) { a in
      .array(
        geomspace(
          try a.array("start"), try a.array("stop"), count: try a.int("num"),
          endpoint: try a.bool("endpoint"), dtype: try a.optionalDType(), axis: try a.axis(),
          file: a.file, line: a.line))
    },
  ]
}
