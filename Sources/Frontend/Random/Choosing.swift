import WeftIR

extension random {
  /// The integers from 0 to before a count in random order.
  ///
  /// - Shape: `[count]`.
  /// - DType: int64.
  /// - Throws: from `compute()`: `negative-extent`; `too-large`.
  /// - Accuracy: the order of 64 random bits each; two are equal, and keep their order, with a
  ///   chance of count^2 / 2^65.
  /// - NumPy: `Generator.permutation`, with other values; depends on the count too.
  ///
  /// ```swift
  /// random.permutation(5, key: 7)  // [1 3 2 4 0]
  /// ```
  public static func permutation(
    _ count: Int, key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.permutation", file, line)
    return call.build([key.keyArray]) { () throws(WeftError) in
      try call.order(try call.bits(try call.shape([count]), .order, key))
    }
  }

  /// The positions of an array along an axis in random order.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `axis`.
  /// - NumPy: `Generator.permutation` of an array; `Generator.shuffle` writes into it instead.
  ///
  /// ```swift
  /// random.shuffle([10, 20, 30, 40], key: 7)  // [20 40 30 10]
  /// ```
  public static func shuffle(
    _ a: NDArray, axis: Int = 0, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let call = Call("random.shuffle", file, line)
    return call.build([a, key.keyArray]) { () throws(WeftError) in
      let axis = try call.axis(axis, of: a)
      let extent = try call.extent(axis, of: a)
      let order = try call.order(try call.bits(Shape([extent]), .order, key))
      return call.gather(a.strong, order, axis: axis)
    }
  }

  /// Positions of a population of a size, drawn at random.
  ///
  /// - Shape: `shape`.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for more draws than there are without replacement, or from
  ///   nothing; `shape-mismatch` for as many probabilities as there are not; `negative-extent`.
  /// - NumPy: `Generator.choice`, with other values. Probabilities are divided by their sum.
  /// - Source: with probabilities and without replacement by the order of exponential numbers
  ///   divided by them: Efraimidis & Spirakis, "Weighted random sampling with a reservoir",
  ///   Inf. Process. Lett. 97(5), 2006.
  ///
  /// ```swift
  /// random.choice(6, [8], key: 7)  // [0 1 1 4 2 3 0 2]
  /// random.choice(6, [6], replace: false, key: 7)  // [1 5 3 2 4 0]
  /// ```
  public static func choice(
    _ population: Int, _ shape: [Int], replace: Bool = true, probabilities: NDArray? = nil,
    key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.choice", file, line)
    return call.build([key.keyArray] + [probabilities].compactMap { $0 }) { () throws(WeftError) in
      let target = try call.shape(shape)
      let count = target.count ?? 0
      guard population > 0 || count == 0 else {
        throw call.error(.value, "\(count) draws from a population of \(population)")
      }
      _ = try call.shape([population])
      if let probabilities {
        guard probabilities.rank == 1, probabilities.count == population else {
          throw call.error(
            .shapeMismatch,
            "the probabilities are \(probabilities.expr.type) for a population of \(population)")
        }
      }
      if !replace {
        guard count <= population else {
          throw call.error(
            .value, "\(count) draws from a population of \(population) without replacement")
        }
        var keys = try call.bits(Shape([population]), .order, key)
        if let probabilities {
          let u = try call.unit(Shape([population]), .choice, key)
          let waiting = call.apply(.negative, call.apply(.log1p, call.apply(.negative, u)))
          keys = call.apply(.divide, waiting, call.convert(probabilities, to: .float64))
        }
        let order = try call.order(keys)
        return call.reshape(call.slice(order, axis: 0, from: 0, count: count), shape)
      }
      guard count > 0 else { return call.broadcast(call.integer(0), to: target) }
      guard let probabilities else {
        return call.convert(
          try call.below(UInt64(population - 1), target, .choice, key), to: .int64)
      }
      return try call.weighted(probabilities, population, target, key)
    }
  }

  /// Elements of an array along an axis, drawn at random.
  ///
  /// - Shape: `shape` in place of the axis.
  /// - DType: that of the array.
  /// - Throws: from `compute()`: as for positions; `axis`.
  /// - NumPy: `Generator.choice`, with other values.
  ///
  /// ```swift
  /// random.choice([0, 10, 20], [6], probabilities: [0.8, 0.1, 0.1], key: 1)  // [ 0 20  0  0  0  0]
  /// ```
  public static func choice(
    _ a: NDArray, _ shape: [Int], replace: Bool = true, probabilities: NDArray? = nil,
    axis: Int = 0, key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.choice", file, line)
    return call.build([a]) { () throws(WeftError) in
      let axis = try call.axis(axis, of: a)
      let positions = choice(
        try call.extent(axis, of: a), shape, replace: replace, probabilities: probabilities,
        key: key, file: file, line: line)
      return call.gather(a.strong, positions, axis: axis)
    }
  }
}

extension Call {
  /// The positions that sort the elements, ascending.
  fileprivate func order(_ keys: NDArray) throws(WeftError) -> NDArray {
    let sorted = Building.node(
      .sort(axis: 0, descending: false), [keys.expr], name: name, site: site)
    return NDArray(sorted.isPoison ? sorted : Expr(projecting: 1, of: sorted))
  }

  /// Positions drawn by probabilities: uniform numbers are looked up in the running sums.
  fileprivate func weighted(
    _ probabilities: NDArray, _ population: Int, _ shape: Shape, _ key: some RandomKey
  ) throws(WeftError) -> NDArray {
    let sums = node(.scan(.add, axis: 0), convert(probabilities, to: .float64))
    let total = slice(sums, axis: 0, from: population - 1, count: 1)
    let count = shape.count ?? 0
    let draws = apply(.multiply, try unit(Shape([count]), .choice, key), total)
    // Sorted together, the sums first among equals: a draw stands behind the sums not above it.
    let all = concatenate([sums, draws], axis: 0)
    let order = try order(all)
    let isSum = apply(.less, order, integer(population))
    let passed = node(.scan(.add, axis: 0), convert(isSum, to: .int64))
    let ranks = node(
      .scatter(axis: 0, .second), broadcast(integer(0), to: Shape([population + count])), order,
      passed)
    let found = slice(ranks, axis: 0, from: population, count: count)
    // Rounding can bring a draw up to the total.
    return reshape(apply(.minimum, found, integer(population - 1)), shape.codes)
  }
}
