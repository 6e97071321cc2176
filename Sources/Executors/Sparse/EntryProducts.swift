import CHost
import WeftIR

extension SparseRowRunner {
  /// Products whose result has no labels but those of the sparse factor: a number for each entry,
  /// then a sum over the axes that are not in the result. SDDMM, TTV and sums are of this form.
  func sampled<Key: PositionKey>(
    _ row: Int, _ terms: ProductTerms, _: Key.Type
  ) throws -> Buffer {
    let elements = terms.elements
    var values = elements.values
    if !terms.factors.isEmpty {
      values = try kernels.values(elements.count, elements.type.dtype)
    }
    if !terms.factors.isEmpty, try !EntryLoops(terms, kernels).sample(into: values) {
      let body = EntryProduct(
        terms: terms, result: values, kernels: kernels,
        entries: try terms.factors.map { factor in
          try terms.entryOffsets(kernels) { factor.stride(of: $0) }
        },
        inner: terms.factors.map { factor in
          terms.offsets(over: terms.innerLabels) { factor.stride(of: $0) }
        })
      try withSparseNumber(elements.type.dtype, body)
    }
    let kept = terms.output.compactMap { terms.labels.firstIndex(of: $0) }
    if layout(row) != nil, kept.count == terms.labels.count {
      return buffer(
        SparseElements(
          type(row), elements.layout.permuted(kept), levels: elements.levels, values: values))
    }
    return try folded(row, .add, elements, kept: kept, values, Key.self)
  }

  /// Products whose result has labels that the sparse factor lacks: each entry adds a piece of
  /// dense rows to one of the result. MTTKRP and TTM are of this form.
  func spread(_ row: Int, _ terms: ProductTerms) throws -> Buffer {
    let type = type(row)
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    // Entries of one piece of the result stand together, so that one part has all of them.
    let shared = terms.labels.indices.filter { terms.output.contains(terms.labels[$0]) }
    let order = shared + terms.labels.indices.filter { !shared.contains($0) }
    var layout = Layout.coordinates(rank: terms.labels.count, fill: terms.elements.fill)
    layout.order = order
    let isLeading = Set(terms.elements.layout.order.prefix(shared.count)) == Set(shared)
    let elements =
      isLeading
      ? terms.elements
      : try terms.elements.inLayout(layout) { () throws in
        try kernels.relaid(terms.elements, layout)
      }
    let own = terms.with(elements)
    if try EntryLoops(own, kernels).spread(into: result) { return result }
    result.base.initializeMemory(as: UInt8.self, repeating: 0, count: result.byteCount)
    let body = EntrySpread(
      terms: own, result: result, kernels: kernels,
      targets: try own.entryOffsets(kernels) { own.outputStride(of: $0) },
      entries: try own.factors.map { factor in
        try own.entryOffsets(kernels) { factor.stride(of: $0) }
      },
      free: own.offsets(over: own.freeLabels) { own.outputStride(of: $0) },
      freeOf: own.factors.map { factor in
        own.offsets(over: own.freeLabels) { factor.stride(of: $0) }
      },
      inner: own.factors.map { factor in
        own.offsets(over: own.innerLabels) { factor.stride(of: $0) }
      })
    try withSparseNumber(type.dtype, body)
    return result
  }
}

/// Each entry's value times the sum, over what is not in it, of the product of dense elements.
private struct EntryProduct: SparseNumberBody {
  let terms: ProductTerms
  let result: Buffer
  let kernels: SparseKernels
  let entries: [Vector<Int>]
  let inner: [[Int]]

