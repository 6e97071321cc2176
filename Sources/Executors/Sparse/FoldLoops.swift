import WeftIR

/// The loops of a fold of values to places: those of one place are folded in one order, whatever the threads.
protocol FoldLoops: Sendable {
  var result: Buffer { get }
  /// Folds to which what is not stored adds nothing.
  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, from identity: Scalar
  ) throws where Item.Sum == Operation.Element
  /// Folds that take so many fills for what a place does not store, given by how many it stores.
  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, missing: @Sendable (Int) -> Scalar?
  ) throws where Item.Sum == Operation.Element
  /// Sums by loops of the host; false where there are none.
  func summed(_ dtype: DType) throws -> Bool
}

extension FoldLoops {
  func summed(_ dtype: DType) throws -> Bool { false }

  /// The element of some bits.
  @inline(__always)
  func element<Element: BitwiseCopyable>(_ scalar: Scalar, _: Element.Type) -> Element {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes in
      // Room was asked for.
      let base = bytes.baseAddress.unsafelyUnwrapped
      scalar.store(to: base)
      return base.load(as: Element.self)
    }
  }
}

/// Places that are told for each entry: those of one place are folded by one thread, in their order.
struct PlacedFold: FoldLoops {
  let values: Buffer
  let places: Vector<Int>
  let result: Buffer
  let kernels: SparseKernels

  /// Which entries a thread looks at, and which places are its own.
  private struct Share {
    var entries: Range<Int>
    var places: Range<Int>
  }

  /// Where places grow with the entries, threads have entries of their own; else each looks at all for its
  /// own places.
  private func shares() throws -> [Share] {
    let (count, results) = (places.count, result.count)
    let length = SparseKernels.entriesOfPart
    if count <= length { return [Share(entries: 0..<count, places: 0..<results)] }
    let isTurned: Vector<Bool> = try kernels.vector((count + length - 1) / length)
    try kernels.forEachPart(count) { range in
      var isFound = false
      for entry in Swift.max(1, range.lowerBound)..<range.upperBound {
        if places.base[entry] < places.base[entry &- 1] { isFound = true }
      }
      isTurned.base[range.lowerBound / length] = isFound
    }
    let grows = !(0..<isTurned.count).contains { isTurned[$0] }
    var shares: [Share] = []
    if grows {
      var (entry, place) = (0, 0)
      while entry < count {
        var end = Swift.min(count, entry + length)
        while end < count, places.base[end] == places.base[end - 1] { end += 1 }
        let next = end == count ? results : places.base[end]
        shares.append(Share(entries: entry..<end, places: place..<next))
        (entry, place) = (end, next)
      }
      return shares
    }
    let threads = Swift.max(1, Swift.min(kernels.context.scheduler.threadCount, results, 64))
    for thread in 0..<threads {
      let bounds = [thread, thread + 1].map {
        results / threads * $0 + results % threads * $0 / threads
      }
      shares.append(Share(entries: 0..<count, places: bounds[0]..<bounds[1]))
    }
    return shares
  }

  private func run(_ body: @Sendable (Share) throws -> Void) throws {
    let shares = try shares()
    try kernels.context.scheduler.run(shares.count, kernels.context.token) { part, _ in
      try body(shares[part])
    }
  }

  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, from identity: Scalar
  ) throws where Item.Sum == Operation.Element {
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(values.base), result.base)
    let first = element(identity, Operation.Element.self)
    let sums: Vector<Operation.Element> = try kernels.vector(result.count)
    try run { share in
      for place in share.places { sums.base[place] = first }
      let (low, high) = (share.places.lowerBound, share.places.upperBound)
      for entry in share.entries {
        let place = places.base[entry]
        if place < low || place >= high { continue }
        sums.base[place] = Operation.folded(sums.base[place], Item.load(source, entry))
      }
      for place in share.places { Item.store(sums.base[place], target, place) }
    }
  }

  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, missing: @Sendable (Int) -> Scalar?
  ) throws where Item.Sum == Operation.Element {
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(values.base), result.base)
    let stored: Vector<Int> = try kernels.vector(result.count)
    let sums: Vector<Operation.Element> = try kernels.vector(result.count)
    try run { share in
      for place in share.places { stored.base[place] = 0 }
      let (low, high) = (share.places.lowerBound, share.places.upperBound)
      for entry in share.entries {
        let place = places.base[entry]
        if place < low || place >= high { continue }
        let value = Item.load(source, entry)
        sums.base[place] =
          stored.base[place] == 0 ? value : Operation.folded(sums.base[place], value)
        stored.base[place] &+= 1
      }
      // Most results store equally many.
      var (known, fills) = (-1, Operation.Element?.none)
      for place in share.places {
        if stored.base[place] != known {
          known = stored.base[place]
          fills = missing(known).map { element($0, Operation.Element.self) }
        }
        let sum = sums.base[place]
        guard let fills else {
          if known > 0 { Item.store(sum, target, place) }
          continue
        }
        Item.store(known == 0 ? fills : Operation.folded(sum, fills), target, place)
      }
    }
  }
}
