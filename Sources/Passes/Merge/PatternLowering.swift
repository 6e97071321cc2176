import WeftIR

/// Writes the kernel of a merge: a loop over rows, in it those of the lattice.
///
/// Nothing branches on coordinates: the least one, which lists have it, and cursors that move by 0 or 1.
final class PatternLowering {
  private let pattern: MergedPattern
  private let builder = KernelBuilder()
  private var parameters: [Kernel.Parameter] = []
  private var bindings: [MergedPattern.Binding] = []
  private var numbers: [MergedPattern.Number] = []
  private var bufferOf: [MergedPattern.Binding: Int] = [:]
  private var numberOf: [MergedPattern.Number: Int] = [:]
  private var cursors: [(at: KernelVariable, end: KernelVariable)] = []

  init(_ pattern: MergedPattern) { self.pattern = pattern }

  // MARK: - Parameters

  private func buffer(_ binding: MergedPattern.Binding, _ dtype: DType, isWritten: Bool = false)
    -> Int
  {
    if let known = bufferOf[binding] { return known }
    parameters.append(.buffer(dtype, isWritten: isWritten))
    bindings.append(binding)
    bufferOf[binding] = parameters.count - 1
    return parameters.count - 1
  }

  private func number(_ number: MergedPattern.Number) -> KernelTerm {
    if let known = numberOf[number] { return builder.term(.parameter(known)) }
    parameters.append(.index)
    numbers.append(number)
    numberOf[number] = parameters.count - 1
    return builder.term(.parameter(parameters.count - 1))
  }

  private func constant(_ value: Int) -> KernelTerm {
    builder.constant(Scalar(Int64(value), .int64))
  }

  private func index(_ binding: MergedPattern.Binding, _ dtype: DType, at place: KernelTerm)
    -> KernelTerm
  {
    builder.load(buffer(binding, dtype), dtype, at: place).converted(to: .int64)
  }

  // MARK: - Rows

  func merging() -> MergedPattern.Merging {
    builder.loop(.parallel, from: constant(0), to: constant(1)) { unit in
      let (first, last) = (number(.firstRow), number(.lastRow))
      let (row, count) = (builder.variable(first), builder.variable(constant(0)))
      let zero = constant(0)
      cursors = pattern.lists.map { _ in (builder.variable(zero), builder.variable(zero)) }
      builder.repeating(while: { row.value .< last }) {
        enter(row.value)
        if pattern.lists.count <= MergeLattice.mostLooped {
          for point in lattice.points { merge(point, count) }
        } else {
          sweep(count)
        }
        let ends = buffer(.rowEnds, .int64, isWritten: true)
        builder.store(count.value, to: ends, at: row.value - first)
        row.assign(row.value + constant(1))
      }
      builder.store(count.value, to: buffer(.count, .int64, isWritten: true), at: unit)
    }
    return MergedPattern.Merging(
      kernel: Kernel(name: "merge", parameters: parameters, body: builder.statements).canonical(),
      bindings: bindings, numbers: numbers)
  }

  private var lattice: MergeLattice {
    MergeLattice(pattern.terms, reading: pattern.read + (pattern.donor.map { [$0] } ?? []))
  }

  /// Gives cursors the entries of a row that belong to the part.
  private func enter(_ row: KernelTerm) {
    let next = row + constant(1)
    for (list, cursor) in cursors.enumerated() {
      let dtype = pattern.lists[list].ends
      let (start, stop) = (number(.start(list: list)), number(.stop(list: list)))
      let begin = index(.ends(list: list), dtype, at: row)
      let end = index(.ends(list: list), dtype, at: next)
      cursor.at.assign((begin .< start).select(start, begin))
      cursor.end.assign((stop .< end).select(stop, end))
    }
  }

  // MARK: - Merging

  /// What a loop has at an entry.
  private struct Entry {
    /// The coordinates by level below the dense ones.
    var coordinates: [KernelTerm]
    /// By list of the loop whether it has the entry; nil where it must have.
    var has: [Int: KernelTerm?]
    /// 1 where the entry belongs to the result, else 0.
    var kept: KernelTerm
  }

  /// A loop of the lattice.
  private func merge(_ point: MergeLattice.Point, _ count: KernelVariable) {
    builder.repeating(
      while: {
        point.lists.map { cursors[$0].at.value .< cursors[$0].end.value }.reduced(&)
          ?? builder.constant(Scalar(false))
      },
      {
        let entry = self.entry(point)
        write(entry, count)
        for list in point.lists {
          let step = (entry.has[list] ?? nil).map { $0.select(constant(1), constant(0)) }
          cursors[list].at.assign(cursors[list].at.value + (step ?? constant(1)))
        }
      })
  }

