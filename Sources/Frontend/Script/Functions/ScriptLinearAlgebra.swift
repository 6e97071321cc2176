import WeftIR

extension ScriptFunction {
  static let linearAlgebra: [ScriptFunction] = []
}
