import CHost
import WeftIR

/// Products of entries with dense factors, and their sums, by the loops of `CHost`: float32 and float64,
/// factors whose elements lie side by side along what the sparse factor lacks.
///
/// Parts follow from the entries alone, so that results have the same bits for any number of threads.
struct EntryLoops {
  private let terms: ProductTerms
  private let kernels: SparseKernels
  private var elements: SparseElements { terms.elements }

  init(_ terms: ProductTerms, _ kernels: SparseKernels) {
    self.terms = terms
    self.kernels = kernels
  }

  private var code: Int32 { Int32(elements.type.dtype.rawValue) }

  /// The most entries of a part that works on so many elements for each; where a part begins nothing has been
  /// asked for ahead.
  private func length(_ width: Int) -> Int {
    max(256, min(SparseKernels.entriesOfPart, (1 << 18) / max(1, min(64, width))))
  }

  private func places(_ coordinates: EntryCoordinates, _ stride: (Int) -> Int) -> EntryPlaces {
    coordinates.places(terms.labels.indices.map { ($0, stride(terms.labels[$0])) })
  }

  /// The factors, that first whose line changes least often from entry to entry.
  private var ordered: [DenseFactor] {
    let place = elements.layout.order.enumerated().reduce(into: [Int: Int]()) { places, level in
      places[terms.labels[level.element]] = level.offset
    }
    let keyed = terms.factors.map { factor in
      (factor, factor.labels.compactMap { place[$0] }.max() ?? -1)
    }
    return keyed.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Each value times the sum of products of two factors; false where the loop is not for these.
  func sample(into result: Buffer) throws -> Bool {
    guard terms.factors.count == 2,
      terms.factors.allSatisfy({ factor in
        RowProduct.countsUp(terms.offsets(over: terms.innerLabels) { factor.stride(of: $0) })
      })
    else { return false }
    let factors = ordered
    let coordinates = try EntryCoordinates(elements, kernels)
    guard let loop = weft_sparse_sample(code, coordinates.indexBytes) else { return false }
    let width = terms.offsets(over: terms.innerLabels) { _ in 0 }.count
    let (count, length) = (elements.count, length(width))
    let own = factors.map { factor in places(coordinates, factor.stride) }
    let parts = (count + length - 1) / length
    try call(own, factors, target: nil, width: width, into: result, clears: false) { entries in
      nonisolated(unsafe) let entries = entries
      try kernels.context.scheduler.run(parts, kernels.context.token) { part, _ in
        loop(entries, part * length, min(count, (part + 1) * length))
      }
    }
    return true
  }

  /// Sums of values times rows of one factor or of the product of two; false where the loop is not
  /// for these.
  ///
  /// - Precondition: entries of one piece of the result stand together.
  func spread(into result: Buffer) throws -> Bool {
    guard terms.factors.count == 1 || terms.factors.count == 2, terms.innerLabels.isEmpty,
      RowProduct.countsUp(terms.offsets(over: terms.freeLabels, terms.outputStride)),
      terms.factors.allSatisfy({ factor in
        RowProduct.countsUp(terms.offsets(over: terms.freeLabels) { factor.stride(of: $0) })
      })
    else { return false }
    let coordinates = try EntryCoordinates(elements, kernels)
    guard let loop = weft_sparse_spread(code, coordinates.indexBytes) else { return false }
    let width = terms.offsets(over: terms.freeLabels) { _ in 0 }.count
    let factors = ordered
    try fold(loop, coordinates, factors, width: width, into: result)
    return true
  }

  /// Sums of values to a dense result; false where the loop is not for these.
  ///
  /// - Precondition: entries of one element of the result stand together.
  func sum(into result: Buffer) throws -> Bool {
    let coordinates = try EntryCoordinates(elements, kernels)
    guard let loop = weft_sparse_sum(code, coordinates.indexBytes) else { return false }
    try fold(loop, coordinates, [], width: 1, into: result)
    return true
  }

  private func fold(
    _ loop: @escaping @convention(c) (UnsafePointer<weft_sparse_entries>?, Int, Int) -> Void,
    _ coordinates: EntryCoordinates, _ factors: [DenseFactor], width: Int, into result: Buffer
  ) throws {
    let target = places(coordinates, terms.outputStride)
    let clears = targetsGrow
    if !clears {
      nonisolated(unsafe) let base = result.base
      try kernels.forEachPart(result.byteCount) { range in
        (base + range.lowerBound).initializeMemory(
          as: UInt8.self, repeating: 0, count: range.count)
      }
    }
    let isShared = terms.labels.contains { terms.output.contains($0) }
    let parts =
      isShared ? target.parts(elements.count, length: length(width)) : [0, elements.count]
    let own = factors.map { factor in places(coordinates, factor.stride) }
    try call(own, factors, target: target, width: width, into: result, clears: clears) { entries in
      nonisolated(unsafe) let entries = entries
      try kernels.context.scheduler.run(parts.count - 1, kernels.context.token) { part, _ in
        loop(entries, parts[part], parts[part + 1])
        if entries.pointee.streams != 0 { weft_settle_stores() }
      }
    }
  }

  /// Whether pieces of the result follow each other as entries do.
  private var targetsGrow: Bool {
    let strides = elements.layout.order.map { terms.outputStride(of: terms.labels[$0]) }
      .filter { $0 != 0 }
    return zip(strides, strides.dropFirst()).allSatisfy { $0 > $1 }
  }

  private func call(
    _ places: [EntryPlaces], _ factors: [DenseFactor], target: EntryPlaces?, width: Int,
    into result: Buffer, clears: Bool, _ body: (UnsafePointer<weft_sparse_entries>) throws -> Void
  ) throws {
    let bases = factors.map { UnsafeRawPointer($0.view.buffer.base) }
    let rowBytes = width * result.type.dtype.itemSize
    let streams =
      clears && rowBytes % 64 == 0 && Int(bitPattern: result.base) % 64 == 0
      && result.byteCount > Int(weft_cache_bytes()) / 2
    let raw = places.map(\.raw)
    let target = target ?? EntryPlaces([], [], isWide: false)
    var goal = target.raw
    try raw.withUnsafeBufferPointer { raw in
      try withUnsafePointer(to: &goal) { goal in
        var entries = weft_sparse_entries(
          values: elements.values.base, target: goal, places: raw.baseAddress,
          x: (bases.first, bases.count > 1 ? bases[1] : nil), y: result.base,
          entries: elements.count, width: width, results: result.count,
          factors: Int32(factors.count), clears: clears ? 1 : 0, streams: streams ? 1 : 0)
        try withUnsafePointer(to: &entries) { try body($0) }
      }
    }
    withExtendedLifetime((places, target)) {}
  }
}
