import WeftIR

extension ScriptFunction {
  /// Functions of single elements that compute numbers.
  static let elementwise: [ScriptFunction] = [
    unary("abs", .abs, aliases: ["absolute"], swift: "abs(x)"),
    unary("ceil", .ceil),
    unary("floor", .floor),
    binary("add", .add, swift: "a + b"),
  ]

  /// A row for a function of one element.
  static func unary(
    _ name: String, _ function: ScalarFunction, aliases: [String] = [], isMethod: Bool = false,
    swift: String? = nil
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(x, /)", aliases: aliases, isMethod: isMethod, swift: swift ?? "\(name)(x)"
    ) { a in
      .array(NDArray.apply(function, try a.array("x"), site: a.site))
    }
  }

  /// A row for a function of two elements; two host numbers give an array with a dtype of its own.
  static func binary(
    _ name: String, _ function: ScalarFunction, aliases: [String] = [], swift: String
  ) -> ScriptFunction {
    ScriptFunction("\(name)(x1, x2, /)", aliases: aliases, swift: swift) { a in
      .array(
        NDArray.apply(function, try a.array("x1"), try a.array("x2"), site: a.site).strong)
    }
  }
}
