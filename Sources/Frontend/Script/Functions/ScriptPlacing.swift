import WeftIR

extension ScriptFunction {
  /// Functions that put elements and that make index arrays.
  static let placing: [ScriptFunction] = [
    ScriptFunction(
      "put(a, ind|indices, v|values, mode='raise')", isMethod: true,
      swift: "put(x, positions, values)",
      isInPlace: true
    ) { a in
      .array(
        put(
          try a.array("a"), try a.array("ind"), try a.array("v"),
          outOfBounds: try outOfBounds(a), file: a.file, line: a.line))
    },
    ScriptFunction("place(arr, mask, vals)", swift: "place(x, mask, values)", isInPlace: true) {
      a in
      .array(
        place(
          try a.array("arr"), try a.array("mask"), try a.array("vals"), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "fill_diagonal(a, val, wrap=False)", swift: "fillDiagonal(x, value)", isInPlace: true
    ) { a in
      .array(
        fillDiagonal(
          try a.array("a"), try a.array("val"), wraps: try a.bool("wrap"), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "array.compress(x, condition, /, axis=None, out=None)",
      swift: "compress(condition, x, axis: 0)"
    ) { a in
      .array(
        compress(
          try a.array("condition"), try a.array("x"), axis: try a.optionalAxis(), file: a.file,
          line: a.line))
    },
    ScriptFunction("ix_(*args)", swift: "ix(rows, columns)") { a in
      let arrays = try a.rest("args").map { try $0.requireArray("ix_", a.site) }
      return .tuple(of: ix(arrays, Call("ix_", a.site)))
    },
    ScriptFunction("diag_indices(n, ndim=2)", swift: "diagIndices(n)") { a in
      .tuple(of: diagIndices(try a.int("n"), rank: try a.int("ndim"), file: a.file, line: a.line))
    },
    ScriptFunction("diag_indices_from(arr)", swift: "diagIndices(from: x)") { a in
      .tuple(of: diagIndices(from: try a.array("arr"), file: a.file, line: a.line))
    },
    ScriptFunction("tril_indices(n, k=0, m=None)", swift: "trilIndices(rows, columns)") { a in
      .tuple(
        of: trilIndices(
          try a.int("n"), try a.optionalInt("m"), offset: try a.int("k"), file: a.file,
          line: a.line))
    },
    ScriptFunction("triu_indices(n, k=0, m=None)", swift: "triuIndices(rows, columns)") { a in
      .tuple(
        of: triuIndices(
          try a.int("n"), try a.optionalInt("m"), offset: try a.int("k"), file: a.file,
          line: a.line))
    },
    ScriptFunction("tril_indices_from(arr, k=0)", swift: "trilIndices(from: x)") { a in
      .tuple(
        of: trilIndices(
          from: try a.array("arr"), offset: try a.int("k"), file: a.file, line: a.line))
    },
    ScriptFunction("triu_indices_from(arr, k=0)", swift: "triuIndices(from: x)") { a in
      .tuple(
        of: triuIndices(
          from: try a.array("arr"), offset: try a.int("k"), file: a.file, line: a.line))
    },
  ]
}
