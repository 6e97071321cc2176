import WeftIR

/// Writes the kernels of a merge: loops over rows, in them those of the lattice, and what a tile of merged
/// elements becomes.
///
/// Merged elements go to a tile in the first cache, whose result a vector loop computes, so that functions run in
/// vectors however irregular the merge is.
final class MergeLowering {
  private let cluster: MergedCluster
  private let builder = KernelBuilder()
  private var parameters: [Kernel.Parameter] = []
  private var bindings: [MergedCluster.Binding] = []
  private var numbers: [MergedCluster.Number] = []
  private var bufferOf: [MergedCluster.Binding: Int] = [:]
  private var numberOf: [MergedCluster.Number: Int] = [:]
  private var cursors: [(at: KernelVariable, end: KernelVariable)] = []
  /// Where a dense operand's row begins.
  private var bases: [Int: KernelVariable] = [:]
  private var fills: [Int: KernelTerm] = [:]

  init(_ cluster: MergedCluster) { self.cluster = cluster }

  // MARK: - Parameters

  private func buffer(_ binding: MergedCluster.Binding, _ dtype: DType, isWritten: Bool = false)
    -> Int
  {
    if let known = bufferOf[binding] { return known }
    parameters.append(.buffer(dtype, isWritten: isWritten))
    bindings.append(binding)
    bufferOf[binding] = parameters.count - 1
    return parameters.count - 1
  }

  private func number(_ number: MergedCluster.Number) -> KernelTerm {
    if let known = numberOf[number] { return builder.term(.parameter(known)) }
    parameters.append(.index)
    numbers.append(number)
    numberOf[number] = parameters.count - 1
    return builder.term(.parameter(parameters.count - 1))
  }

  private func constant(_ value: Int) -> KernelTerm {
    builder.constant(Scalar(Int64(value), .int64))
  }

  private func index(_ binding: MergedCluster.Binding, _ dtype: DType, at place: KernelTerm)
    -> KernelTerm
  {
    builder.load(buffer(binding, dtype), dtype, at: place).converted(to: .int64)
  }

  private func finished(_ name: String) -> MergedKernel {
    MergedKernel(
      kernel: Kernel(name: name, parameters: parameters, body: builder.statements).canonical(),
      bindings: bindings, numbers: numbers)
  }

  // MARK: - Rows

  /// Gives cursors the entries of a row, and dense operands their row.
  private func enter(_ row: KernelTerm) {
    let next = row + constant(1)
    for (list, cursor) in cursors.enumerated() {
      let dtype = cluster.lists[list].ends
      cursor.at.assign(index(.ends(list: list), dtype, at: row))
      cursor.end.assign(index(.ends(list: list), dtype, at: next))
    }
    if bases.isEmpty { return }
    var coordinates: [KernelTerm] = []
    var rest = row
    for level in (0..<cluster.leadingLevels).reversed() {
      if level == 0 {
        coordinates.insert(rest, at: 0)
      } else {
        let extent = number(.extent(level: level))
        coordinates.insert(rest % extent, at: 0)
        rest = rest / extent
      }
    }
    for (operand, base) in bases.sorted(by: { $0.key < $1.key }) {
      var sum = constant(0)
      for (level, coordinate) in coordinates.enumerated() {
        sum = sum + coordinate * number(.step(operand: operand, level: level))
      }
      base.assign(sum)
    }
  }

  /// A loop over parts, each with the first row and the one past the last.
  private func parts(_ body: (_ part: KernelTerm, _ first: KernelTerm, _ last: KernelTerm) -> Void)
  {
    builder.loop(.parallel, from: constant(0), to: number(.parts)) { part in
      let first = index(.parts, .int64, at: part)
      let last = index(.parts, .int64, at: part + constant(1))
      let zero = constant(0)
      cursors = cluster.lists.map { _ in (builder.variable(zero), builder.variable(zero)) }
      body(part, first, last)
    }
  }

  // MARK: - Merging

  /// What a loop of the lattice has at an entry.
  private struct Entry {
    /// The coordinates by level below the dense ones.
    var coordinates: [KernelTerm]
    /// By list of the loop whether it has the entry; nil where it must have.
    var has: [Int: KernelTerm?]
    /// 1 where the entry belongs to the result, else 0.
    var kept: KernelTerm
  }

  /// The loops of the lattice, as long as the cursors and a condition allow.
  private func merge(while goesOn: (() -> KernelTerm)?, _ body: (Entry) -> Void) {
    for point in cluster.lattice.points {
      builder.repeating(
        while: {
          var result = goesOn?()
          for list in point.lists {
            let own = cursors[list].at.value .< cursors[list].end.value
            result = result.map { $0 & own } ?? own
          }
          // A point has a list.
          return result ?? builder.constant(Scalar(false))
        },
        {
          let entry = self.entry(point)
          body(entry)
          for list in point.lists {
            let step = (entry.has[list] ?? nil).map { $0.select(constant(1), constant(0)) }
            cursors[list].at.assign(cursors[list].at.value + (step ?? constant(1)))
          }
        })
    }
  }

