import WeftIR

extension ScriptFunction {
  static let creation: [ScriptFunction] = []
}
