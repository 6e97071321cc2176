import CWeft
import WeftIR

extension NDArray {
  /// The elements that an index selects: integers, ranges, strides, `.ellipsis`, `.newAxis`,
  /// integer arrays and masks, with NumPy's rules. Assigning replaces them in this variable alone.
  ///
  /// - Shape: an integer takes its axis away, a range keeps it, index arrays broadcast in its
  ///   place.
  /// - DType: unchanged; what is assigned converts.
  /// - Throws: from `compute()`: `index`, `index-out-of-bounds`; `broadcast` when a value does not
  ///   fit what it is assigned to.
  /// - NumPy: `x[...]`; `.stride(from:to:by:)` is `start:stop:step`, `.all` is `:`.
  ///
  /// ```swift
  /// let a = arange(12).reshaped([3, 4])
  /// a[1]  // [4 5 6 7]
  /// a[-1, 1..<3]  // [ 9 10]
  /// a[.all, .stride(by: -2)]
  /// // [[ 3  1]
  /// //  [ 7  5]
  /// //  [11  9]]
  /// a[[0, 2], [1, 3]]  // [ 1 11]
  /// a[a .> 8]  // [ 9 10 11]
  /// var b = a
  /// b[0, ...1] = 99
  /// b[0]  // [99 99  2  3]
  /// a[5]
  /// // error: index: index 5 is out of bounds for axis 0 of int64[3, 4] with extent 3 [index-out-of-bounds]
  /// ```
  public subscript(_ indices: any AxisIndexConvertible...) -> NDArray {
    @inline(never)
    get {
      let site = SourceSite(returnAddress: weft_return_address())
      return selecting(indices.map(\.axisIndex), site: site)
    }
    @inline(never)
    set {
      let site = SourceSite(returnAddress: weft_return_address())
      self = replacing(indices.map(\.axisIndex), with: newValue, site: site)
    }
  }

  /// The elements that an index selects.
  func selecting(_ indices: [AxisIndex], site: SourceSite) -> NDArray {
    if let poison = Building.poison([expr] + indices.arrays) { return NDArray(poison) }
    do {
      let plan = try IndexPlan(indices, of: expr.type, site: site)
      return try strong.taking(plan, site)
    } catch {
      return NDArray(Expr(error))
    }
  }

  /// The array with the elements that an index selects replaced.
  ///
  /// The value converts to the array's dtype and broadcasts to the selection's shape.
  func replacing(_ indices: [AxisIndex], with value: NDArray, site: SourceSite) -> NDArray {
    if let poison = Building.poison([expr, value.expr] + indices.arrays) { return NDArray(poison) }
    do {
      let plan = try IndexPlan(indices, of: expr.type, site: site)
      return try strong.putting(value, at: plan, site)
    } catch {
      return NDArray(Expr(error))
    }
  }
}

extension [AxisIndex] {
  fileprivate var arrays: [Expr] {
    compactMap { if case .array(let array) = $0 { array.expr } else { nil } }
  }
}

// MARK: - Taking

extension NDArray {
  private func taking(_ plan: IndexPlan, _ site: SourceSite) throws(WeftError) -> NDArray {
    let basic = cutting(plan, site)
    if basic.expr.isPoison || !plan.isAdvanced { return basic }
    if plan.selectors.isEmpty, plan.masks.count == 1, plan.isAdjacent {
      return try basic.compressed(plan.masks[0], site)
    }
    return try basic.gathered(plan, site)
  }

  /// Applies integers, slices and new axes.
  private func cutting(_ plan: IndexPlan, _ site: SourceSite) -> NDArray {
    var result = expr
    let spans = plan.cuts.map { SliceSpan(start: $0.start, step: $0.step, count: $0.count) }
    let isWhole = zip(spans, expr.type.shape.extents).allSatisfy { span, extent in
      span.start == 0 && span.step == 1 && (span.count == nil || extent == .known(span.count ?? 0))
    }
    if !isWhole { result = Building.node(.slice(spans), [result], name: "index", site: site) }
    let reversed = AxisSet(plan.cuts.indices.filter { plan.cuts[$0].isReversed })
    if !reversed.isEmpty {
      result = Building.node(.reverse(reversed), [result], name: "index", site: site)
    }
    let codes = plan.axes.map { axis in axis.map { result.type.shape.codes[$0] } ?? 1 }
    return NDArray(Building.reshape(result, to: Shape(codes: codes), site: site))
  }

