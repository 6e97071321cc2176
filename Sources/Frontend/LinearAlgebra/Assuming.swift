import WeftIR

extension NDArray {
  /// The array, of which facts are declared: trusted, not checked.
  ///
  /// Declared zeros are absent by definition: a product leaves them out whatever the array holds
  /// there and whatever they would be multiplied with. A fact that does not hold makes results
  /// wrong; it never makes a program fail.
  ///
  /// - Shape: unchanged; matrices are the last two axes.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `axis` for fewer than two axes; `not-square` for facts of square
  ///   matrices; `value` for blocks that do not add up.
  /// - NumPy: none; `scipy.linalg.solve` has `assume_a`.
  ///
  /// ```swift
  /// let a: NDArray = [[4, 2], [2, 3]]
  /// solve(a.assuming(.spd), [8, 8])  // [1. 2.]
  /// ```
  public func assuming(
    _ facts: Facts, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("assuming", file, line)
    return call.build([self]) { () throws(WeftError) in
      let codes = expr.type.shape.codes
      let isOfElements = facts.properties.subtracting([.finite, .positive, .constant]).isEmpty
      guard rank >= 2 || isOfElements && !facts.hasZeros else {
        throw call.error(.axis, "\(expr.type) is no matrix: it has fewer than two axes")
      }
      let ofSquares: Facts.Properties = [
        .symmetric, .positiveDefinite, .positiveSemidefinite, .orthogonal, .identity,
      ]
      let needsSquare = !facts.properties.isDisjoint(with: ofSquares) || !facts.blocks.isEmpty
      if needsSquare, !call.mayEqual(self, rank - 1, self, rank - 2) {
        throw call.error(.notSquare, "\(expr.type) is not square in its last two axes")
      }
      if !facts.blocks.isEmpty, let order = codes.last, order >= 0,
        facts.blocks.reduce(0, +) != order || facts.blocks.contains(where: { $0 <= 0 })
      {
        throw call.error(.value, "blocks of \(facts.blocks) do not make up \(expr.type)")
      }
      return call.node(.call(.assume(facts)), strong)
    }
  }
}
