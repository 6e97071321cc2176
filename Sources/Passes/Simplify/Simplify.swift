import WeftIR

extension Pass {
  /// Applies rules and structural identities until none fires.
  ///
  /// Needs: explicit broadcasts. Leaves: equal types; permutes and broadcasts above elementwise
  /// rows where that is less work.
  public static let simplify = simplify(.standard)

  /// As `simplify`, with other rules.
  public static func simplify(_ rules: RuleSet) -> Pass {
    Pass("simplify", "apply rules and structural identities") { graph, context in
      // Before rules make the turns of a loop different, as they do with a factor of 0 or 1.
      if let rolled = try graph.rollingLoops(context) { graph = rolled }
      for _ in 0..<roundLimit {
        var rewriter = Rewriter(rules: rules, context: context) { Identity.simplifying($0) }
        let result = try rewriter.rewrite(graph)
        if rewriter.count == 0 && result.count == graph.count { break }
        graph = result
        if rewriter.count == 0 { break }
      }
    }
  }

  /// Rows meet rewritten operands in the same walk; later walks see only what replaced rows left.
  private static let roundLimit = 4
}

extension Identity {
  /// The identities that may apply to an op: one exhaustive switch.
  static func simplifying(_ op: Op) -> [Identity] {
    switch op {
    case .map: raising
    case .convert: conversions
    case .reduce: reductions
    case .contract: contractions
    case .broadcast: broadcasts
    case .reshape: reshapes
    case .permute: permutes
    case .slice: slices
    case .pad: pads
    case .reverse: reverses
    case .concatenate: concatenations
    case .gather: gathers
    case .iota: iotas
    case .input, .constant, .random, .scan, .argReduce, .scatter, .compress, .sort, .store, .call:
      []
    }
  }
}

extension Identity {
  /// All identities, each once, for tests and listings.
  static let all =
    raising + conversions + reductions + contractions + broadcasts + reshapes + permutes + slices
    + pads + reverses + concatenations + gathers + iotas
}

extension Candidate {
  /// The op and operands of the row that makes the first operand.
  func source(_ graph: Graph) -> (op: Op, operands: ArraySlice<Value>) {
    (graph.op(operands[0]), graph.operands(operands[0].index))
  }
}
