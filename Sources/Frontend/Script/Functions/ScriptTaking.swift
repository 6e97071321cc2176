import WeftIR

extension ScriptFunction {
  /// Functions that take and put elements by position or condition.
  static let taking: [ScriptFunction] = [
    ScriptFunction(
      "take(x|a, indices, axis=None, mode='raise')", isMethod: true,
      swift: "x.take(indices, axis: 0)"
    ) { a in
      .array(
        take(
          try a.array("x"), try a.array("indices"), axis: try a.optionalAxis(),
          outOfBounds: try outOfBounds(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "take_along_axis(x|arr, indices, axis=-1)", swift: "takeAlongAxis(x, indices, axis: -1)"
    ) { a in
      .array(
        takeAlongAxis(
          try a.array("x"), try a.array("indices"), axis: try a.optionalAxis(), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "put_along_axis(x|arr, indices, values, axis=-1)",
      swift: "putAlongAxis(x, indices, values, axis: -1)", isInPlace: true
    ) { a in
      .array(
        putAlongAxis(
          try a.array("x"), try a.array("indices"), try a.array("values"),
          axis: try a.optionalAxis(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "compress(condition, x|a, axis=None)", swift: "compress(condition, x, axis: 0)"
    ) { a in
      .array(
        compress(
          try a.array("condition"), try a.array("x"), axis: try a.optionalAxis(), file: a.file,
          line: a.line))
    },
    ScriptFunction("extract(condition, x|arr)", swift: "extract(condition, x)") { a in
      .array(extract(try a.array("condition"), try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "choose(x|a, choices, mode='raise')", isMethod: true, swift: "choose(x, [a, b])"
    ) { a in
      .array(
        choose(
          try a.array("x"), try a.arrays("choices"), outOfBounds: try outOfBounds(a),
          file: a.file, line: a.line))
    },
    ScriptFunction(
      "select(condlist, choicelist, default=0)", swift: "select([c, d], [a, b], default: 0)"
    ) { a in
      .array(
        select(
          try a.arrays("condlist"), try a.arrays("choicelist"), default: try a.array("default"),
          file: a.file, line: a.line))
    },
    ScriptFunction("argwhere(x|a)", swift: "argWhere(x)") { a in
      .array(argWhere(try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction("flatnonzero(x|a)", swift: "flatNonzero(x)") { a in
      .array(flatNonzero(try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "unravel_index(indices, shape, order='C')", swift: "unravelIndex(indices, shape)"
    ) { a in
      .tuple(
        of: unravelIndex(
          try a.array("indices").strong, try a.shape(), order: try a.indexOrder(), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "ravel_multi_index(multi_index, dims, mode='raise', order='C')",
      swift: "ravelMultiIndex(indices, shape)"
    ) { a in
      var rules: [OutOfBounds] = []
      for mode in a["mode"].items ?? [a["mode"]] {
        guard case .string(let name) = mode, let rule = rule(name) else {
          throw a.failure("mode", "there is no mode \(mode.summary)")
        }
        rules.append(rule)
      }
      return .array(
        ravelMultiIndex(
          try a.arrays("multi_index").map(\.strong), try a.shape("dims"), outOfBounds: rules,
          order: try a.indexOrder(), file: a.file, line: a.line))
    },
  ]

  private static func rule(_ name: String) -> OutOfBounds? {
    switch name {
    case "raise": .error
    case "wrap": .wrap
    case "clip": .clip
    default: nil
    }
  }

  static func outOfBounds(_ a: ScriptArguments) throws -> OutOfBounds {
    rule(try a.string("mode", oneOf: ["raise", "wrap", "clip"])) ?? .error
  }
}
