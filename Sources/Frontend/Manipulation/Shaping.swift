import WeftIR

extension NDArray {
  /// The array in another dtype.
  ///
  /// - Shape: unchanged.
  /// - DType: as given.
  /// - Throws: nothing of its own.
  /// - NumPy: `ndarray.astype`; floats truncate to integers, complex drops the imaginary part.
  ///
  /// ```swift
  /// NDArray([1.7, -1.7]).asType(.int64)  // [ 1 -1]
  /// NDArray([0, 2]).asType(.bool)  // [False  True]
  /// ```
  public func asType(
    _ dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    converted(to: dtype, site: SourceSite(file: file, line: line))
  }

  func converted(to dtype: DType, site: SourceSite) -> NDArray {
    NDArray(Building.convert(expr, to: dtype, site: site))
  }

  /// The same elements under another shape; one extent may be -1.
  ///
  /// Elements are read and put row by row, or column by column in Fortran's order.
  ///
  /// - Shape: `shape`; -1 is what is left over.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `reshape` when the counts differ.
  /// - NumPy: `numpy.reshape`.
  ///
  /// ```swift
  /// arange(6).reshaped([2, -1])
  /// // [[0 1 2]
  /// //  [3 4 5]]
  /// arange(6).reshaped([4, 2])
  /// // error: reshape: cannot reshape int64[6] to [4, 2]: 6 elements, not 8 [reshape]
  /// arange(6).reshaped([2, 3], order: .fortran)
  /// // [[0 2 4]
  /// //  [1 3 5]]
  /// ```
  public func reshaped(
    _ shape: [Int], order: IndexOrder = .c, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    reshaped(shape, order: order, name: "reshape", site: SourceSite(file: file, line: line))
  }

  /// NumPy's word for `reshaped`. See `reshaped`.
  public func reshape(
    _ shape: Int..., order: IndexOrder = .c, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    reshaped(shape, order: order, name: "reshape", site: SourceSite(file: file, line: line))
  }

  /// Column by column is row by row with the axes in reverse.
  func reshaped(
    _ shape: [Int], order: IndexOrder, name: String, site: SourceSite
  ) -> NDArray {
    if order == .c { return reshaped(shape, name: name, site: site) }
    let rows = permuted(nil, name: name, site: site)
      .reshaped(shape.reversed(), name: name, site: site)
    // An error tells the shapes as they were given.
    if rows.expr.isPoison { return reshaped(shape, name: name, site: site) }
    return rows.permuted(nil, name: name, site: site)
  }

  func reshaped(_ shape: [Int], name: String, site: SourceSite) -> NDArray {
    if expr.isPoison { return self }
    func fail(_ message: String, _ code: ErrorCode = .reshape) -> NDArray {
      // The type is a guess that keeps later building within the axes.
      let guess = Shape(shape.count > 64 ? [] : shape.map { _ in 1 })
      return NDArray(
        Expr(
          WeftError(
            code, name, "cannot reshape \(expr.type) to \(shape): \(message)", site: site),
          type: TensorType(dtype, guess)))
    }
    let free = shape.indices.filter { shape[$0] == -1 }
    if shape.contains(where: { $0 < -1 }) || free.count > 1 {
      return fail("extents are not negative, but for one -1")
    }
    if shape.count > 64 { return fail("an array has at most 64 axes") }
    guard let count = expr.type.shape.wideCount else {
      // -1 over unknown extents: the extent is found when the data are.
      guard shape == [-1] else { return fail("the number of elements is not known yet") }
      if rank == 1 { return self }
      return NDArray(
        Building.reshape(expr, to: Shape([Shape.freshUnknown()]), site: site))
    }
    var target = shape
    if let axis = free.first {
      let others = Shape(shape.filter { $0 != -1 }).wideCount ?? 0
      guard others > 0, count % others == 0 else {
        return fail("\(count) elements do not divide by \(others)")
      }
      guard let extent = Int(exactly: count / others) else {
        return fail("\(count / others) elements are too many for one axis", .tooLarge)
      }
      target[axis] = extent
    }
    let wanted = Shape(target).wideCount
    guard wanted == count else {
      return fail("\(count) elements, not \(wanted.map { "\($0)" } ?? "so many")")
    }
    return NDArray(Building.reshape(expr, to: Shape(target), site: site))
  }

  /// The elements repeated to a shape by NumPy's rule.
  ///
  /// - Shape: `shape`.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `broadcast` when an extent is neither 1 nor the shape's.
  /// - NumPy: `numpy.broadcast_to`.
  ///
  /// ```swift
  /// NDArray([1, 2, 3]).broadcasted(to: [2, 3])
  /// // [[1 2 3]
  /// //  [1 2 3]]
  /// ```
  public func broadcasted(
    to shape: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let site = SourceSite(file: file, line: line)
    do throws(WeftError) {
      let target = try Call("broadcast_to", site).shape(shape, of: [self])
      return broadcasted(to: target, name: "broadcast_to", site: site)
    } catch {
      return NDArray(Expr(error))
    }
  }

