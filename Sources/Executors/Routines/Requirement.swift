import WeftIR

extension Routines {
  /// The condition when it holds.
  ///
  /// - Throws: what the routine says for a condition that does not.
  static func require(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    if operands[0].scalar(at: 0).boolValue { return operands }
    let options = routine.options
    throw WeftError(
      options["code"].flatMap(ErrorCode.init) ?? .value, options["function"] ?? routine.name,
      options["message"] ?? "a condition does not hold")
  }
}
