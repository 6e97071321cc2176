import CHost
import WeftIR
import WeftPasses

/// A kernel and how a run finds its operands.
struct CompiledKernel {
  var kernel: TileKernel
  /// The base of each stream.
  var bases: [KernelCompiler.Base]
  /// For outputs, the streams that are read for the last time before or while the output is
  /// written, element for element: the output may take their memory.
  var overwritable: [(target: Int, sources: [Int])]
}

/// Turns a cluster into a tile kernel: orders axes, chooses tiles, assigns registers.
struct KernelCompiler {
  /// Where a stream's elements come from when the kernel runs.
  enum Base {
    case value(Value)
    case constant(Int)
    case none
  }

  private let cluster: Cluster
  private var parts: TileKernelParts
  /// The base of each stream.
  private(set) var bases: [Base] = []
  /// The register of each node, or -1 for nodes that nothing has computed yet.
  private var registers: [Int]
  /// The float32 copy of a half-float node.
  private var widened: [Int]
  private var lastUse: [Int]
  private var itemSizes: [Int] = []
  private var free: [Int: [Int]] = [:]
  private var isScratch: [Bool] = []
  /// The node of each stream.
  private var streamNodes: [Int] = []

  /// The bytes of a kernel's tiles, which should stay in the second cache.
  ///
  /// Measured for 1 to 7 instructions on float64: 32 to 256 KiB differ by less than the noise,
  /// longer tiles cost fewer calls.
  static let tileBytes = 131_072
  /// The most elements of a tile.
  static let longestTile = 4096

  /// The kernel and what its streams read.
  static func compile(_ cluster: Cluster) -> CompiledKernel {
    var compiler = KernelCompiler(cluster)
    let kernel = compiler.run()
    return CompiledKernel(
      kernel: kernel, bases: compiler.bases, overwritable: compiler.overwritable())
  }

  private init(_ cluster: Cluster) {
    self.cluster = cluster
    registers = Array(repeating: -1, count: cluster.nodes.count)
    widened = Array(repeating: -1, count: cluster.nodes.count)
    lastUse = Array(repeating: -1, count: cluster.nodes.count)
    parts = TileKernelParts(
      space: IterationSpace(shape: [], reduced: [], strides: [], leader: nil))
  }

  private mutating func run() -> TileKernel {
    layOut()
    chooseTile()
    findLastUses()
    for node in cluster.nodes.indices { compile(node) }
    finishStores()
    for (index, reduction) in cluster.reductions.enumerated() { addFold(index, reduction) }
    parts.registerCount = itemSizes.count
    parts.scratchRegisters = itemSizes.indices.filter { isScratch[$0] }.map { ($0, itemSizes[$0]) }
    return TileKernel(parts)
  }

  // MARK: - Axes and tiles

  /// Participants: streams, then outputs, then reductions.
  private mutating func layOut() {
    let shape = cluster.shape
    let zeros = shape.map { _ in 0 }
    var all: [[Int]] = []
    var leader: Int?
    var leading = 0
    for node in cluster.nodes {
      switch node {
      case .load(_, let view):
        let used = zip(view.strides, shape).count { $0 != 0 && $1 != 1 }
        if used > leading { (leader, leading) = (all.count, used) }
        all.append(view.strides)
      case .iota(_, let view), .random(_, _, let view): all.append(view.strides)
      case .constant: all.append(zeros)
      case .map, .convert, .folded, .gather, .scanned: break
      }
    }
    let streams = all.count
    let contiguous = StridedView.contiguousStrides(shape)
    for _ in cluster.outputs { all.append(contiguous) }
    if !cluster.reductions.isEmpty {
      let kept = shape.indices.filter { !cluster.reducedAxes.contains($0) }
      var strides = zeros
      for (axis, stride) in zip(kept, StridedView.contiguousStrides(kept.map { shape[$0] })) {
        strides[axis] = stride
      }
      for _ in cluster.reductions { all.append(strides) }
    }
    let isFree = cluster.outputs.isEmpty && !cluster.reductions.isEmpty
    parts.space = IterationSpace(
      shape: shape, reduced: cluster.reducedAxes, strides: all, leader: isFree ? leader : nil,
      pairing: isFree && cluster.mayPair ? streams : 0)
  }