  /// Keeps what one mask selects; its axes become one in their place.
  private func compressed(
    _ selection: IndexPlan.Mask, _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    let (axis, mask) = (selection.axis, selection.mask)
    var codes = expr.type.shape.codes
    if mask.rank == 0 {
      // A 0-d mask makes a new axis of extent 0 or 1.
      codes.insert(1, at: axis)
      let column = Building.reshape(expr, to: Shape(codes: codes), site: site)
      let flat = Building.reshape(mask.expr, to: Shape([1]), site: site)
      return NDArray(
        Building.node(
          .compress(axis: axis, extent: mask.expr.selectionExtent), [column, flat], name: "index",
          site: site))
    }
    let masked = codes[axis..<axis + mask.rank]
    let merged =
      masked.contains { $0 < 0 } ? -1 : try Call("index", site).product(masked)
    guard merged >= 0 || mask.rank == 1 else {
      return NDArray(
        Expr(
          WeftError(
            .unknownExtent, "index", "a mask over axes of unknown extent of \(expr.type)",
            site: site)))
    }
    if mask.rank > 1 { codes.replaceSubrange(axis..<axis + mask.rank, with: [merged]) }
    let flat = Building.reshape(expr, to: Shape(codes: codes), site: site)
    let flatMask =
      mask.rank == 1 ? mask.expr : Building.reshape(mask.expr, to: Shape([merged]), site: site)
    return NDArray(
      Building.node(
        .compress(axis: axis, extent: mask.expr.selectionExtent), [flat, flatMask],
        name: "index", site: site))
  }

  /// Takes by integer arrays that broadcast together; masks count as their true positions.
  private func gathered(_ plan: IndexPlan, _ site: SourceSite) throws(WeftError) -> NDArray {
    if let expanded = expandingScalarMask(plan, site) {
      return try expanded.array.gathered(expanded.plan, site)
    }
    var selectors = plan.selectors
    for mask in plan.masks {
      for (offset, positions) in mask.mask.truePositions(site).enumerated() {
        selectors.append(.init(axis: mask.axis + offset, indices: positions))
      }
    }
    selectors.sort { $0.axis < $1.axis }
    let shape = try Self.commonShape(selectors, site)
    let chosen = selectors.map(\.axis)
    let others = (0..<rank).filter { !chosen.contains($0) }
    let target = plan.isAdjacent ? others.filter { $0 < chosen[0] }.count : 0
    var flat = self
    var position = chosen[0]
    if chosen.count > 1 {
      // Bring the chosen axes together in front, then count through them with one index.
      flat = NDArray(Building.permute(expr, chosen + others, site: site))
      var codes = others.map { expr.type.shape.codes[$0] }
      let extents = chosen.map { expr.type.shape.codes[$0] }
      guard extents.allSatisfy({ $0 >= 0 }) else {
        throw WeftError(
          .unknownExtent, "index", "several index arrays on axes of unknown extent", site: site)
      }
      codes.insert(try Call("index", site).product(extents), at: 0)
      flat = NDArray(Building.reshape(flat.expr, to: Shape(codes: codes), site: site))
      position = 0
    }
    let index = flatIndex(selectors, shape, site)
    let result = NDArray(
      Building.node(.gather(axis: position), [flat.expr, index.expr], name: "index", site: site))
    if position == target || result.expr.isPoison { return result }
    // The index axes stand at `position`; move them to `target`.
    let width = shape.rank
    var order = (0..<result.rank).filter { $0 < position || $0 >= position + width }
    order.insert(contentsOf: position..<position + width, at: target)
    return NDArray(Building.permute(result.expr, order, site: site))
  }

  /// The shape that index arrays have together.
  private static func commonShape(
    _ selectors: [IndexPlan.Selector], _ site: SourceSite
  ) throws(WeftError) -> Shape {
    var shape = Shape.scalar
    for selector in selectors {
      guard let common = shape.broadcasted(with: selector.indices.expr.type.shape) else {
        throw WeftError(
          .broadcast, "index",
          "index arrays do not broadcast together: "
            + selectors.map { $0.indices.expr.type.description }.joined(separator: ", "),
          site: site)
      }
      shape = common
    }
    return shape
  }

