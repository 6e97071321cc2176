import WeftIR

extension ScriptFunction {
  static let products: [ScriptFunction] = []
}