  func run<Element: SparseNumber>(_: Element.Type) throws {
    nonisolated(unsafe) let values = terms.elements.values.base.assumingMemoryBound(
      to: Element.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let factors = terms.factors.map {
      $0.view.buffer.base.assumingMemoryBound(to: Element.self)
    }
    let width = inner[0].count
    let isContiguous = inner.allSatisfy(RowProduct.countsUp)
    let isDot = factors.count == 2 && isContiguous
    try kernels.forEachPart(result.count) { range in
      for entry in range {
        var sum = Element.none
        if isDot {
          let (a, b) = (factors[0] + entries[0].base[entry], factors[1] + entries[1].base[entry])
          sum = Self.dot(a, b, width)
        } else if factors.count > 2, isContiguous, width > 1 {
          sum = withUnsafeTemporaryAllocation(of: Element.self, capacity: width) { row in
            // All factors but the last, one at a time.
            let products = row.baseAddress.unsafelyUnwrapped
            let a = factors[0] + entries[0].base[entry]
            products.update(from: a, count: width)
            for n in 1..<factors.count - 1 {
              let b = factors[n] + entries[n].base[entry]
              for k in 0..<width { products[k] = Element.product(products[k], b[k]) }
            }
            let last = factors.count - 1
            return Self.dot(products, factors[last] + entries[last].base[entry], width)
          }
        } else {
          for k in 0..<width {
            var product = factors[0][entries[0].base[entry] &+ inner[0][k]]
            for n in 1..<max(1, factors.count) {
              product = Element.product(product, factors[n][entries[n].base[entry] &+ inner[n][k]])
            }
            sum = Element.sum(sum, product)
          }
        }
        target[entry] = Element.product(values[entry], sum)
      }
    }
  }

  @inline(__always)
  private static func dot<Element: SparseNumber>(
    _ a: UnsafeMutablePointer<Element>, _ b: UnsafeMutablePointer<Element>, _ count: Int
  ) -> Element {
    var (s, t, u, v) = (Element.none, Element.none, Element.none, Element.none)
    var k = 0
    while k &+ 4 <= count {
      s = Element.sum(s, Element.product(a[k], b[k]))
      t = Element.sum(t, Element.product(a[k &+ 1], b[k &+ 1]))
      u = Element.sum(u, Element.product(a[k &+ 2], b[k &+ 2]))
      v = Element.sum(v, Element.product(a[k &+ 3], b[k &+ 3]))
      k &+= 4
    }
    while k < count {
      s = Element.sum(s, Element.product(a[k], b[k]))
      k &+= 1
    }
    return Element.sum(Element.sum(s, t), Element.sum(u, v))
  }
}

/// Adds each entry's value times dense elements to a piece of the result.
private struct EntrySpread: SparseNumberBody {
  let terms: ProductTerms
  let result: Buffer
  let kernels: SparseKernels
  let targets: Vector<Int>
  let entries: [Vector<Int>]
  let free: [Int]
  let freeOf: [[Int]]
  let inner: [[Int]]

  func run<Element: SparseNumber>(_: Element.Type) throws {
    nonisolated(unsafe) let values = terms.elements.values.base.assumingMemoryBound(
      to: Element.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let factors = terms.factors.map {
      $0.view.buffer.base.assumingMemoryBound(to: Element.self)
    }
    let width = inner[0].count
    let isContiguous =
      width == 1 && RowProduct.countsUp(free) && freeOf.allSatisfy(RowProduct.countsUp)
    let parts = self.parts
    let count = free.count
    try kernels.context.scheduler.run(parts.count - 1, kernels.context.token) { part, _ in
      for entry in parts[part]..<parts[part + 1] {
        let value = values[entry]
        let out = target + targets.base[entry]
        if isContiguous, factors.count == 1 {
          let a = factors[0] + entries[0].base[entry]
          for j in 0..<count { out[j] = Element.sum(out[j], Element.product(value, a[j])) }
        } else if isContiguous, factors.count == 2 {
          let (a, b) = (factors[0] + entries[0].base[entry], factors[1] + entries[1].base[entry])
          for j in 0..<count {
            out[j] = Element.sum(
              out[j], Element.product(Element.product(value, a[j]), b[j]))
          }
        } else if isContiguous {
          withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { row in
            // A row of products in the first cache, a factor at a time.
            let products = row.baseAddress.unsafelyUnwrapped
            let a = factors[0] + entries[0].base[entry]
            for j in 0..<count { products[j] = Element.product(value, a[j]) }
            for n in 1..<factors.count {
              let b = factors[n] + entries[n].base[entry]
              for j in 0..<count { products[j] = Element.product(products[j], b[j]) }
            }
            for j in 0..<count { out[j] = Element.sum(out[j], products[j]) }
          }
        } else {
          for j in 0..<count {
            var sum = Element.none
            for k in 0..<width {
              var product = value
              for n in factors.indices {
                let place = entries[n].base[entry] &+ freeOf[n][j] &+ inner[n][k]
                product = Element.product(product, factors[n][place])
              }
              sum = Element.sum(sum, product)
            }
            out[free[j]] = Element.sum(out[free[j]], sum)
          }
        }
      }
    }
  }

  /// Where parts begin and end: never between entries of one piece.
  private var parts: [Int] {
    let count = targets.count
    let isShared = terms.labels.contains { terms.output.contains($0) }
    guard isShared, count > 0 else { return [0, count] }
    let length = max(256, SparseKernels.entriesOfPart / max(1, min(64, free.count)))
    var bounds = [0]
    var next = length
    while next < count {
      while next < count, targets.base[next] == targets.base[next - 1] { next += 1 }
      if next < count { bounds.append(next) }
      next += length
    }
    return bounds + [count]
  }
}