  private mutating func chooseTile() {
    // Registers alive at once are not known yet; few tiles need more than these.
    var bytes = 0
    for (node, dtype) in zip(cluster.nodes, cluster.dtypes) {
      switch node {
      case .load, .iota, .random, .constant: bytes += dtype.itemSize
      case .map, .convert, .folded, .gather, .scanned: break
      }
    }
    let widest = cluster.dtypes.map(\.itemSize).max() ?? 8
    bytes += widest * 3
    var tile = Self.longestTile
    while tile > 128, tile * bytes > Self.tileBytes { tile /= 2 }
    parts.tileLength = tile
    let length = parts.space.length
    if length > tile {
      parts.piecesPerRow = (length + tile - 1) / tile
      parts.pieceLength = min(
        tile, ((length + parts.piecesPerRow - 1) / parts.piecesPerRow + 15) / 16 * 16)
      parts.piecesPerRow = (length + parts.pieceLength - 1) / parts.pieceLength
    } else {
      parts.pieceLength = max(1, length)
      var rows = 1
      while rows * 2 * max(1, length) <= tile { rows *= 2 }
      parts.rowsPerTile = rows
      // Tiny kernels need no memory for a whole tile.
      if cluster.reductions.isEmpty {
        parts.tileLength = min(tile, max(16, (parts.space.count + 15) / 16 * 16))
      }
    }
  }

  private var isPiecewise: Bool { parts.space.length > parts.tileLength }

  // MARK: - Registers

  private mutating func findLastUses() {
    for (index, node) in cluster.nodes.enumerated() {
      switch node {
      case .map(let f, _, let a, let b, let c):
        lastUse[a] = index
        if f.arity > 1 { lastUse[b] = index }
        if f.arity > 2 { lastUse[c] = index }
      case .convert(let a): lastUse[a] = index
      case .load, .constant, .iota, .random, .folded, .gather, .scanned: break
      }
    }
    for output in cluster.outputs { lastUse[output.node] = Int.max }
    for reduction in cluster.reductions { lastUse[reduction.node] = Int.max }
  }

  private mutating func newRegister(_ itemSize: Int, scratch: Bool) -> Int {
    itemSizes.append(itemSize)
    isScratch.append(scratch)
    return itemSizes.count - 1
  }

  private mutating func take(_ itemSize: Int) -> Int {
    free[itemSize]?.popLast() ?? newRegister(itemSize, scratch: true)
  }

  /// Gives the registers of operands back that no later node reads.
  private mutating func release(_ operands: [Int], at node: Int) {
    var seen: Set<Int> = []
    for operand in operands where lastUse[operand] == node && seen.insert(operand).inserted {
      if isTemporary(operand) { giveBack(registers[operand]) }
      if widened[operand] >= 0 { giveBack(widened[operand]) }
    }
  }

  /// Whether a node's register is its own and in scratch memory.
  private func isTemporary(_ node: Int) -> Bool {
    switch cluster.nodes[node] {
    case .map: isScratch[registers[node]]
    case .convert(let source):
      isScratch[registers[node]] && registers[source] != registers[node]
    case .load, .constant, .iota, .random, .folded, .gather, .scanned: false
    }
  }

  private mutating func giveBack(_ register: Int) {
    if isScratch[register] { free[itemSizes[register], default: []].append(register) }
  }

  // MARK: - Nodes

