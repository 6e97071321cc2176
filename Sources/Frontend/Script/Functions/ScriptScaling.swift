import WeftIR

extension ScriptFunction {
  /// Functions of single elements that are composed of others.
  static let scaling: [ScriptFunction] = [
    one("square", square),
    one("reciprocal", reciprocal),
    one("fabs", fabs),
    one("rint", rint),
    one("fix", fix),
    one("i0", i0),
    one("degrees", degrees, aliases: ["rad2deg"]),
    one("radians", radians, aliases: ["deg2rad"]),
    one("sinc", sinc),
    one("isneginf", isNegInf, swift: "isNegInf(x)"),
    one("isposinf", isPosInf, swift: "isPosInf(x)"),
    one("isreal", isReal, swift: "isReal(x)"),
    one("iscomplex", isComplex, swift: "isComplex(x)"),
    ScriptFunction(
      "round(x|a, decimals=0)", aliases: ["around"], isMethod: true, swift: "round(x, decimals: 2)"
    ) { a in
      .array(
        round(try a.array("x"), decimals: try a.int("decimals"), file: a.file, line: a.line))
    },
    ScriptFunction("float_power(x1, x2, /)", swift: "floatPower(a, b)") { a in
      .array(floatPower(try a.array("x1"), try a.array("x2"), file: a.file, line: a.line))
    },
    ScriptFunction("ldexp(x1, x2, /)", swift: "ldexp(a, b)") { a in
      .array(ldexp(try a.array("x1"), try a.array("x2"), file: a.file, line: a.line))
    },
    ScriptFunction("modf(x, /)", swift: "modf(x)") { a in
      let parts = modf(try a.array("x"), file: a.file, line: a.line)
      return .tuple(of: [parts.fraction, parts.integral])
    },
    ScriptFunction("frexp(x, /)", swift: "frexp(x)") { a in
      let parts = frexp(try a.array("x"), file: a.file, line: a.line)
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

  private static func one(
    _ name: String, _ function: @escaping @Sendable (NDArray, StaticString, UInt) -> NDArray,
    aliases: [String] = [], swift: String? = nil
  ) -> ScriptFunction {
    ScriptFunction("\(name)(x, /)", aliases: aliases, swift: swift ?? "\(name)(x)") { a in
      .array(function(try a.array("x"), a.file, a.line))
    }
  }
}