  func broadcasted(to shape: Shape, name: String, site: SourceSite) -> NDArray {
    if expr.isPoison { return self }
    guard rank <= shape.rank, let result = expr.type.shape.broadcasted(with: shape),
      result == shape
    else {
      return NDArray(
        Expr(
          WeftError(
            .broadcast, name, "cannot broadcast \(expr.type) to \(shape)", site: site)))
    }
    return NDArray(Building.broadcast(expr, to: shape, site: site))
  }

  /// The axes in another order; reversed when none is given.
  ///
  /// - Shape: the extents in the order of their axes.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `axis` when the axes are no permutation.
  /// - NumPy: `numpy.transpose`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  /// a.transposed()
  /// // [[1 4]
  /// //  [2 5]
  /// //  [3 6]]
  /// zeros([2, 3, 4]).transposed([1, 0, 2]).type  // float64[3, 2, 4]
  /// ```
  public func transposed(
    _ axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    permuted(axes, name: "transpose", site: SourceSite(file: file, line: line))
  }

  func permuted(_ axes: [Int]?, name: String, site: SourceSite) -> NDArray {
    if expr.isPoison { return self }
    let order = (axes ?? Array((0..<rank).reversed())).map { $0 < 0 ? $0 + rank : $0 }
    guard order.count == rank, order.allSatisfy({ $0 >= 0 && $0 < rank }),
      Set(order).count == rank
    else {
      return NDArray(
        Expr(
          WeftError(
            Set(order).count < order.count ? .axisDuplicate : .axis, name,
            "\(axes ?? []) is no permutation of the axes of \(expr.type)", site: site)))
    }
    return NDArray(Building.permute(expr, order, site: site))
  }

  /// The transpose: all axes in reverse order.
  ///
  /// - Shape: the extents in reverse order.
  /// - DType: unchanged.
  /// - Throws: nothing of its own.
  /// - NumPy: `ndarray.T`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  /// a.T
  /// // [[1 4]
  /// //  [2 5]
  /// //  [3 6]]
  /// ```
  public var T: NDArray {  // NumPy's name; a property has no place to note.
    permuted(nil, name: "T", site: .none)
  }

  /// The last two axes swapped.
  ///
  /// - Shape: `[..., m, n]` to `[..., n, m]`.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `axis` for fewer than two axes.
  /// - NumPy: `ndarray.mT`; an array of fewer than two axes is an error.
  ///
  /// ```swift
  /// zeros([5, 2, 3]).mT.type  // float64[5, 3, 2]
  /// ```
  public var mT: NDArray {
    guard rank >= 2 || expr.isPoison else {
      return NDArray(
        Expr(WeftError(.axis, "mT", "\(expr.type) has fewer than two axes")))
    }
    var order = Array(0..<rank)
    if rank >= 2 { order.swapAt(rank - 1, rank - 2) }
    return permuted(order, name: "mT", site: .none)
  }

  func movingAxis(_ source: Int, to target: Int, name: String, site: SourceSite) -> NDArray {
    if expr.isPoison { return self }
    do {
      let from = try Axes.normalized(source, rank: rank, name, self, site)
      let to = try Axes.normalized(target, rank: rank, name, self, site)
      var order = Array(0..<rank)
      order.remove(at: from)
      order.insert(from, at: to)
      return permuted(order, name: name, site: site)
    } catch {
      return NDArray(Expr(error))
    }
  }
}

/// Checks axes that users give.
enum Axes {
  /// The axis counted from the front.
  ///
  /// - Throws: `axis` when it is not between -rank and rank - 1.
  static func normalized(
    _ axis: Int, rank: Int, _ name: String, _ operand: NDArray, _ site: SourceSite
  ) throws(WeftError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw WeftError(
        .axis, name, "axis \(axis) is out of range for \(operand.expr.type)", site: site,
        hint: rank == 0
          ? "a 0-d array has no axes" : "axes go from \(-rank) to \(rank - 1)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// The axes to fold: as `normalized`, but a 0-d array takes 0 and -1, as it does in NumPy.
  static func folded(
    _ axes: [Int]?, _ name: String, _ operand: NDArray, _ site: SourceSite
  ) throws(WeftError) -> [Int] {
    let isPoint = operand.rank == 0 && axes?.count == 1 && (axes == [0] || axes == [-1])
    return try normalized(isPoint ? nil : axes, name, operand, site)
  }

  /// The axes counted from the front, ascending; all when nil.
  ///
  /// - Throws: `axis` for one out of range, `axis-duplicate` for one given twice.
  static func normalized(
    _ axes: [Int]?, _ name: String, _ operand: NDArray, _ site: SourceSite
  ) throws(WeftError) -> [Int] {
    guard let axes else { return Array(0..<operand.rank) }
    var result: [Int] = []
    for axis in axes {
      result.append(try normalized(axis, rank: operand.rank, name, operand, site))
    }
    result.sort()
    for (a, b) in zip(result, result.dropFirst()) where a == b {
      throw WeftError(.axisDuplicate, name, "axis \(a) is given twice in \(axes)", site: site)
    }
    return result
  }
}