  private mutating func compile(_ index: Int) {
    let dtype = cluster.dtypes[index]
    switch cluster.nodes[index] {
    case .load(let value, let view):
      addStream(index, .memory, dtype, view, .value(value))
    case .constant(let scalar):
      parts.constants.append(scalar)
      let view = StridedView(
        offset: 0, shape: cluster.shape, strides: cluster.shape.map { _ in 0 })
      addStream(index, .memory, dtype, view, .constant(parts.constants.count - 1))
    case .iota(_, let view): addStream(index, .iota, dtype, view, .none)
    case .random(let key, let lane, let view):
      addStream(index, .random, dtype, view, .none)
      parts.streams[parts.streams.count - 1].key = registers[key]
      parts.streams[parts.streams.count - 1].lane = lane
    case .convert(let source):
      let from = cluster.dtypes[source]
      guard from != dtype, let function = TileFunctions.convert(from, dtype) else {
        registers[index] = registers[source]
        lastUse[source] = max(lastUse[source], lastUse[index])
        return
      }
      let a = registers[source]
      release([source], at: index)
      emit(function, index, dtype, a, a, a)
    case .map(let f, let operandType, let a, let b, let c):
      compileMap(index, f, operandType, [a, b, c])
    // Plans for tiles are made without `FuseOptions.rowKernels`: no fold is used again.
    case .folded, .gather, .scanned: break
    }
  }

  private mutating func compileMap(
    _ index: Int, _ f: ScalarFunction, _ operandType: DType, _ nodes: [Int]
  ) {
    let computing = TileFunctions.computing(operandType)
    guard let function = TileFunctions.map(f, computing) else { return }
    let nodes = Array(nodes.prefix(f.arity))
    var sources = nodes.map { node in
      cluster.dtypes[node] == operandType && computing != operandType
        ? widen(node) : registers[node]
    }
    while sources.count < 3 { sources.append(sources[0]) }
    let dtype = cluster.dtypes[index]
    release(nodes, at: index)
    guard computing != operandType, dtype == operandType,
      let narrow = TileFunctions.convert(computing, dtype)
    else {
      emit(function, index, dtype, sources[0], sources[1], sources[2])
      return
    }
    let wide = take(computing.itemSize)
    append(function, wide, sources[0], sources[1], sources[2])
    giveBack(wide)
    emit(narrow, index, dtype, wide, wide, wide)
  }

  /// The register with a half-float node in float32.
  private mutating func widen(_ node: Int) -> Int {
    if widened[node] >= 0 { return widened[node] }
    guard let function = TileFunctions.convert(cluster.dtypes[node], .float32) else {
      return registers[node]
    }
    let register = take(DType.float32.itemSize)
    append(function, register, registers[node], registers[node], registers[node])
    widened[node] = register
    return register
  }

  /// Adds an instruction whose result is the node: straight to an output where that is possible.
  private mutating func emit(
    _ function: weft_tile_function, _ node: Int, _ dtype: DType, _ a: Int, _ b: Int, _ c: Int
  ) {
    let register = outputRegister(node, dtype) ?? take(dtype.itemSize)
    registers[node] = register
    append(function, register, a, b, c)
    if lastUse[node] < 0, isScratch[register] { giveBack(register) }
  }

  private mutating func append(
    _ function: weft_tile_function, _ out: Int, _ a: Int, _ b: Int, _ c: Int
  ) {
    parts.instructions.append(
      TileKernel.Instruction(
        function: function, out: Int32(out), a: Int32(a), b: Int32(b), c: Int32(c)))
  }

  // MARK: - Streams and stores

  private mutating func addStream(
    _ node: Int, _ source: TileKernel.Stream.Source, _ dtype: DType, _ view: StridedView,
    _ base: Base
  ) {
    let participant = parts.streams.count
    let strides = parts.space.strides[participant]
    let isStill = strides.allSatisfy { $0 == 0 }
    let outerIsStill = strides.dropLast().allSatisfy { $0 == 0 }
    let fill: TileKernel.Stream.Fill
    if isStill, source != .random {
      fill = .once
    } else if source == .memory, parts.space.isFlat(participant) {
      fill = .flat
    } else if source == .memory, isPiecewise, strides.last == 1 {
      fill = .direct
    } else if source != .random, !isPiecewise, outerIsStill {
      fill = .once
    } else {
      fill = .copy
    }
    let inMemory = fill == .flat || fill == .direct
    let register = newRegister(dtype.itemSize, scratch: !inMemory)
    registers[node] = register
    bases.append(base)
    streamNodes.append(node)
    parts.streams.append(
      TileKernel.Stream(
        source: source, fill: fill, dtype: dtype, itemSize: dtype.itemSize, register: register,
        offset: view.offset, participant: participant))
  }

