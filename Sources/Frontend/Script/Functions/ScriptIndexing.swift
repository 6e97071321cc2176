import WeftIR

extension ScriptFunction {
  /// Functions that select and find elements.
  static let indexing: [ScriptFunction] = [
    ScriptFunction("nonzero(x|a)", isMethod: true, swift: "x.nonzero()") { a in
      .tuple(of: try a.array("x").strong.nonzero(file: a.file, line: a.line))
    }
  ]
}
