import WeftIR

extension Routines {
  /// The operand's memory under another type: no copy.
  static func view(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    [operands[0].reinterpreted(as: try routine.infer([operands[0].type])[0])]
  }
}
