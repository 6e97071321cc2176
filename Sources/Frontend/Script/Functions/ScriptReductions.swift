import WeftIR

extension ScriptFunction {
  static let reductions: [ScriptFunction] = []
}
