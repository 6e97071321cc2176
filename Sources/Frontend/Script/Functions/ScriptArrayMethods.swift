import WeftIR

extension ScriptFunction {
  static let arrayMethods: [ScriptFunction] = []
}