  private func entry(_ point: MergeLattice.Point) -> Entry {
    var own: [Int: [KernelTerm]] = [:]
    var keys: [Int: KernelTerm] = [:]
    // Statements stand in the order of lists, so that equal kernels have equal text.
    for list in point.lists {
      let at = cursors[list].at.value
      let coordinates = (0..<cluster.innerLevels).map {
        index(.coordinates(list: list, level: $0), cluster.lists[list].coordinates, at: at)
      }
      own[list] = coordinates
      keys[list] = key(coordinates)
    }
    let first = point.lists[0]
    guard point.lists.count > 1, let start = keys[first] else {
      return Entry(coordinates: own[first] ?? [], has: [first: nil], kept: constant(1))
    }
    var least = start
    for list in point.lists.dropFirst() {
      guard let other = keys[list] else { continue }
      least = (other .< least).select(other, least)
    }
    var has: [Int: KernelTerm?] = [:]
    for list in point.lists { has[list] = keys[list].map { $0 .== least } }
    var coordinates = [least]
    if cluster.innerLevels > 1 {
      coordinates = own[point.lists[point.lists.count - 1]] ?? []
      for list in point.lists.dropLast().reversed() {
        guard let isOwn = has[list] ?? nil, let others = own[list] else { continue }
        coordinates = zip(others, coordinates).map { isOwn.select($0, $1) }
      }
    }
    return Entry(coordinates: coordinates, has: has, kept: kept(point, has))
  }

  /// The number of a position below the dense levels.
  private func key(_ coordinates: [KernelTerm]) -> KernelTerm {
    if coordinates.count == 1 { return coordinates[0] }
    var sum = constant(0)
    for (level, coordinate) in coordinates.enumerated() {
      sum = sum + coordinate * number(.stride(level: level))
    }
    return sum
  }

  private func kept(_ point: MergeLattice.Point, _ has: [Int: KernelTerm?]) -> KernelTerm {
    if point.keepsAll { return constant(1) }
    var any: KernelTerm?
    for term in point.terms {
      var all: KernelTerm?
      for list in term {
        guard let own = has[list] ?? nil else { continue }
        all = all.map { $0 & own } ?? own
      }
      guard let all else { return constant(1) }
      any = any.map { $0 | all } ?? all
    }
    return any.map { $0.select(constant(1), constant(0)) } ?? constant(1)
  }

  // MARK: - Kernels

  func counting() -> MergedKernel {
    parts { part, first, last in
      let row = builder.variable(first)
      let count = builder.variable(constant(0))
      builder.repeating(while: { row.value .< last }) {
        enter(row.value)
        merge(while: nil) { entry in count.assign(count.value + entry.kept) }
        row.assign(row.value + constant(1))
      }
      let target = buffer(.counts, .int64, isWritten: true)
      builder.store(count.value, to: target, at: part)
    }
    return finished("merge_count")
  }

  func computing(_ body: MergedBody, _ dtype: DType) -> MergedKernel? {
    loadFills()
    let fill = builder.load(buffer(.resultFill, dtype), dtype, at: constant(0))
    var isWritten = true
    parts { part, first, last in
      let row = builder.variable(first)
      let base = builder.variable(start(part, first, last))
      let differing = builder.variable(constant(0))
      for (n, operand) in cluster.operands.enumerated() where operand.source == .dense {
        bases[n] = builder.variable(constant(0))
      }
      builder.branch(row.value .< last, then: { enter(row.value) })
      builder.repeating(while: { row.value .< last }) {
        let count = builder.variable(constant(0))
        gather(row, last, base, count)
        isWritten = compute(body, base.value, count.value, differing, fill, dtype) && isWritten
        base.assign(base.value + count.value)
      }
      let target = buffer(.differing, .int64, isWritten: true)
      builder.store(differing.value, to: target, at: part)
    }
    return isWritten ? finished("merge") : nil
  }

  /// Where the entries of a part begin in the result.
  private func start(_ part: KernelTerm, _ first: KernelTerm, _ last: KernelTerm) -> KernelTerm {
    guard let donor = cluster.donor else { return index(.counts, .int64, at: part) }
    return index(.ends(list: donor), cluster.lists[donor].ends, at: first)
  }

  private func loadFills() {
    for (n, operand) in cluster.operands.enumerated() {
      guard case .list = operand.source else { continue }
      let place = buffer(.fill(operand: n), operand.dtype)
      fills[n] = builder.load(place, operand.dtype, at: constant(0))
    }
  }

  /// Whether an operand's entries stand in the result's order, so that nothing is copied.
  private func isInPlace(_ operand: MergedCluster.Operand) -> Bool {
    cluster.donor.map { operand.source == .list($0) } ?? false
  }

