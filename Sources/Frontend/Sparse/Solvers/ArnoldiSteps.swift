import WeftIR

/// Arnoldi's process in programs of some steps.
struct ArnoldiSteps {
  private let system: IterativeSystem
  private var programs: [Steps: CompiledFunction<[NDArray], [NDArray]>] = [:]

  private struct Steps: Hashable {
    let count: Int
    let passes: Int
  }

  /// What some steps made.
  struct Made {
    /// All vectors.
    let basis: NDArray
    /// The columns of the Hessenberg matrix.
    let columns: NDArray
    /// What was left of each product.
    let lengths: [Double]
    var count: Int { lengths.count }
  }

  init(_ system: IterativeSystem) { self.system = system }

  /// Adds vectors to the rows of a basis.
  ///
  /// Parts along the others are taken out of a product once, and twice where little is left of it.
  ///
  /// - Source: classical Gram-Schmidt twice, Giraud and others, Numer. Math. 101 (2005) 87.
  mutating func extended(_ basis: NDArray, by count: Int) throws(WeftError) -> Made {
    for passes in 1...2 {
      let key = Steps(count: count, passes: passes)
      let step = programs[key] ?? program(key)
      programs[key] = step
      let results = try system.session.results(of: step, [basis])
      let numbers: [Double] = try results[2].toArray()
      let lengths = Array(numbers[..<count])
      let isLittle = zip(lengths, numbers[count...]).contains { $0 < 0.05 * $1 }
      if isLittle, passes == 1 { continue }
      return Made(basis: results[0], columns: results[1], lengths: lengths)
    }
    throw WeftError(.internal, "gmres", "no step was made")
  }

  private func program(_ key: Steps) -> CompiledFunction<[NDArray], [NDArray]> {
    let (multiply, precondition) = (system.matrix.multiply, system.precondition)
    return compile { (arguments: [NDArray]) -> [NDArray] in
      let basis = arguments[0]
      let count = basis.shape[0] ?? 0
      var vector = basis[count - 1]
      var (made, columns, lengths, before): ([NDArray], [NDArray], [NDArray], [NDArray]) = (
        [], [], [], []
      )
      for step in 0..<key.count {
        var rest = multiply(precondition(vector))
        before.append(rest.length)
        var along = zeros([count], dtype: rest.dtype)
        var beside = made.map { _ in zeros([], dtype: rest.dtype) }
        for _ in 0..<key.passes {
          let parts = basis.conjugated • rest
          rest = rest - parts • basis
          along = along + parts
          for (n, other) in made.enumerated() {
            let part = other.inner(rest)
            rest = rest - part * other
            beside[n] = beside[n] + part
          }
        }
        let length = rest.length
        lengths.append(length)
        vector = rest.scaledToLength(length)
        made.append(vector)
        let column = concatenate([along, stack(beside + [length.asType(rest.dtype)])])
        columns.append(pad(column, [(before: 0, after: key.count - 1 - step)]))
      }
      return [
        concatenate([basis, stack(made)]), stack(columns, axis: 1),
        stack((lengths + before).map { $0.asType(.float64) }),
      ]
    }
  }
}
