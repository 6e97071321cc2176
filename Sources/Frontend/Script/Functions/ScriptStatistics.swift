import WeftIR

extension ScriptFunction {
  static let statistics: [ScriptFunction] = []
}