  /// A 0-d mask selects from a new axis of extent 1; nil when the plan has none.
  private func expandingScalarMask(
    _ plan: IndexPlan, _ site: SourceSite
  ) -> (array: NDArray, plan: IndexPlan)? {
    guard let found = plan.masks.firstIndex(where: { $0.mask.rank == 0 }) else { return nil }
    var plan = plan
    let (axis, mask) = (plan.masks[found].axis, plan.masks[found].mask)
    plan.masks.remove(at: found)
    for i in plan.selectors.indices where plan.selectors[i].axis >= axis {
      plan.selectors[i].axis += 1
    }
    for i in plan.masks.indices where plan.masks[i].axis >= axis { plan.masks[i].axis += 1 }
    let one = Shape([1])
    let counter = Building.node(.iota(TensorType(.int64, one), axis: 0), [], site: site)
    let flat = Building.reshape(mask.expr, to: one, site: site)
    let positions = Building.node(
      .compress(axis: 0, extent: mask.expr.selectionExtent), [counter, flat], name: "index",
      site: site)
    plan.selectors.append(.init(axis: axis, indices: NDArray(positions)))
    var codes = expr.type.shape.codes
    codes.insert(1, at: axis)
    return (NDArray(Building.reshape(expr, to: Shape(codes: codes), site: site)), plan)
  }

  /// One index into the chosen axes counted through in C order; -1 marks one out of bounds.
  private func flatIndex(
    _ selectors: [IndexPlan.Selector], _ shape: Shape, _ site: SourceSite
  ) -> NDArray {
    func constant(_ n: Int) -> NDArray {
      NDArray(Building.constant(Scalar(Int64(n), .int64), site: site))
    }
    var total: NDArray?
    for selector in selectors {
      let indices = selector.indices.broadcasted(to: shape, name: "index", site: site)
      guard case .known(let n) = expr.type.shape[selector.axis] else {
        let extent = Composition("index", site: site).extent(self, [selector.axis])
        return which(
          NDArray.apply(.less, indices, constant(0), site: site),
          NDArray.apply(.add, indices, extent, site: site), indices, name: "index", site: site)
      }
      let wrapped = which(
        NDArray.apply(.less, indices, constant(0), site: site),
        NDArray.apply(.add, indices, constant(n), site: site), indices, name: "index", site: site)
      if selectors.count == 1 { return wrapped }
      let isValid = NDArray.apply(
        .logicalAnd, NDArray.apply(.greaterEqual, wrapped, constant(0), site: site),
        NDArray.apply(.less, wrapped, constant(n), site: site), site: site)
      guard let before = total else {
        total = which(isValid, wrapped, constant(-1), name: "index", site: site)
        continue
      }
      let sum = NDArray.apply(
        .add, NDArray.apply(.multiply, before, constant(n), site: site), wrapped, site: site)
      let bothValid = NDArray.apply(
        .logicalAnd, isValid,
        NDArray.apply(.greaterEqual, before, constant(0), site: site), site: site)
      total = which(bothValid, sum, constant(-1), name: "index", site: site)
    }
    return total ?? constant(0)
  }

  /// The positions of true elements, one array of `int64` an axis, as NumPy's `nonzero`.
  func truePositions(_ site: SourceSite) -> [NDArray] {
    let mask = converted(to: .bool, site: site)
    guard rank > 0 else { return [] }
    guard let count = mask.count else {
      guard rank == 1 else {
        let error =
          expr.type.shape.isKnown
          ? WeftError(
            .tooLarge, "nonzero", "\(expr.type) has more positions than one index counts",
            site: site, hint: "entries() has the coordinates of a sparse array")
          : WeftError(
            .unknownExtent, "nonzero", "\(expr.type) has axes of unknown extent", site: site)
        return [NDArray(Expr(error))]
      }
      let counts = Building.node(
        .iota(TensorType(.int64, expr.type.shape), axis: 0), [], site: site)
      return [
        NDArray(
          Building.node(
            .compress(axis: 0, extent: expr.selectionExtent), [counts, mask.expr],
            name: "nonzero", site: site))
      ]
    }
    // Flat positions first, so that coordinates are worked out for true elements alone.
    let flatShape = Shape([count])
    let flat = Building.reshape(mask.expr, to: flatShape, site: site)
    let counter = Building.node(.iota(TensorType(.int64, flatShape), axis: 0), [], site: site)
    let positions = NDArray(
      Building.node(
        .compress(axis: 0, extent: expr.selectionExtent), [counter, flat], name: "nonzero",
        site: site))
    if rank == 1 { return [positions] }
    let extents = expr.type.shape.codes
    func constant(_ n: Int) -> NDArray {
      NDArray(Building.constant(Scalar(Int64(n), .int64), site: site))
    }
    return (0..<rank).map { axis in
      let stride = extents[(axis + 1)...].reduce(1, &*)
      let rows = NDArray.apply(.floorDivide, positions, constant(stride), site: site)
      return axis == 0 ? rows : NDArray.apply(.remainder, rows, constant(extents[axis]), site: site)
    }
  }
}

