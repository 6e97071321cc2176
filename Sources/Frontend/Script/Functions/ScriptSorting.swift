import WeftIR

extension ScriptFunction {
  static let sorting: [ScriptFunction] = [
    ScriptFunction(
      "sort(a, axis=-1, kind=None, order=None, *, descending=False, stable=None)",
      swift: "sort(x, axis:)"
    ) { a in
      .array(
        sort(
          try a.array("a"), try a.optionalAxis(), descending: try a.bool("descending"),
          a.composition))
    },
    ScriptFunction(
      "argsort(a, axis=-1, kind=None, order=None, *, descending=False, stable=None)",
      isMethod: true,
      swift: "argsort(x, axis:)"
    ) { a in
      .array(
        argsort(
          try a.array("a"), try a.optionalAxis(), descending: try a.bool("descending"),
          a.composition))
    },
    ScriptFunction(
      "searchsorted(a, v, side='left', sorter=None)", isMethod: true,
      swift: "searchsorted(x, values, side:)"
    ) { a in
      let side = try a.string("side")
      guard let side = SearchSide(rawValue: side) else {
        throw a.failure("side", "the side is '\(side)', expected 'left' or 'right'", code: .value)
      }
      return .array(
        searchsorted(
          try a.array("a"), try a.array("v"), side, try a.optionalArray("sorter"),
          a.composition))
    },
    ScriptFunction("lexsort(keys, axis=-1)", swift: "lexsort(keys, axis:)") { a in
      .array(lexsort(try a.arrays("keys"), try a.axis(), a.composition))
    },
    ScriptFunction(
      "partition(a, kth, axis=-1, kind=None, order=None)", isMethod: true,
      swift: "partition(x, kth:, axis:)"
    ) { a in
      .array(
        try partition(a.array("a"), a.ints("kth"), a.optionalAxis(), a.composition))
    },
    ScriptFunction(
      "argpartition(a, kth, axis=-1, kind=None, order=None)", isMethod: true,
      swift: "argpartition(x, kth:, axis:)"
    ) { a in
      .array(
        try argpartition(a.array("a"), a.ints("kth"), a.optionalAxis(), a.composition))
    },
    ScriptFunction(
      "array.sort(x, axis=-1, kind=None, order=None, *, stable=None)", swift: "x = sort(x, axis:)",
      isInPlace: true
    ) { a in
      .array(sort(try a.array("x").strong, try a.optionalAxis(), descending: false, a.composition))
    },
    ScriptFunction(
      "array.partition(x, kth, axis=-1, kind=None, order=None)",
      swift: "x = partition(x, kth:, axis:)",
      isInPlace: true
    ) { a in
      .array(
        try partition(a.array("x").strong, a.ints("kth"), a.optionalAxis(), a.composition))
    },
    ScriptFunction("sort_complex(a)", swift: "sortComplex(x)") { a in
      .array(sortComplex(try a.array("a"), file: a.file, line: a.line))
    },
  ]
}
