import WeftIR

/// What NumPy's ufuncs do besides applying elementwise: `ScalarFunction.add.reduce(x, axis: 0)`.
extension ScalarFunction {
  /// The function of every pair of elements.
  ///
  /// - Shape: the first shape, then the second.
  /// - DType: promoted, as the function has it.
  /// - Throws: from `compute()`: `argument` for a function of one operand; `dtype`.
  /// - NumPy: `ufunc.outer`.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// ScalarFunction.multiply.outer([1, 2], [3, 4])
  /// // [[3 4]
  /// //  [6 8]]
  /// ```
  public func outer(
    _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("\(name).outer", file, line)
    return call.build([a, b]) { () throws(WeftError) in
      try requireTwoOperands(call)
      guard b.rank > 0 else { return call.apply(self, a, b) }
      let ones = Array(repeating: 1, count: b.rank)
      return call.apply(self, call.reshape(a, codes: a.codes + ones), b)
    }
  }

  /// The elements along axes folded with the function.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`. All for nil.
  /// - DType: 64 bits for sums and products of integers and bool; else the function's, unless given.
  /// - Throws: from `compute()`: `argument` for a function of one operand, and for several axes of
  ///   one whose order matters; `empty-reduction` for no elements and no initial value.
  /// - NumPy: `ufunc.reduce`. A function whose order matters folds from the first element on.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// ScalarFunction.add.reduce([[1, 2], [3, 4]], axes: [0])  // [4 6]
  /// ScalarFunction.maximum.reduce([[1, 2], [3, 4]], axes: nil)  // 4
  /// ```
  public func reduce(
    _ a: NDArray, axes: [Int]? = [0], keepAxes: Bool = false, dtype: DType? = nil,
    initial: NDArray? = nil, where mask: NDArray? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let c = Composition("\(name).reduce", file, line)
    return c.one([a] + [initial, mask].compactMap { $0 }) { () throws(WeftError) in
      try requireTwoOperands(Call(c.name, c.site))
      let dtype = try foldDType(a, dtype, c)
      let isScalar = a.rank == 0 && axes != nil
      let axes = try Axes.folded(axes, c.name, a, c.site)
      var x = c.convert(a, dtype)
      let start = try initial.map { initial throws(WeftError) in
        c.convert(try c.single(initial, dtype), dtype)
      }
      let neutral = start ?? neutral(dtype).map { c.constant($0) }
      if let mask {
        guard let neutral else {
          throw c.error(.argument, "has no identity: a mask needs an initial value")
        }
        x = c.select(try c.mask(mask, for: a), x, neutral)
      }
      if axes.contains(where: { x.extent($0) == 0 }) {
        guard let neutral else { throw emptyReduction(x, axes, c) }
        let shape = x.expr.type.shape.removing(AxisSet(axes))
        var none = c.broadcast(neutral, shape)
        if !shape.isKnown {
          // A fold of the same array tells the extents.
          none = c.reduce(.logicalOr, c.convert(x, .bool), axes).settingExtents(of: none, c.site)
        }
        return keepAxes ? c.restore(none, axes) : none
      }
      var result: NDArray
      if isAssociative, folds(dtype) {
        result = c.reduce(self, x, axes, keepAxes: keepAxes)
        if let start { result = c(self, start, result) }
      } else {
        if isScalar || axes.isEmpty { return start.map { c(self, $0, x) } ?? x }
        guard axes.count == 1 else {
          throw c.error(.argument, "the order matters: it folds one axis, not \(axes.count)")
        }
        let steps = try chain(x, axes[0], from: start, c)
        guard let last = steps.last else { throw emptyReduction(x, axes, c) }
        result = keepAxes ? c.expand(last, axes[0]) : last
      }
      return result
    }
  }

  /// All partial folds along an axis.
  ///
  /// - Shape: unchanged.
  /// - DType: as `reduce`.
  /// - Throws: from `compute()`: `argument` for a function of one operand; `axis`.
  /// - NumPy: `ufunc.accumulate`.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// ScalarFunction.multiply.accumulate([1, 2, 3])  // [1 2 6]
  /// ```
  public func accumulate(
    _ a: NDArray, axis: Int = 0, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let c = Composition("\(name).accumulate", file, line)
    return c.one([a]) { () throws(WeftError) in
      try requireTwoOperands(Call(c.name, c.site))
      let dtype = try foldDType(a, dtype, c)
      let axis = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
      let x = c.convert(a, dtype)
      if isAssociative, folds(dtype) { return c.scan(self, x, axis) }
      if x.extent(axis) == 0 { return x }
      return c.join(try chain(x, axis, from: nil, c).map { c.expand($0, axis) }, axis)
    }
  }

