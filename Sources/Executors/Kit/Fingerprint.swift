import WeftIR

extension Session {
  /// A text that is the same in another process for the same program on the same arrays, and with all
  /// likelihood for no other; nil where nobody can tell what an array was.
  ///
  /// Arrays in memory count by their elements, sources by their `identity`; the executor and what may
  /// change roundings count too, memory limits and threads do not.
  ///
  /// - Throws: what is wrong with the expression, or keeps its arrays from being read.
  package func fingerprint(
    of expression: Expr, on argument: ExecutorName? = nil
  ) throws(WeftError) -> String? {
    let capture = try Capture([expression])
    let executor = try chooseExecutor(argument, for: capture.graph).executor
    var hash = ContentHash()
    hash.combine(
      "\(executor.name) \(exactness) \(disabledPasses.sorted()) \(disabledRules.sorted())")
    capture.graph.write(sites: false) { (text: [UInt8]) throws(Never) in
      text.withUnsafeBytes { hash.combine($0) }
    }
    for input in capture.inputs {
      if input.sparse != nil { return nil }
      if let residence = input.residence as? SourceResidence {
        guard let identity = residence.source.identity else { return nil }
        hash.combine(identity)
      } else {
        try input.load()
        try Self.watchingMaps(of: [input]) { () throws(WeftError) in
          hash.combine(UnsafeRawBufferPointer(start: input.base, count: input.byteCount))
        }
      }
    }
    return hash.text
  }
}
