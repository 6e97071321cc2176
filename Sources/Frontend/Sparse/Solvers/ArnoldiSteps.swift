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
    /// The new columns of the Hessenberg matrix; the last element is what was left of each product.
    let columns: [[HessenbergSystem.Number]]
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
      let numbers: [Double] = try results[1].toArray()
      // Of each step the column, its imaginary parts, and the length before.
      let rows = (basis.shape[0] ?? 0) + count
      let isLittle = (0..<count).contains { n in
        let first = n * (2 * rows + 1)
        let last = first + rows - count + n
        return numbers[last] < 0.05 * numbers[first + 2 * rows]
      }
      if isLittle, passes == 1 { continue }
      return Made(
        basis: results[0],
        columns: (0..<count).map { n in
          let first = n * (2 * rows + 1)
          return (0...rows - count + n).map {
            HessenbergSystem.Number(re: numbers[first + $0], im: numbers[first + rows + $0])
          }
        })
    }
    throw WeftError(.internal, "gmres", "no step was made")
  }

  private func program(_ key: Steps) -> CompiledFunction<[NDArray], [NDArray]> {
    let (multiply, precondition) = (system.matrix.multiply, system.precondition)
    return compile { (arguments: [NDArray]) -> [NDArray] in
      let basis = arguments[0]
      let count = basis.shape[0] ?? 0
      var vector = basis[count - 1]
      var (made, numbers): ([NDArray], [NDArray]) = ([], [])
      for step in 0..<key.count {
        var rest = multiply(precondition(vector))
        let before = rest.length
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
        vector = rest.scaledToLength(length)
        made.append(vector)
        let column = pad(
          concatenate([along, stack(beside + [length.asType(rest.dtype)])]),
          [(before: 0, after: key.count - 1 - step)])
        numbers += [real(column), imag(column), before.reshaped([1])].map { $0.asType(.float64) }
      }
      return [concatenate([basis, stack(made)]), concatenate(numbers)]
    }
  }
}