  /// The number of nodes that are streams: participants before the outputs.
  private var streamCount: Int {
    cluster.nodes.count {
      switch $0 {
      case .load, .constant, .iota, .random: true
      case .map, .convert, .folded, .gather, .scanned: false
      }
    }
  }

  /// A register that is the output's memory, if the node is stored and tiles of it are contiguous.
  private mutating func outputRegister(_ node: Int, _ dtype: DType) -> Int? {
    guard let output = cluster.outputs.firstIndex(where: { $0.node == node }),
      let way = storeWay(streamCount + output), way != .copy
    else { return nil }
    return newRegister(dtype.itemSize, scratch: false)
  }

  private func storeWay(_ participant: Int) -> TileKernel.Store.Way? {
    if parts.space.isFlat(participant) { return .flat }
    return isPiecewise && parts.space.strides[participant].last == 1 ? .direct : .copy
  }

  private mutating func finishStores() {
    let streams = streamCount
    var written: Set<Int> = []
    for (index, output) in cluster.outputs.enumerated() {
      let register = registers[output.node]
      var way = storeWay(streams + index) ?? .copy
      let isComputed =
        switch cluster.nodes[output.node] {
        case .map: true
        case .convert(let source): registers[source] != register
        default: false
        }
      if !isComputed || !written.insert(register).inserted { way = .copy }
      parts.stores.append(
        TileKernel.Store(
          way: way, register: register, itemSize: cluster.dtypes[output.node].itemSize,
          participant: streams + index))
    }
  }

  /// See `CompiledKernel`.
  private func overwritable() -> [(target: Int, sources: [Int])] {
    var result: [(target: Int, sources: [Int])] = []
    for (target, output) in cluster.outputs.enumerated() where parts.stores[target].way == .flat {
      var sources: [Int] = []
      for (stream, node) in streamNodes.enumerated()
      where parts.streams[stream].fill == .flat && lastUse[node] <= output.node {
        guard case .load(let value, _) = cluster.nodes[node],
          cluster.dtypes[node] == cluster.dtypes[output.node]
        else { continue }
        let isReadOnce = cluster.nodes.count {
          if case .load(let other, _) = $0 { other == value } else { false }
        }
        if isReadOnce == 1 { sources.append(stream) }
      }
      if !sources.isEmpty { result.append((target, sources)) }
    }
    return result
  }

  // MARK: - Folds

  private mutating func addFold(_ index: Int, _ reduction: Cluster.Reduction) {
    let f = reduction.function
    let result = reduction.dtype
    let stored = cluster.dtypes[reduction.node]
    let dtype = TileFunctions.computing(stored)
    let register = dtype == stored ? registers[reduction.node] : widen(reduction.node)
    let isSum = f == .add || f == .multiply
    let wide: DType =
      switch dtype {
      case .float32 where isSum: .float64
      case .complex64 where isSum: .complex128
      default: dtype
      }
    guard let combine = TileFunctions.map(f, dtype),
      let combineWide = TileFunctions.map(f, wide)
    else { return }
    parts.folds.append(
      TileKernel.Fold(
        register: register, dtype: dtype, wide: wide, result: result,
        participant: streamCount + cluster.outputs.count + index,
        reduce: TileFunctions.reduce(f, dtype), reduceWide: TileFunctions.reduce(f, wide),
        combine: combine, combineWide: combineWide,
        widen: dtype == wide ? nil : TileFunctions.convert(dtype, wide),
        narrow: wide == result ? nil : TileFunctions.convert(wide, result),
        finish: dtype == result ? nil : TileFunctions.convert(dtype, result),
        identity: f.identity.map { Scalar(Int64($0), wide) },
        isIdempotent: f.algebra.contains(.idempotent)))
  }
}
