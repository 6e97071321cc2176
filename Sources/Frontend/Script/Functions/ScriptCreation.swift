import WeftIR

extension ScriptFunction {
  /// Functions that make arrays.
  static let creation: [ScriptFunction] = [
    ScriptFunction(
      "asarray(a|obj|object, dtype=None, order=None, *, copy=None, device=None, subok=False, "
        + "ndmin=0, ndmax=0)",
      aliases: ["array", "asanyarray", "ascontiguousarray"], swift: "NDArray(elements)"
    ) { a in
      let array = try a.array("a", dtype: try a.optionalDType()).strong
      let most = try a.int("ndmax")
      guard most == 0 || array.rank <= most else {
        throw a.failure(
          "ndmax", "\(array.expr.type) has more than \(most) axes; there are no objects")
      }
      let missing = min(try a.int("ndmin"), 64) - array.rank
      guard missing > 0 else { return .array(array) }
      return .array(
        Call("asarray", a.site).reshape(
          array, codes: Array(repeating: 1, count: missing) + array.codes))
    },
    ScriptFunction(
      "zeros(shape, dtype=None, order='C', *, device=None)",
      swift: "zeros(shape, dtype:)"
    ) { a in
      .array(
        zeros(
          try a.shape(), dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
    ScriptFunction(
      "ones(shape, dtype=None, order='C', *, device=None)", swift: "ones(shape, dtype:)"
    ) { a in
      .array(
        ones(try a.shape(), dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
    ScriptFunction(
      "full(shape, fill_value, dtype=None, order='C', *, device=None)",
      swift: "full(shape, value, dtype:)"
    ) { a in
      .array(
        full(
          try a.shape(), try a.array("fill_value"), dtype: try a.optionalDType(), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "zeros_like(x|a, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      swift: "zeros(like:dtype:)"
    ) { a in
      let x = try a.array("x")
      let shape = try a.optionalInts("shape")
      return .array(
        try shape.map {
          zeros($0, dtype: try a.optionalDType() ?? x.dtype, file: a.file, line: a.line)
        } ?? zeros(like: x, dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ones_like(x|a, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      swift: "ones(like:dtype:)"
    ) { a in
      let x = try a.array("x")
      let shape = try a.optionalInts("shape")
      return .array(
        try shape.map {
          ones($0, dtype: try a.optionalDType() ?? x.dtype, file: a.file, line: a.line)
        } ?? ones(like: x, dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "full_like(x|a, fill_value, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      swift: "full(like:_:dtype:)"
    ) { a in
      let (x, value) = (try a.array("x"), try a.array("fill_value"))
      let shape = try a.optionalInts("shape")
      return .array(
        try shape.map {
          full($0, value, dtype: try a.optionalDType() ?? x.dtype, file: a.file, line: a.line)
        } ?? full(like: x, value, dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "arange(start, stop=None, step=1, dtype=None, *, device=None)",
      swift: "arange(start, stop, step, dtype:)"
    ) { a in
      let isStart = !a.isNone("stop")
      let start = isStart ? try a.scalar("start") : Scalar(0 as Int64, .int64)
      let stop = try a.scalar(isStart ? "stop" : "start")
      return .array(
        arange(start, stop, try a.scalar("step"), dtype: try a.optionalDType(), a.site))
    },
    ScriptFunction(
      "linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, "
        + "device=None)", swift: "linspace(start, stop, count:)"
    ) { a in
      let (start, stop, count) = (try a.array("start"), try a.array("stop"), try a.int("num"))
      let endpoint = try a.bool("endpoint")
      let points = linspace(
        start, stop, count: count, endpoint: endpoint, dtype: try a.optionalDType(),
        axis: try a.axis(), file: a.file, line: a.line)
      guard try a.bool("retstep") else { return .array(points) }
      let parts = endpoint ? count - 1 : count
      let span = NDArray.apply(.subtract, stop.strong, start.strong, site: a.site)
      let step = NDArray.apply(
        .divide, span, NDArray(scalar: parts > 0 ? Double(parts) : .nan), site: a.site)
      return .tuple(of: [points, step.strong])
    },
    ScriptFunction(
      "eye(n_rows|N, n_cols|M=None, k=0, dtype=None, order='C', *, device=None)",
      swift: "eye(rows, columns, offset:)"
    ) { a in
      .array(
        eye(
          try a.int("n_rows"), try a.optionalInt("n_cols"), offset: try a.int("k"),
          dtype: try a.optionalDType() ?? .float64, file: a.file, line: a.line))
    },
  ]
}
