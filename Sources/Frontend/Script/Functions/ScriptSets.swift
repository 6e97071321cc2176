import WeftIR

extension ScriptFunction {
  static let sets: [ScriptFunction] = [
    ScriptFunction("unique_values(x, /)", swift: "uniqueValues(x)") { a in
      .array(distinct(try a.array("x"), equalNaN: false, a.composition))
    },
    ScriptFunction("unique_counts(x, /)", swift: "uniqueCounts(x)") { a in
      let all = unique(try a.array("x"), equalNaN: false, a.composition)
      return .named("unique_counts", [("values", all.values), ("counts", all.counts)])
    },
    ScriptFunction("unique_inverse(x, /)", swift: "uniqueInverse(x)") { a in
      let all = unique(try a.array("x"), equalNaN: false, a.composition)
      return .named("unique_inverse", [("values", all.values), ("inverse_indices", all.inverse)])
    },
    ScriptFunction("unique_all(x, /)", swift: "uniqueAll(x)") { a in
      let all = unique(try a.array("x"), equalNaN: false, a.composition)
      return .named(
        "unique_all",
        [
          ("values", all.values), ("indices", all.indices), ("inverse_indices", all.inverse),
          ("counts", all.counts),
        ])
    },
    ScriptFunction(
      "unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, "
        + "*, equal_nan=True, sorted=True)", swift: "unique(x, axis:)"
    ) { a in
      let needsOthers = try ["return_index", "return_inverse", "return_counts"].contains {
        try a.bool($0)
      }
      if !needsOthers {
        return .array(
          unique(
            try a.array("ar"), axis: try a.optionalAxis(), equalNaN: try a.bool("equal_nan"),
            sorted: try a.bool("sorted"), file: a.file, line: a.line))
      }
      let all = uniqueElements(
        try a.array("ar"), axis: try a.optionalAxis(), equalNaN: try a.bool("equal_nan"),
        file: a.file, line: a.line)
      var parts = [all.values]
      if try a.bool("return_index") { parts.append(all.indices) }
      if try a.bool("return_inverse") { parts.append(all.inverse) }
      if try a.bool("return_counts") { parts.append(all.counts) }
      return .tuple(of: parts)
    },
    ScriptFunction(
      "intersect1d(ar1, ar2, assume_unique=False, return_indices=False)",
      swift: "intersect1d(a, b)"
    ) { a in
      let (first, second) = (try a.array("ar1"), try a.array("ar2"))
      guard try a.bool("return_indices") else {
        return .array(intersect1d(first, second, file: a.file, line: a.line))
      }
      let parts = intersect1dIndices(first, second, file: a.file, line: a.line)
      return .tuple(of: [parts.values, parts.first, parts.second])
    },
    ScriptFunction("union1d(ar1, ar2)", swift: "union1d(a, b)") { a in
      .array(union1d(try a.array("ar1"), try a.array("ar2"), file: a.file, line: a.line))
    },
    ScriptFunction("setdiff1d(ar1, ar2, assume_unique=False)", swift: "setdiff1d(a, b)") { a in
      .array(
        setdiff1d(
          try a.array("ar1"), try a.array("ar2"), assumeUnique: try a.bool("assume_unique"),
          file: a.file, line: a.line))
    },
    ScriptFunction("setxor1d(ar1, ar2, assume_unique=False)", swift: "setxor1d(a, b)") { a in
      .array(setxor1d(try a.array("ar1"), try a.array("ar2"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "isin(element, test_elements, assume_unique=False, invert=False, *, kind=None)",
      swift: "isin(x, others)"
    ) { a in
      .array(
        isin(
          try a.array("element"), try a.array("test_elements"), invert: try a.bool("invert"),
          file: a.file, line: a.line))
    },
  ]
}
