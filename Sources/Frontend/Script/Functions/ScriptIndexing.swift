import WeftIR

extension ScriptFunction {
  static let indexing: [ScriptFunction] = []
}
