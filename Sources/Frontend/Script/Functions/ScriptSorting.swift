import WeftIR

extension ScriptFunction {
  static let sorting: [ScriptFunction] = []
}