  /// Merges entries until a tile is full or no row is left.
  private func gather(
    _ row: KernelVariable, _ last: KernelTerm, _ base: KernelVariable, _ count: KernelVariable
  ) {
    let room = constant(MergedKernel.tile)
    builder.repeating(while: { (row.value .< last) & (count.value .< room) }) {
      merge(while: { count.value .< room }) { entry in
        let at = count.value
        // What is not kept is written over by the next entry: in the tile, not where other parts write.
        if cluster.donor == nil {
          for (level, coordinate) in entry.coordinates.enumerated() {
            builder.store(coordinate.converted(to: cluster.index), to: tile(level), at: at)
          }
        }
        for (n, operand) in cluster.operands.enumerated() where !isInPlace(operand) {
          guard let element = element(n, operand, entry) else { continue }
          builder.store(
            element, to: buffer(.scratch(operand: n), operand.dtype, isWritten: true), at: at)
        }
        count.assign(at + entry.kept)
      }
      builder.branch(
        count.value .< room,
        then: {
          row.assign(row.value + constant(1))
          if cluster.donor == nil {
            builder.store(
              (base.value + count.value).converted(to: cluster.index),
              to: buffer(.resultEnds, cluster.index, isWritten: true), at: row.value)
          }
          builder.branch(row.value .< last, then: { enter(row.value) })
        })
    }
  }

  /// The tile of the coordinates along a level.
  private func tile(_ level: Int) -> Int {
    buffer(.coordinateScratch(level: level), cluster.index, isWritten: true)
  }

  /// An operand's element at an entry; nil for what is the same everywhere.
  private func element(
    _ number: Int, _ operand: MergedCluster.Operand, _ entry: Entry
  ) -> KernelTerm? {
    switch operand.source {
    case .uniform: return nil
    case .list(let list):
      guard let has = entry.has[list] else { return fills[number] }
      let source = buffer(.elements(operand: number), operand.dtype)
      let element = builder.load(source, operand.dtype, at: cursors[list].at.value)
      guard let has, let fill = fills[number] else { return element }
      return has.select(element, fill)
    case .dense:
      guard var place = bases[number]?.value else { return nil }
      for (level, coordinate) in entry.coordinates.enumerated() {
        place =
          place + coordinate
          * self.number(.step(operand: number, level: cluster.leadingLevels + level))
      }
      return builder.load(
        buffer(.elements(operand: number), operand.dtype), operand.dtype, at: place)
    }
  }

  /// Computes a tile, and counts what differs from the fill.
  private func compute(
    _ body: MergedBody, _ base: KernelTerm, _ count: KernelTerm, _ differing: KernelVariable,
    _ fill: KernelTerm, _ dtype: DType
  ) -> Bool {
    var uniform: [Int: KernelTerm] = [:]
    for (n, operand) in cluster.operands.enumerated() where operand.source == .uniform {
      uniform[n] = builder.load(
        buffer(.elements(operand: n), operand.dtype), operand.dtype, at: constant(0))
    }
    // As wide as elements are, so that vectors are not narrower for it.
    let counter: DType = dtype.itemSize == 8 ? .int64 : .int32
    let own = builder.variable(builder.constant(Scalar(0 as Int64, counter)))
    var isWritten = false
    builder.foldingLoop(from: constant(0), to: count) { place in
      var inputs: [Value: KernelTerm] = [:]
      for (n, operand) in cluster.operands.enumerated() {
        if let element = uniform[n] {
          inputs[operand.value] = element
        } else if isInPlace(operand) {
          inputs[operand.value] = builder.load(
            buffer(.elements(operand: n), operand.dtype), operand.dtype, at: base + place)
        } else {
          inputs[operand.value] = builder.load(
            buffer(.scratch(operand: n), operand.dtype, isWritten: true), operand.dtype, at: place)
        }
      }
      guard let result = body.term(inputs, builder) else { return [] }
      isWritten = true
      builder.store(result, to: buffer(.result, dtype, isWritten: true), at: base + place)
      if cluster.donor == nil {
        for level in 0..<cluster.innerLevels {
          builder.store(
            builder.load(tile(level), cluster.index, at: place),
            to: buffer(.resultCoordinates(level: level), cluster.index, isWritten: true),
            at: base + place)
        }
      }
      let differs = differs(result, fill)
      let one = differs.select(
        builder.constant(Scalar(1 as Int64, counter)), builder.constant(Scalar(0 as Int64, counter))
      )
      return [
        Kernel.Fold(
          own.local, .add, one.operand, identity: Scalar(0 as Int64, counter),
          lanes: 64 / counter.itemSize)
      ]
    }
    differing.assign(differing.value + own.value.converted(to: .int64))
    return isWritten
  }

  /// Whether an element is stored: its bits are not the fill's, and it is not NaN beside a fill that is.
  private func differs(_ element: KernelTerm, _ fill: KernelTerm) -> KernelTerm {
    let dtype = element.dtype
    if dtype == .bool { return element .!= fill }
    let bits: DType
    switch dtype.itemSize {
    case 1: bits = .uint8
    case 2: bits = .uint16
    case 4: bits = .uint32
    default: bits = .uint64
    }
    let differs = element.bitcast(to: bits) .!= fill.bitcast(to: bits)
    guard dtype.isFloat else { return differs }
    let (x, y) = (
      element.converted(to: ClusterLowering.computing(dtype)),
      fill.converted(to: ClusterLowering.computing(dtype))
    )
    return differs & ((x .== x) | (y .== y))
  }
}