  /// What is not kept is written over by the next entry.
  private func write(_ entry: Entry, _ count: KernelVariable) {
    let at = count.value
    if pattern.donor == nil {
      for (level, coordinate) in entry.coordinates.enumerated() {
        builder.store(
          coordinate.converted(to: pattern.index),
          to: buffer(.merged(level: level), pattern.index, isWritten: true), at: at)
      }
    }
    let none = constant(-1)
    for list in pattern.read {
      var source = none
      if let has = entry.has[list] {
        let place = cursors[list].at.value - number(.start(list: list))
        source = has.map { $0.select(place, none) } ?? place
      }
      builder.store(
        source.converted(to: .int32), to: buffer(.sources(list: list), .int32, isWritten: true),
        at: at)
    }
    count.assign(at + entry.kept)
  }

  private func coordinates(_ list: Int) -> [KernelTerm] {
    let at = cursors[list].at.value
    return (0..<pattern.innerLevels).map {
      index(.coordinates(list: list, level: $0), pattern.lists[list].coordinates, at: at)
    }
  }

  private func entry(_ point: MergeLattice.Point) -> Entry {
    var own: [Int: [KernelTerm]] = [:]
    var keys: [Int: KernelTerm] = [:]
    // Statements stand in the order of lists, so that equal kernels have equal text.
    for list in point.lists {
      let coordinates = coordinates(list)
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
    return Entry(
      coordinates: chosen(point.lists, own, has, least), has: has,
      kept: point.keepsAll ? constant(1) : kept(point.terms, has))
  }

  /// The coordinates of a list that has the entry.
  private func chosen(
    _ lists: [Int], _ own: [Int: [KernelTerm]], _ has: [Int: KernelTerm?], _ least: KernelTerm
  ) -> [KernelTerm] {
    if pattern.innerLevels == 1 { return [least] }
    var coordinates = own[lists[lists.count - 1]] ?? []
    for list in lists.dropLast().reversed() {
      guard let isOwn = has[list] ?? nil, let others = own[list] else { continue }
      coordinates = zip(others, coordinates).map { isOwn.select($0, $1) }
    }
    return coordinates
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

  private func kept(_ terms: [[Int]], _ has: [Int: KernelTerm?]) -> KernelTerm {
    var any: KernelTerm?
    for term in terms {
      guard let all = term.compactMap({ has[$0] ?? nil }).reduced(&) else { return constant(1) }
      any = any.map { $0 | all } ?? all
    }
    return any.map { $0.select(constant(1), constant(0)) } ?? constant(1)
  }

  // MARK: - Many lists

  /// A list's entry in one loop over many lists.
  private struct Sight {
    let coordinates: [KernelVariable]
    /// The number of its position, and one that no position has once the list has ended.
    let key: KernelVariable
  }

  /// One loop over all lists, as long as one has entries: its work grows with their number, its code as well.
  private func sweep(_ count: KernelVariable) {
    let beyond = constant(Int.max)
    let lists = Array(pattern.lists.indices)
    let sights = lists.map { list in
      let sight = Sight(
        coordinates: (0..<pattern.innerLevels).map { _ in builder.variable(constant(0)) },
        key: builder.variable(beyond))
      look(list, sight)
      return sight
    }
    var least = beyond
    builder.repeating(
      while: {
        least = sights[0].key.value
        for sight in sights.dropFirst() {
          least = (sight.key.value .< least).select(sight.key.value, least)
        }
        return least .< beyond
      },
      {
        var has: [Int: KernelTerm?] = [:]
        var own: [Int: [KernelTerm]] = [:]
        for list in lists {
          has[list] = sights[list].key.value .== least
          own[list] = sights[list].coordinates.map(\.value)
        }
        write(
          Entry(
            coordinates: chosen(lists, own, has, least), has: has,
            kept: kept(pattern.terms, has)), count)
        for list in lists {
          guard let isThere = has[list] ?? nil else { continue }
          builder.branch(isThere) {
            cursors[list].at.assign(cursors[list].at.value + constant(1))
            look(list, sights[list])
          }
        }
      })
  }

  /// Looks at a list's next entry.
  private func look(_ list: Int, _ sight: Sight) {
    builder.branch(
      cursors[list].at.value .< cursors[list].end.value,
      then: {
        let found = coordinates(list)
        for (variable, coordinate) in zip(sight.coordinates, found) { variable.assign(coordinate) }
        sight.key.assign(key(found))
      }, else: { sight.key.assign(constant(Int.max)) })
  }
}

extension [KernelTerm] {
  /// All terms by an operation, in their order; nil where there are none.
  fileprivate func reduced(_ operation: (KernelTerm, KernelTerm) -> KernelTerm) -> KernelTerm? {
    guard let first else { return nil }
    return dropFirst().reduce(first, operation)
  }
}
