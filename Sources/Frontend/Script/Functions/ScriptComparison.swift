import WeftIR

extension ScriptFunction {
  static let comparison: [ScriptFunction] = []
}
