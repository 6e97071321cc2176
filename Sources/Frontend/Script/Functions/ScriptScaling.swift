import WeftIR

extension ScriptFunction {
  /// Functions of single elements that are composed of others.
  static let scaling: [ScriptFunction] = [
    one("square", square),
    one("reciprocal", reciprocal),
    one("fabs", fabs),
    one("rint", rint),
    one("fix", fix, isUniversal: false),
    one("i0", i0, isUniversal: false),
    one("degrees", degrees, aliases: ["rad2deg"]),
    one("radians", radians, aliases: ["deg2rad"]),
    one("sinc", sinc, isUniversal: false),
    one("isneginf", isNegInf, swift: "isNegInf(x)", isUniversal: false),
    one("isposinf", isPosInf, swift: "isPosInf(x)", isUniversal: false),
    one("isreal", isReal, swift: "isReal(x)", isUniversal: false),
    one("iscomplex", isComplex, swift: "isComplex(x)", isUniversal: false),
    ScriptFunction(
      "round(x|a, decimals=0)", aliases: ["around"], isMethod: true, swift: "round(x, decimals: 2)"
    ) { a in
      .array(
        round(try a.array("x"), decimals: try a.int("decimals"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "float_power(x1, x2, /, \(elementwiseOptions))", swift: "floatPower(a, b)"
    ) { a in
      .array(floatPower(try a.operand("x1"), try a.operand("x2"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ldexp(x1, x2, /, \(elementwiseOptions))", swift: "ldexp(a, b)"
    ) { a in
      .array(ldexp(try a.operand("x1"), try a.array("x2"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "modf(x, /, \(elementwiseOptions))", swift: "modf(x)"
    ) { a in
      let parts = modf(try a.operand("x"), file: a.file, line: a.line)
      return .tuple(of: [parts.fraction, parts.integral])
    },
    ScriptFunction(
      "frexp(x, /, \(elementwiseOptions))", swift: "frexp(x)"
    ) { a in
      let parts = frexp(try a.operand("x"), file: a.file, line: a.line)
      return .tuple(of: [parts.mantissa, parts.exponent])
    },
    ScriptFunction("angle(x|z, deg=False)", swift: "angle(x)") { a in
      .array(angle(try a.array("x"), degrees: try a.bool("deg"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)", swift: "nanToNum(x)"
    ) { a in
      .array(
        nanToNum(
          try a.array("x"), nan: try a.real("nan"), positiveInfinity: try a.optionalReal("posinf"),
          negativeInfinity: try a.optionalReal("neginf"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "isclose(x1|a, x2|b, rtol=1e-05, atol=1e-08, equal_nan=False)", swift: "isClose(a, b)"
    ) { a in
      .array(
        isClose(
          try a.array("x1"), try a.array("x2"), relative: try a.array("rtol"),
          absolute: try a.array("atol"), equalNaN: try a.bool("equal_nan"), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "allclose(x1|a, x2|b, rtol=1e-05, atol=1e-08, equal_nan=False)", swift: "allClose(a, b)"
    ) { a in
      .array(
        allClose(
          try a.array("x1"), try a.array("x2"), relative: try a.array("rtol"),
          absolute: try a.array("atol"), equalNaN: try a.bool("equal_nan"), file: a.file,
          line: a.line))
    },
    ScriptFunction("array_equal(a1, a2, equal_nan=False)", swift: "arrayEqual(a, b)") { a in
      .array(
        arrayEqual(
          try a.array("a1"), try a.array("a2"), equalNaN: try a.bool("equal_nan"), file: a.file,
          line: a.line))
    },
    ScriptFunction("array_equiv(a1, a2)", swift: "arrayEquivalent(a, b)") { a in
      .array(arrayEquivalent(try a.array("a1"), try a.array("a2"), file: a.file, line: a.line))
    },
  ]

  /// A row for a function of one element; NumPy's universal functions take more arguments.
  private static func one(
    _ name: String, _ function: @escaping @Sendable (NDArray, StaticString, UInt) -> NDArray,
    aliases: [String] = [], swift: String? = nil, isUniversal: Bool = true
  ) -> ScriptFunction {
    ScriptFunction(
      isUniversal ? "\(name)(x, /, \(elementwiseOptions))" : "\(name)(x, /)", aliases: aliases,
      swift: swift ?? "\(name)(x)"
    ) { a in
      .array(function(isUniversal ? try a.operand("x") : try a.array("x"), a.file, a.line))
    }
  }
}
