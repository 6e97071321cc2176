/// Conditions that the data must meet.
extension Routine {
  /// True where a condition holds; an error at run time where it does not.
  ///
  /// - Shape: `[]` to `[]`.
  /// - DType: bool.
  /// - Throws: when it runs: the error of the function, code and message, for false.
  public static func require(_ function: String, _ code: ErrorCode, _ message: String) -> Routine {
    let options = ["function": function, "code": code.rawValue, "message": message]
    return Routine("require", options: options, arity: 1) { types in
      guard types[0] == TensorType(.bool, .scalar) else {
        throw WeftError(.dtype, "require", "the condition is \(types[0]), expected bool[]")
      }
      return types
    }
  }
}