// MARK: - Putting

extension NDArray {
  private func putting(
    _ value: NDArray, at plan: IndexPlan, _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    try value.requireFits(dtype, "index", site)
    let converted = NDArray(try value.operand(.second, dtype, site))
    if plan.selectors.isEmpty, plan.masks.count == 1, plan.masks[0].mask.rank == rank,
      converted.rank == 0
    {
      return which(plan.masks[0].mask, converted, self, name: "index", site: site)
    }
    if plan.isAdvanced { return try scattering(converted, at: plan, site) }
    let region = cutting(plan, site)
    let part = try Self.fitted(converted, to: region.expr.type.shape, self, site)
    return inserting(part, at: plan, site)
  }

  /// The value broadcast to a selection's shape; leading axes of extent 1 may be left over.
  private static func fitted(
    _ value: NDArray, to shape: Shape, _ target: NDArray, _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    var value = value
    let extra = value.rank - shape.rank
    if extra > 0, (0..<extra).allSatisfy({ value.expr.type.shape[$0] == .known(1) }) {
      let codes = Array(value.expr.type.shape.codes.dropFirst(extra))
      value = NDArray(Building.reshape(value.expr, to: Shape(codes: codes), site: site))
    }
    guard value.rank <= shape.rank, let common = value.expr.type.shape.broadcasted(with: shape),
      common == shape || !shape.isKnown
    else {
      throw WeftError(
        .broadcast, "index",
        "cannot assign \(value.expr.type) to a selection of shape \(shape) of \(target.expr.type)",
        site: site)
    }
    return NDArray(Building.broadcast(value.expr, to: shape, site: site))
  }

  /// A host number put into integers must have an integer part that they hold, as in NumPy.
  func requireFits(_ dtype: DType, _ name: String, _ site: SourceSite) throws(WeftError) {
    guard let weakKind, case .op(.constant(let scalar), _) = expr.node,
      dtype.isInteger, let range = dtype.integerRange
    else { return }
    let number = scalar.doubleValue.rounded(.towardZero)
    let fits =
      switch weakKind {
      case .integer: scalar.fits(dtype)
      case .float: number >= Double(range.min) && number <= Double(range.max)
      case .bool, .complex: true
      }
    guard fits else {
      throw WeftError(
        .outOfRange, name, "the number \(scalar) is out of range for \(dtype)", site: site)
    }
  }

  /// Puts a part where integers and slices cut: one pass that selects between the two.
  private func inserting(_ part: NDArray, at plan: IndexPlan, _ site: SourceSite) -> NDArray {
    guard let extents = expr.type.shape.known else {
      let reversed = AxisSet(plan.cuts.indices.filter { plan.cuts[$0].isReversed })
      if reversed.isEmpty { return settingExtents(of: part, site) }
      let turned = Building.node(.reverse(reversed), [part.expr], name: "index", site: site)
      return settingExtents(of: NDArray(turned), site)
    }
    // Back to the operand's axes, in ascending order of positions.
    let codes = plan.cuts.map { $0.count ?? 0 }
    var piece = Building.reshape(part.expr, to: Shape(codes), site: site)
    if codes == extents && !plan.cuts.contains(where: \.isReversed) { return NDArray(piece) }
    let reversed = AxisSet(plan.cuts.indices.filter { plan.cuts[$0].isReversed })
    if !reversed.isEmpty {
      piece = Building.node(.reverse(reversed), [piece], name: "index", site: site)
    }
    if codes == extents { return NDArray(piece) }
    if codes.contains(0) { return self }
    let spans = zip(plan.cuts, extents).map { cut, extent in
      let count = cut.count ?? 0
      let reach = (count - 1) * cut.step + 1
      return PadSpan(
        low: cut.start, high: extent - cut.start - reach, interior: cut.step - 1)
    }
    if let fill = Composition("index", site: site).sparseFill(of: self) {
      return insertingEntries(piece, fill, spans, at: plan, site)
    }
    let fill = Building.constant(Scalar(0 as Int64, dtype), site: site)
    let padded = Building.node(.pad(spans), [piece, fill], name: "index", site: site)
    let inside = Building.broadcast(
      Building.constant(Scalar(true), site: site), to: Shape(codes), site: site)
    let mask = Building.node(
      .pad(spans), [inside, Building.constant(Scalar(false), site: site)], name: "index",
      site: site)
    return which(NDArray(mask), NDArray(padded), self, name: "index", site: site)
  }

