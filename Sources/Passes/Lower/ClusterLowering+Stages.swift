import WeftIR

/// What a kernel that folds rows computes in each visit of a row: stage n needs what was folded in
/// the stages before it.
extension ClusterLowering {
  /// The visits of a row.
  var stageCount: Int {
    let outputs = outputs(isFolded: false).map { stages[cluster.outputs[$0].node] }
    return 1 + max(reductionStages.max() ?? 0, outputs.max() ?? 0)
  }

  /// The outputs and reductions that the loop of a stage computes, and their nodes.
  func work(of stage: Int) -> (outputs: [Int], reductions: [Int], roots: [Int]) {
    let outputs = outputs(isFolded: false).filter { stages[cluster.outputs[$0].node] == stage }
    let reductions = cluster.reductions.indices.filter { reductionStages[$0] == stage }
    let roots =
      outputs.map { cluster.outputs[$0].node } + reductions.map { cluster.reductions[$0].node }
    return (outputs, reductions, roots)
  }

  /// The nodes that are dear and needed in the loops of several stages.
  var repeatedNodes: [Int] {
    var loops = cluster.nodes.map { _ in 0 }
    for stage in 0..<stageCount {
      let needed = needed(for: work(of: stage).roots) { _ in false }
      for node in cluster.nodes.indices where needed[node] { loops[node] += 1 }
    }
    return cluster.nodes.indices.filter { node in
      guard loops[node] > 1, varies[node] else { return false }
      switch cluster.nodes[node] {
      case .map(let f, _, _, _, _): return !f.isCheap
      case .random, .gather: return true
      case .load, .constant, .iota, .convert, .folded, .scanned: return false
      }
    }
  }

  /// The first stage whose loop computes a node.
  func firstStage(of node: Int) -> Int {
    (0..<stageCount).first { stage in
      needed(for: work(of: stage).roots) { _ in false }[node]
    } ?? 0
  }

  /// Computes what is the same along the reduced axes and known when a stage begins.
  func evaluateStill(knownIn stage: Int) {
    let nodes = cluster.nodes.indices.filter { node in
      if case .folded = cluster.nodes[node] { return false }
      return terms[node] == nil && !variesInFold[node] && stages[node] <= stage
    }
    evaluate(nodes, column: nil)
  }

  /// Stores a fold where it is stored and gives it to the nodes that stand for it.
  func give(_ fold: KernelTerm, of reduction: Int, buffers: [Int], column: KernelTerm?) {
    let result = astype(fold, cluster.reductions[reduction].dtype)
    if buffers[reduction] >= 0 {
      let place = place(
        reductionParticipants + reduction, offset: cluster.reductions[reduction].part ?? 0,
        column: column)
      builder.store(result, to: buffers[reduction], at: place)
    }
    for (index, node) in cluster.nodes.enumerated() {
      if case .folded(reduction) = node { terms[index] = result }
    }
  }
}
