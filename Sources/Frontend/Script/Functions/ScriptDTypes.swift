import WeftIR

extension ScriptFunction {
  static let dtypes: [ScriptFunction] = []
}