  /// The same into an array that is stored sparsely: of the part what differs from the fill; which other elements stay
  /// tell counters, at entries alone.
  private func insertingEntries(
    _ piece: Expr, _ fill: Scalar, _ spans: [PadSpan], at plan: IndexPlan, _ site: SourceSite
  ) -> NDArray {
    let call = Call("index", site)
    let entries = call.node(
      .store(.coordinates(rank: rank, fill: fill)), NDArray(piece))
    let padded = call.node(.pad(spans), entries, call.constant(fill))
    var inside = NDArray(Building.constant(Scalar(true), site: site))
    for (axis, cut) in plan.cuts.enumerated() {
      let (count, extent) = (cut.count ?? 0, expr.type.shape.codes[axis])
      if count == extent { continue }
      let place = call.apply(
        .subtract, call.counts(like: self, axis: axis), call.integer(cut.start))
      let last = call.integer((count - 1) * cut.step)
      var holds = call.apply(
        .logicalAnd, call.apply(.greaterEqual, place, call.integer(0)),
        call.apply(.lessEqual, place, last))
      if cut.step > 1 {
        let rest = call.apply(.remainder, place, call.integer(cut.step))
        holds = call.apply(.logicalAnd, holds, call.apply(.equal, rest, call.integer(0)))
      }
      inside = call.apply(.logicalAnd, inside, holds)
    }
    return call.select(inside, padded, self)
  }

  /// Where in the flattened array the elements are that an index selects.
  private func positions(
    of plan: IndexPlan, _ count: Int, _ extents: [Int], _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    // An integer array for each axis tells without the positions of all elements.
    if plan.masks.isEmpty, plan.selectors.map(\.axis) == Array(0..<rank), plan.axes.count == rank {
      let shape = try Self.commonShape(plan.selectors, site)
      return flatIndex(plan.selectors, shape, site)
    }
    let all = NDArray(
      Building.node(.iota(TensorType(.int64, Shape([count])), axis: 0), [], site: site))
    return try all.reshaped(extents, name: "index", site: site).taking(plan, site)
  }

  /// The array with the elements that an index selects combined with values by a function.
  func combining(
    _ f: ScalarFunction, _ indices: [AxisIndex], with value: NDArray, _ call: Call
  ) throws(WeftError) -> NDArray {
    let plan = try IndexPlan(indices, of: expr.type, site: call.site)
    return try scattering(call.convert(value, to: dtype), at: plan, by: f, call.site)
  }

  /// Puts by integer arrays and masks: the same index taken from positions tells where.
  private func scattering(
    _ value: NDArray, at plan: IndexPlan, by f: ScalarFunction = .second, _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    guard let extents = expr.type.shape.known else {
      throw WeftError(
        .unknownExtent, "index", "cannot assign to \(expr.type), whose extents only the data tell",
        site: site)
    }
    let count = try Call("index", site).product(extents)
    let positions = try positions(of: plan, count, extents, site)
    let updates = try Self.fitted(value, to: positions.expr.type.shape, self, site)
    let flat = Building.reshape(expr, to: Shape([count]), site: site)
    let result = Building.node(
      .scatter(axis: 0, f),
      [
        flat, positions.reshaped([-1], name: "index", site: site).expr,
        updates.reshaped([-1], name: "index", site: site).expr,
      ], name: "index", site: site)
    return NDArray(Building.reshape(result, to: Shape(extents), site: site))
  }
}
