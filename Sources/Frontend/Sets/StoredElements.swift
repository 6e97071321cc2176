import WeftIR

/// What a sparse array holds, as short dense arrays: the elements that differ from its fill, in C order, then the
/// fill if some element is it.
///
/// Functions for which the number and the place of fills count for little are composed of these, so that they take
/// memory for entries alone. The compositions hold for any array and any number in the place of the fill.
struct StoredElements {
  /// The elements, in one axis.
  let elements: NDArray
  /// How often each of the elements is there.
  let counts: NDArray
  /// Where the elements are in the flattened array; the fill where it is first.
  let positions: NDArray
  /// How many elements differ from the fill, int64.
  let storedCount: NDArray
  /// How many are the fill, int64.
  let fillCount: NDArray
}

extension Composition {
  /// What an array holds where it is stored sparsely; nil for dense arrays, and for complex fills with NaN.
  ///
  /// All NaN are taken for the fill where it is one.
  func stored(_ a: NDArray) -> StoredElements? {
    guard let count = a.count, let fill = sparseFill(of: a) else { return nil }
    let flat = flat(a)
    let isNaNFill = Self.isNaN(fill)
    if fill.dtype.isComplex, isNaNFill { return nil }
    let isStored = isNaNFill ? not(isNaN(flat)) : self(.notEqual, flat, constant(fill))
    let own = compress(flat, isStored)
    let places = compress(iota(Shape([count])), isStored)
    let storedCount = reduce(.add, convert(isStored, .int64), [0])
    let fillCount = self(.subtract, integer(count), storedCount)
    let hasFill = reshape(self(.greater, fillCount, integer(0)), [1])
    // As many entries as stand in a row from the start are before the first fill.
    let isInRow = self(.equal, places, iota(places.expr.type.shape))
    let first = reduce(.add, convert(isInRow, .int64), [0])
    func joined(_ list: NDArray, _ last: NDArray) -> NDArray {
      join([list, compress(reshape(last, [1]), hasFill)], 0)
    }
    let one = self.fill(Scalar(1 as Int64, .int64), like: own)
    return StoredElements(
      elements: joined(own, constant(fill)), counts: joined(one, fillCount),
      positions: joined(places, first), storedCount: storedCount, fillCount: fillCount)
  }

  /// A dense array that has a value for each element of one that is stored sparsely: given for what it holds, in the
  /// order of `StoredElements`; an error beyond the limit for what becomes dense.
  func spread(_ values: NDArray, over stored: StoredElements, of a: NDArray) -> NDArray {
    let type = TensorType(values.dtype, a.expr.type.shape)
    let limit = Session.current.densifyLimit.bytes
    guard let bytes = type.byteCount, bytes <= limit else {
      let size = type.byteCount.map { "\($0)" } ?? "more than 2^63"
      let message = "gives \(type), a dense array of \(size) bytes; the limit is \(limit) bytes"
      return NDArray(Expr(error(.wouldDensify, message, hint: "raise WEFT_DENSIFY_LIMIT")))
    }
    // The fill's value stands last if there is a fill; else each place has its own.
    let base = broadcast(reshape(last(values), []), Shape([a.count ?? 0]))
    let all = node(.scatter(axis: 0, .second), [base, stored.positions, values])
    return reshape(all, a.codes)
  }

  /// What a function of elements gives for an array that is stored sparsely, computed for what it holds alone and spread
  /// over a dense result; nil for dense arrays.
  func spreading<Failure: Error>(
    _ a: NDArray, _ body: (NDArray) throws(Failure) -> NDArray
  ) throws(Failure) -> NDArray? {
    guard let count = a.count, count > 0, let stored = stored(a) else { return nil }
    return spread(try body(stored.elements), over: stored, of: a)
  }

  /// The elements of an array in one axis for whom neither their number nor their places count.
  func members(_ a: NDArray) -> NDArray { stored(a)?.elements ?? flat(a) }

  /// Whether an array is stored sparsely with a fill that is no number.
  func isFillNaN(_ a: NDArray) -> Bool { sparseFill(of: a).map(Self.isNaN) ?? false }

  private static func isNaN(_ scalar: Scalar) -> Bool {
    scalar.dtype.isInexact && (scalar.doubleValue.isNaN || scalar.imaginary.isNaN)
  }

  /// The fill of an array that is stored sparsely, as far as that is known before anything runs.
  func sparseFill(of a: NDArray) -> Scalar? {
    if a.expr.isPoison { return nil }
    let layout: Layout?
    if let buffer = a.expr.buffer {
      layout = buffer.layout
    } else {
      guard let graph = try? a.graph(), graph.isSparse, let output = graph.outputs.first else {
        return nil
      }
      layout = GraphLayouts(graph).layout(of: output)
    }
    guard let layout, !layout.isDense else { return nil }
    return (layout.fill ?? Scalar(false)).converted(to: a.dtype)
  }

  /// About how many elements of an array are stored, all of a dense one.
  func storedCount(of a: NDArray) -> Double {
    guard let graph = try? a.graph(), let output = graph.outputs.first else { return .infinity }
    return GraphLayouts(graph).storedCount(of: output)
  }
}
