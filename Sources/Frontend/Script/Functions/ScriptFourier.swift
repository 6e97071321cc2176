import WeftIR

extension ScriptFunction {
  static let fourier: [ScriptFunction] = []
}
