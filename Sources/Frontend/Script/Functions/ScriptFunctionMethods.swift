import WeftIR

extension ScriptFunction {
  /// What NumPy's ufuncs do besides applying elementwise: `add.reduce(x)`; the function itself is
  /// the first argument.
  static let functionMethods: [ScriptFunction] = [
    ScriptFunction(
      "ufunc.outer(ufunc, A, B, /)", swift: "ScalarFunction.add.outer(a, b)"
    ) { a in
      .array(
        try a.elementwise().outer(try a.array("A"), try a.array("B"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ufunc.reduce(ufunc, array, /, axis=0, dtype=None, out=None, keepdims=False, initial=None, "
        + "where=True)", swift: "ScalarFunction.add.reduce(x, axes: [0])"
    ) { a in
      .array(
        try a.elementwise().reduce(
          try a.array("array").strong, axes: try a.axes(), keepAxes: try a.keepAxes(),
          dtype: try a.optionalDType(), initial: try a.optionalArray("initial"),
          where: try a.mask(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ufunc.accumulate(ufunc, array, /, axis=0, dtype=None, out=None)",
      swift: "ScalarFunction.add.accumulate(x, axis: 0)"
    ) { a in
      .array(
        try a.elementwise().accumulate(
          try a.array("array").strong, axis: try a.axis(), dtype: try a.optionalDType(),
          file: a.file, line: a.line))
    },
    ScriptFunction(
      "ufunc.reduceat(ufunc, array, indices, /, axis=0, dtype=None, out=None)",
      swift: "ScalarFunction.add.reduceAt(x, positions)"
    ) { a in
      .array(
        try a.elementwise().reduceAt(
          try a.array("array").strong, try a.array("indices").strong, axis: try a.axis(),
          dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ufunc.at(ufunc, a, indices, b, /)", swift: "ScalarFunction.add.at(x, index, values: v)",
      isInPlace: true
    ) { a in
      let function = try a.elementwise()
      return .array(
        function.at(
          try a.array("a").strong, try a["indices"].axisIndices(a.site), try a.array("b"),
          Call("\(function.name).at", a.site)))
    },
  ]

  /// A method of an elementwise function; nil for another name.
  func functionMethod(_ name: String, in table: ScriptFunctionTable) -> ScriptFunction? {
    elementwise == nil ? nil : table["ufunc." + name]
  }

  /// Functions that take functions, by name: `apply_along_axis(sum, 0, x)`.
  static let functional: [ScriptFunction] = [
    ScriptFunction(
      "apply_along_axis(func1d, axis, arr, *args)", swift: "applyAlongAxis(x, axis: 0) { $0.max() }"
    ) { a in
      let (function, others) = (try a.function("func1d"), a.rest("args"))
      return .array(
        try applyAlongAxis(
          try a.array("arr").strong, axis: try a.axis(), file: a.file, line: a.line
        ) { row in
          try a.result(of: function, [.array(row)] + others)
        })
    },
    ScriptFunction(
      "apply_over_axes(func, a, axes)",
      swift: "applyOverAxes(x, [0, 1]) { $0.sum(axis: $1, keepAxes: true) }"
    ) { a in
      let function = try a.function("func")
      return .array(
        try applyOverAxes(
          try a.array("a").strong, try a.ints("axes"), file: a.file, line: a.line
        ) { array, axis in
          try a.result(of: function, [.array(array), .integer(axis)])
        })
    },
    ScriptFunction(
      "piecewise(x, condlist, funclist, *args)",
      swift: "piecewise(x, [x .< 0], [.function { -$0 }, 1])"
    ) { a in
      let x = try a.array("x").strong
      let conditions = try a.conditions(for: x)
      let others = a.rest("args")
      let pieces = try a.items("funclist").map { value -> Piece in
        guard case .function(let function) = value else {
          return .value(try value.requireArray(a.signature.name, a.site))
        }
        return .value(try a.result(of: function, [.array(x)] + others))
      }
      return .array(piecewise(x, conditions, pieces, file: a.file, line: a.line))
    },
    ScriptFunction(
      "fromfunction(function, shape, *, dtype=float64)", swift: "fromFunction([2, 3]) { $0[0] }"
    ) { a in
      let function = try a.function("function")
      let shape = try a.shape()
      let grid = indices(shape, dtype: try a.dtype(), file: a.file, line: a.line)
      let arguments = shape.indices.map {
        ScriptValue.array(grid.selecting([.at($0)], site: a.site))
      }
      return .array(try a.result(of: function, arguments))
    },
    ScriptFunction(
      "mask_indices(n, mask_func, k=None)", swift: "maskIndices(3) { triu($0) }"
    ) { a in
      let function = try a.function("mask_func")
      let extent = try a.int("n")
      let square = ones([extent, extent], dtype: .int64, file: a.file, line: a.line)
      let offset = a.isNone("k") ? ScriptValue.integer(0) : a["k"]
      let mask = try a.result(of: function, [.array(square), offset])
      return .tuple(of: mask.truePositions(a.site))
    },
  ]
}

extension ScriptArguments {
  /// The elementwise function that a method of functions is called on.
  fileprivate func elementwise() throws -> ScalarFunction {
    guard let function = try function("ufunc").elementwise else {
      throw failure("ufunc", "\(try function("ufunc").name) is no elementwise function")
    }
    return function
  }

  /// The conditions of `piecewise`: those of a list of arrays, of the rows of an array, or one.
  fileprivate func conditions(for x: NDArray) throws -> [NDArray] {
    if case .array(let array) = self["condlist"] {
      return array.rank > 1 || array.rank == 1 && x.rank == 0
        ? try arrays("condlist") : [array]
    }
    guard let items = self["condlist"].items, items.first?.isSequence ?? true || x.rank == 0 else {
      return [try array("condlist")]
    }
    return try items.map { try $0.requireArray(signature.name, site) }
  }

  /// The array that a function gives for some values.
  fileprivate func result(
    of function: ScriptFunction, _ values: [ScriptValue]
  ) throws -> NDArray {
    let value = try function.call(values.map { ScriptArgumentValue($0) }, anchor: anchor)
    return try value.requireArray(signature.name, site)
  }
}

extension ScriptValue {
  /// Whether the value is a list, a tuple or an array with axes.
  fileprivate var isSequence: Bool {
    if case .array(let array) = self { return array.rank > 0 }
    return items != nil
  }
}
