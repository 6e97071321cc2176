import WeftIR

extension ScriptFunction {
  static let manipulation: [ScriptFunction] = []
}
