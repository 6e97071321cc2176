import WeftIR

extension ScriptArguments {
  /// The composition of this call.
  var composition: Composition { Composition(signature.name, site: site) }
  /// The value of `keepdims`.
  func keepAxes() throws -> Bool { try bool("keepdims") }
  /// The mask of a reduction; `True` is none.
  func mask() throws -> NDArray? {
    if case .bool(true) = self["where"] { return nil }
    return try optionalArray("where")
  }
  /// The array of a function that leaves NaN out, in the dtype given, with NaN where a mask does
  /// not hold.
  func counted() throws -> NDArray {
    var array = try array("a").strong
    if let dtype = try optionalDType() { array = array.converted(to: dtype, site: site) }
    guard let mask = try mask() else { return array }
    let c = composition
    let dtype = array.dtype.meanDType
    return c.one([array, mask]) { () throws(WeftError) in
      c.select(try c.mask(mask, for: array), c.convert(array, dtype), c.number(.nan, dtype))
    }
  }
}

extension ScriptFunction {
  static let reductions: [ScriptFunction] = [
    ScriptFunction(
      "sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)",
      isMethod: true, swift: "x.sum(axis:)"
    ) { a in
      .array(
        try a.array("a").sum(
          try a.axes(), keepAxes: try a.keepAxes(), dtype: try a.optionalDType(),
          initial: try a.optionalArray("initial"), where: try a.mask(), a.composition))
    },
    ScriptFunction(
      "prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)",
      isMethod: true, swift: "x.prod(axis:)"
    ) { a in
      .array(
        try a.array("a").prod(
          try a.axes(), keepAxes: try a.keepAxes(), dtype: try a.optionalDType(),
          initial: try a.optionalArray("initial"), where: try a.mask(), a.composition))
    },
    ScriptFunction(
      "mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None)", isMethod: true,
      swift: "x.mean(axis:)"
    ) { a in
      .array(
        try a.array("a").mean(
          try a.axes(), keepAxes: try a.keepAxes(), dtype: try a.optionalDType(),
          where: try a.mask(), a.composition))
    },
    extreme("min", .minimum, aliases: ["amin"]),
    extreme("max", .maximum, aliases: ["amax"]),
    variance("var", isRoot: false),
    variance("std", isRoot: true),
    ScriptFunction(
      "any(a, axis=None, out=None, keepdims=False, *, where=None)", isMethod: true,
      swift: "x.any(axis:)"
    ) { a in
      .array(
        try a.array("a").any(
          try a.axes(), keepAxes: try a.keepAxes(), where: try a.mask(), a.composition))
    },
    ScriptFunction(
      "all(a, axis=None, out=None, keepdims=False, *, where=None)", isMethod: true,
      swift: "x.all(axis:)"
    ) { a in
      .array(
        try a.array("a").all(
          try a.axes(), keepAxes: try a.keepAxes(), where: try a.mask(), a.composition))
    },
    ScriptFunction(
      "count_nonzero(a, axis=None, *, keepdims=False)", swift: "x.countNonzero(axis:)"
    ) { a in
      .array(
        try a.array("a").countNonzero(
          try a.axes(), keepAxes: try a.keepAxes(), a.composition))
    },
    argExtreme("argmin", .minimum),
    argExtreme("argmax", .maximum),
    cumulative("cumulative_sum", .add, swift: "cumulativeSum(x, axis:)"),
    cumulative("cumulative_prod", .multiply, swift: "cumulativeProduct(x, axis:)"),
    running("cumsum", .add),
    running("cumprod", .multiply),
    running("nancumsum", .add, nan: 0),
    running("nancumprod", .multiply, nan: 1),
    nanSum("nansum", .add),
    nanSum("nanprod", .multiply),
    nanExtreme("nanmin", .fmin),
    nanExtreme("nanmax", .fmax),
    ScriptFunction(
      "nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None)",
      swift: "nanmean(x, axis:)"
    ) { a in
      .array(
        Weft.nanMean(
          try a.counted(), try a.axes(), try a.keepAxes(), a.composition))
    },
    nanVariance("nanvar", isRoot: false),
    nanVariance("nanstd", isRoot: true),
    nanArgExtreme("nanargmin", .minimum),
    nanArgExtreme("nanargmax", .maximum),
  ]

