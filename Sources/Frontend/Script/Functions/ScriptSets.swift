import WeftIR

extension ScriptFunction {
  static let sets: [ScriptFunction] = []
}
