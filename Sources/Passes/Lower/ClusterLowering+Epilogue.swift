import WeftIR

/// What kernels do with what they folded, once for each kept position.
extension ClusterLowering {
  /// Whether something is computed of folds, or stored beside them.
  var hasEpilogue: Bool { cluster.isStaged || cluster.outputs.contains(where: \.isFolded) }

  /// Whether all positions are visited once: nothing goes back over them with a fold.
  var endsInFolds: Bool {
    reductionStages.allSatisfy { $0 == 0 }
      && cluster.outputs.allSatisfy { $0.isFolded || stages[$0.node] == 0 }
  }

  /// The outputs with one element for each kept position, or the others.
  func outputs(isFolded: Bool) -> [Int] {
    cluster.outputs.indices.filter { cluster.outputs[$0].isFolded == isFolded }
  }

  /// Stores folds where they are stored, gives them to the nodes that stand for them and stores what
  /// is computed of them.
  func finish(
    _ results: [KernelTerm], resultBuffers: [Int], outputBuffers: [Int], column: KernelTerm?
  ) {
    for (n, result) in results.enumerated() {
      give(result, of: n, buffers: resultBuffers, column: column)
    }
    let folded = outputs(isFolded: true)
    evaluate(folded.map { cluster.outputs[$0].node }, column: column)
    storeOutputs(folded, buffers: outputBuffers, column: column)
  }

  /// Brings the partial results of chunks together, in order; `place` tells where a chunk's lies.
  func combined(
    partials: [Int], positions: [Int], chunks: KernelTerm, at place: (KernelTerm) -> KernelTerm
  ) -> [KernelTerm] {
    let accumulators = cluster.reductions.enumerated().map { n, reduction in
      // The wide dtype of a fold folds in itself.
      let type = FoldType(reduction.function, of: foldTypes[n].wide) ?? foldTypes[n]
      return Accumulator(
        type, reduction.function, builder,
        searchFrom: reduction.isPosition ? constant(0) : nil)
    }
    builder.loop(.serial, from: constant(0), to: chunks) { chunk in
      scoped {
        let place = place(chunk)
        for (n, accumulator) in accumulators.enumerated() {
          let part = builder.load(partials[n], accumulator.type.dtype, at: place)
          let position =
            accumulator.block == nil ? chunk : builder.load(positions[n], .int64, at: place)
          accumulator.take(part, from: position, builder)
        }
      }
    }
    return accumulators.map { $0.block?.value ?? $0.total() }
  }

  /// The loop over units of a kernel that folds; where something is computed of folds it holds what
  /// happens to units and what happens in the end, and the index parameter that tells which runs.
  func finishedLoop(
    units: Int, _ body: (KernelTerm) -> Void, end: (KernelTerm) -> Void
  ) -> (phase: Int?, unitsIndex: Int) {
    var phase: Int?
    if hasEpilogue {
      _ = index("phase", 0)
      phase = indices.count - 1
    }
    // The loop's bound is the next parameter.
    let unitsIndex = indices.count
    parallelLoop(units: units) { unit in
      if hasEpilogue {
        builder.branch(index("phase", 0) .< constant(1)) {
          scoped { body(unit) }
        } else: {
          scoped { end(unit) }
        }
      } else {
        body(unit)
      }
    }
    return (phase, unitsIndex)
  }
}
