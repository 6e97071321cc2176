import WeftIR

extension ScriptFunction {
  /// Functions of single elements that give truth values, and the choice by them.
  static let comparison: [ScriptFunction] = [
    binary("equal", .equal, swift: "a .== b"),
    binary("not_equal", .notEqual, swift: "a .!= b"),
    binary("less", .less, swift: "a .< b"),
    binary("less_equal", .lessEqual, swift: "a .<= b"),
    binary("greater", .greater, swift: "a .> b"),
    binary("greater_equal", .greaterEqual, swift: "a .>= b"),
    binary("logical_and", .logicalAnd, swift: "logicalAnd(a, b)"),
    binary("logical_or", .logicalOr, swift: "logicalOr(a, b)"),
    binary("logical_xor", .logicalXor, swift: "logicalXor(a, b)"),
    unary("logical_not", .logicalNot, swift: "!x"),
    unary("isnan", .isnan),
    unary("isinf", .isinf),
    unary("isfinite", .isfinite),
    unary("signbit", .signbit),
    ScriptFunction("where(condition, x=None, y=None, /)", swift: "which(condition, a, b)") { a in
      let condition = try a.array("condition")
      switch (a.has("x"), a.has("y")) {
      case (true, true):
        return .array(
          which(condition, try a.array("x"), try a.array("y"), name: "where", site: a.site))
      case (false, false): return .tuple(of: condition.nonzero(file: a.file, line: a.line))
      default: throw a.failure("x", "either both or neither of x and y are given")
      }
    },
  ]
}