  private static func extreme(
    _ name: String, _ f: ScalarFunction, aliases: [String]
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, out=None, keepdims=False, initial=None, where=None)", aliases: aliases,
      isMethod: true, swift: "x.\(name)(axis:)"
    ) { a in
      .array(
        try a.array("a").extreme(
          f, try a.axes(), try a.keepAxes(), try a.optionalArray("initial"), try a.mask(),
          a.composition))
    }
  }

  private static func variance(_ name: String, isRoot: Bool) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, dtype=None, out=None, correction|ddof=0, keepdims=False, *, "
        + "where=None, mean=None)", isMethod: true,
      swift: "x.\(name)(axis:)"
    ) { a in
      .array(
        try a.array("a").variance(
          try a.axes(), keepAxes: try a.keepAxes(), correction: try a.real("correction"),
          dtype: try a.optionalDType(), where: try a.mask(), mean: try a.optionalArray("mean"),
          isRoot: isRoot, a.composition))
    }
  }

  private static func argExtreme(_ name: String, _ f: ScalarFunction) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, out=None, *, keepdims=False)", isMethod: true,
      swift: "x.\(name)(axis:)"
    ) { a in
      .array(
        try a.array("a").argExtreme(
          f, try a.optionalAxis(), keepAxes: try a.keepAxes(), a.composition))
    }
  }

  private static func cumulative(
    _ name: String, _ f: ScalarFunction, swift: String
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(x, /, *, axis=None, dtype=None, include_initial=False)", swift: swift
    ) { a in
      .array(
        Weft.cumulative(
          f, try a.array("x"), try a.optionalAxis(), try a.optionalDType(),
          includeInitial: try a.bool("include_initial"), a.composition))
    }
  }

  private static func running(
    _ name: String, _ f: ScalarFunction, nan: Double? = nil
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, dtype=None, out=None)", isMethod: nan == nil,
      swift: "\(name)(x, axis:)"
    ) { a in
      let x = try a.array("a")
      return .array(
        flatCumulative(
          f, nan.map { a.composition.replacingNaN(x, with: $0) } ?? x, try a.optionalAxis(),
          try a.optionalDType(), a.composition))
    }
  }

  private static func nanSum(_ name: String, _ f: ScalarFunction) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)",
      swift: "\(name)(x, axis:)"
    ) { a in
      .array(
        Weft.nanSum(
          f, try a.array("a"), try a.axes(), try a.keepAxes(), try a.optionalDType(),
          initial: try a.optionalArray("initial"), where: try a.mask(), a.composition))
    }
  }

  private static func nanExtreme(_ name: String, _ f: ScalarFunction) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, out=None, keepdims=False, initial=None, where=None)",
      swift: "\(name)(x, axis:)"
    ) { a in
      .array(
        try a.array("a").extreme(
          f, try a.axes(), try a.keepAxes(), try a.optionalArray("initial"), try a.mask(),
          a.composition))
    }
  }

  private static func nanVariance(_ name: String, isRoot: Bool) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, dtype=None, out=None, correction|ddof=0, keepdims=False, *, "
        + "where=None, mean=None)", swift: "\(name)(x, axis:)"
    ) { a in
      .array(
        Weft.nanVariance(
          try a.counted(), try a.axes(), try a.keepAxes(), try a.real("correction"),
          mean: try a.optionalArray("mean"), isRoot: isRoot, a.composition))
    }
  }

  private static func nanArgExtreme(_ name: String, _ f: ScalarFunction) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, axis=None, out=None, *, keepdims=False)", swift: "\(name)(x, axis:)"
    ) { a in
      .array(
        Weft.nanArgExtreme(
          f, try a.array("a"), try a.optionalAxis(), try a.keepAxes(), a.composition))
    }
  }
}
