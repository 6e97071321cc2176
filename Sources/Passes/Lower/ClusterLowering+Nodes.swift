import WeftIR

extension ClusterLowering {
  /// The nodes that some nodes need, themselves included, as far as no term stands for them.
  func needed(for roots: [Int], known: (Int) -> Bool) -> [Bool] {
    var needed = cluster.nodes.map { _ in false }
    for root in roots where !known(root) { needed[root] = true }
    for index in cluster.nodes.indices.reversed() where needed[index] {
      func mark(_ operand: Int) {
        if !known(operand) { needed[operand] = true }
      }
      switch cluster.nodes[index] {
      case .map(let f, _, let a, let b, let c): [a, b, c].prefix(f.arity).forEach(mark)
      case .convert(let a): mark(a)
      case .random(let key, _, _): mark(key)
      case .gather(_, _, let taking): mark(taking.index)
      case .load, .constant, .iota, .folded, .scanned: break
      }
    }
    return needed
  }

  /// Gives nodes terms, with all that they need; `column` is the innermost index, nil where what
  /// is the same along it is computed.
  func evaluate(_ roots: [Int], column: KernelTerm?) {
    let needed = needed(for: roots) { terms[$0] != nil }
    for index in cluster.nodes.indices where needed[index] && terms[index] == nil {
      if index + 1 < needed.count, needed[index + 1], cluster.isPair(index) {
        loadPair(index, column)
      } else {
        terms[index] = term(of: index, column)
      }
    }
  }

  /// Loads both parts of a complex element, one after the other and from one buffer, so that
  /// renderers see that they lie side by side.
  private func loadPair(_ index: Int, _ column: KernelTerm?) {
    guard case .load(_, let view) = cluster.nodes[index] else { return }
    let first = place(participant[index], offset: view.offset, column: column)
    let second = first + constant(1)
    terms[index] = builder.load(bufferOf(index), cluster.dtypes[index], at: first)
    terms[index + 1] = builder.load(bufferOf(index), cluster.dtypes[index], at: second)
  }

  /// Computes what is the same everywhere or along the innermost axis, as far as some nodes need it
  /// and it is known in a stage.
  func evaluateStill(for roots: [Int], stage: Int, isConstant: Bool) {
    let needed = needed(for: roots) { terms[$0] != nil }
    let still = cluster.nodes.indices.filter { node in
      guard needed[node], !varies[node], stages[node] <= stage else { return false }
      return !isConstant || isConstantNode(node)
    }
    evaluate(still, column: nil)
  }

  /// Whether a node is an element that no index changes.
  private func isConstantNode(_ node: Int) -> Bool {
    switch cluster.nodes[node] {
    case .constant: true
    case .load: space.strides[participant[node]].allSatisfy { $0 == 0 }
    case .convert(let a): isConstantNode(a)
    case .iota, .random, .map, .folded, .gather, .scanned: false
    }
  }

  private func term(of index: Int, _ column: KernelTerm?) -> KernelTerm? {
    let dtype = cluster.dtypes[index]
    switch cluster.nodes[index] {
    case .load(_, let view):
      if let block = context.blocks[index], let column, let row = outer[outer.count - 2] {
        let place =
          (row - block.firstRow) * constant(Self.blockPitch) + (column - block.firstColumn)
        return builder.load(block.buffer, dtype, at: place)
      }
      let place = place(participant[index], offset: view.offset, column: column)
      return builder.load(bufferOf(index), dtype, at: place)
    case .constant: return builder.load(bufferOf(index), dtype, at: constant(0))
    case .iota(_, let view):
      return astype(place(participant[index], offset: view.offset, column: column), dtype)
    case .random(let key, let lane, let view):
      let place = place(participant[index], offset: view.offset, column: column)
      return terms[key].map { Philox.word(key: $0, lane: lane, at: place) }
    case .convert(let a): return terms[a].map { astype($0, dtype) }
    case .folded, .scanned: return terms[index]
    case .gather(_, let view, let taking): return taken(index, view, taking, column)
    case .map(let f, let type, let a, let b, let c):
      let operands = [a, b, c].prefix(f.arity).compactMap { node in
        terms[node].map { cluster.dtypes[node] == type ? widened($0) : $0 }
      }
      let result = Self.computing(dtype)
      return narrowed(builder.call(f, result, operands), to: dtype)
    }
  }

  /// A half float as `float32`.
  private func widened(_ term: KernelTerm) -> KernelTerm {
    term.converted(to: Self.computing(term.dtype))
  }

  private func narrowed(_ term: KernelTerm, to dtype: DType) -> KernelTerm {
    term.converted(to: dtype)
  }

  /// A term in another dtype, as NumPy's `astype`.
  func astype(_ term: KernelTerm, _ dtype: DType) -> KernelTerm {
    term.dtype == dtype ? term : builder.define(dtype, .astype(term.operand))
  }

  /// Writes the outputs that have terms, of one stage.
  func storeOutputs(_ outputs: [Int], buffers: [Int], column: KernelTerm?) {
    var last = -1
    for output in outputs where output > last {
      guard let term = terms[cluster.outputs[output].node] else { continue }
      let place = place(
        outputParticipants + output, offset: cluster.outputs[output].view.offset, column: column)
      last = output
      if cluster.isPartOfPair(output: output + 1), outputs.contains(output + 1),
        let other = terms[cluster.outputs[output + 1].node]
      {
        let second = place + constant(1)
        builder.store(term, to: buffers[output], at: place)
        builder.store(other, to: buffers[output], at: second)
        last = output + 1
      } else {
        builder.store(term, to: buffers[output], at: place)
      }
    }
  }

  /// A buffer parameter for each output; both parts of a complex one have the same.
  func outputBuffers() -> [Int] {
    var buffers: [Int] = []
    for output in cluster.outputs.indices {
      if let first = buffers.last, cluster.isPartOfPair(output: output) {
        buffers.append(first)
      } else {
        let dtype = cluster.dtypes[cluster.outputs[output].node]
        buffers.append(buffer(dtype, isWritten: true, .output(output)))
      }
    }
    return buffers
  }
}

extension Philox {
  /// The low 64 bits of the block of an index and a lane, in a kernel.
  static func word(key: KernelTerm, lane: Int, at place: KernelTerm) -> KernelTerm {
    let low = key.constant(0).bits(0xFFFF_FFFF)
    let index = place.converted(to: .uint64)
    var counter = [
      index & low, index >> 32, index.bits(UInt64(lane) & 0xFFFF_FFFF),
      index.bits(UInt64(lane) >> 32),
    ]
    var keys = [key & low, key >> 32]
    for round in 0..<10 {
      if round > 0 {
        keys[0] = (keys[0] + key.bits(0x9E37_79B9)) & low
        keys[1] = (keys[1] + key.bits(0xBB67_AE85)) & low
      }
      let first = counter[0] * key.bits(0xD251_1F53)
      let second = counter[2] * key.bits(0xCD9E_8D57)
      counter = [
        (second >> 32) ^ counter[1] ^ keys[0], second & low,
        (first >> 32) ^ counter[3] ^ keys[1], first & low,
      ]
    }
    return counter[0] | counter[1] << 32
  }
}