  /// Folds of the parts of an axis that begin at some positions, each up to the next one's.
  ///
  /// A position that is not below the next one gives its element alone.
  ///
  /// - Shape: as many parts as positions in place of the axis.
  /// - DType: as `reduce`.
  /// - Throws: from `compute()`: `index-out-of-bounds`; `argument` for positions whose values are
  ///   not known when the expression is built.
  /// - NumPy: `ufunc.reduceat`.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// ScalarFunction.add.reduceAt([1, 2, 3, 4], [0, 2])  // [3 7]
  /// ```
  public func reduceAt(
    _ a: NDArray, _ positions: NDArray, axis: Int = 0, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("\(name).reduceat", file, line)
    return call.build([a, positions]) { () throws(WeftError) in
      try requireTwoOperands(call)
      let c = Composition(call.name, site: call.site)
      let dtype = try foldDType(a, dtype, c)
      let axis = try call.axis(axis, of: a)
      let extent = try call.extent(axis, of: a)
      guard positions.rank == 1, !positions.dtype.isInexact || positions.count == 0 else {
        throw call.error(.dtype, "the positions are \(positions.expr.type), expected integers")
      }
      guard let starts = ConstantReader.integers(positions, atMost: ConstantReader.few) else {
        throw call.error(
          .argument, "the positions are not known, or more than \(ConstantReader.few)",
          hint: "compute() them first")
      }
      let x = call.convert(a, to: dtype)
      var parts: [NDArray] = []
      for (n, start) in starts.enumerated() {
        guard start >= 0, start < extent else {
          throw call.error(
            .indexOutOfBounds, "position \(start) is out of bounds for \(extent) elements")
        }
        let end = n + 1 < starts.count ? starts[n + 1] : extent
        let part = call.slice(x, axis: axis, from: start, count: max(1, end - start))
        parts.append(
          end - start <= 1
            ? part
            : reduce(part, axes: [axis], keepAxes: true, dtype: dtype, file: file, line: line))
      }
      if parts.isEmpty { return call.slice(x, axis: axis, from: 0, count: 0) }
      return call.concatenate(parts, axis: axis)
    }
  }

  /// The array with the function applied to elements at indices and values, repeated indices each
  /// in turn.
  ///
  /// - Shape: the array's; indices select as in `a[indices]`, values broadcast to the selection.
  /// - DType: the array's; values convert.
  /// - Throws: from `compute()`: `argument` for a function of one operand; `dtype` where the function
  ///   gives another dtype; as indexing.
  /// - NumPy: `ufunc.at`, which writes into the array instead.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// let positions: NDArray = [0, 2, 2]
  /// ScalarFunction.add.at([0, 0, 0], positions, values: 1)  // [1 0 2]
  /// ```
  public func at(
    _ a: NDArray, _ indices: AxisIndexConvertible..., values: NDArray,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    at(a, indices.map(\.axisIndex), values, Call("\(name).at", file, line))
  }

  func at(_ a: NDArray, _ indices: [AxisIndex], _ values: NDArray, _ call: Call) -> NDArray {
    call.build([a, values]) { () throws(WeftError) in
      try requireTwoOperands(call)
      return try a.strong.combining(self, indices, with: values, call)
    }
  }

  // MARK: - Parts

  private func requireTwoOperands(_ call: Call) throws(WeftError) {
    guard arity == 2 else {
      throw call.error(.argument, "\(name) has \(arity) operands, not two")
    }
  }

  private func emptyReduction(_ x: NDArray, _ axes: [Int], _ c: Composition) -> WeftError {
    c.error(.emptyReduction, "no elements along axes \(axes) of \(x.expr.type)")
  }

  /// Whether the function takes and gives a dtype.
  private func folds(_ dtype: DType) -> Bool {
    operandDType(for: dtype) == dtype && resultDType(for: dtype) == dtype
  }

  /// The dtype that a fold computes in.
  private func foldDType(
    _ a: NDArray, _ given: DType?, _ c: Composition
  ) throws(WeftError) -> DType {
    var dtype = given ?? a.dtype
    if given == nil, self == .add || self == .multiply { dtype = a.dtype.foldDType }
    // Logic folds truth values.
    let logical: [ScalarFunction] = [.logicalAnd, .logicalOr, .logicalXor]
    if given == nil, logical.contains(self) { dtype = .bool }
    guard let operand = operandDType(for: dtype) else { throw NDArray.undefined(self, [a], c.site) }
    guard resultDType(for: operand) == operand else {
      throw c.error(.dtype, "\(name) of \(operand) gives \(resultDType(for: operand)): no fold")
    }
    return operand
  }

  /// What a fold over nothing gives.
  private func neutral(_ dtype: DType) -> Scalar? {
    identity.map { Scalar(Int64($0), dtype) }
  }

  /// The folds of the first 1, 2, ... parts along an axis, from the left.
  private func chain(
    _ x: NDArray, _ axis: Int, from start: NDArray?, _ c: Composition
  ) throws(WeftError) -> [NDArray] {
    guard let extent = x.extent(axis), extent <= ConstantReader.few else {
      throw c.error(
        .tooLarge, "\(x.expr.type) has more than \(ConstantReader.few) parts to fold in order")
    }
    var results: [NDArray] = []
    for position in 0..<extent {
      let part = c.at(x, axis, position)
      guard let before = results.last ?? start else {
        results.append(part)
        continue
      }
      results.append(c(self, before, part))
    }
    return results
  }
}
