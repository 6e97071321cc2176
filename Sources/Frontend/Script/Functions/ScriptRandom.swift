import WeftIR

extension ScriptFunction {
  static let random: [ScriptFunction] = []
}
