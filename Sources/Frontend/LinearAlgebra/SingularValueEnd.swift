import WeftExecution
import WeftIR

/// The greatest or the least singular value of one matrix that is stored sparsely, found without the others.
enum SingularValueEnd: String {
  case greatest, least

  /// Whether a matrix is stored so that this is cheaper than all its singular values, and Lanczos' vectors have room.
  func isFoundAlone(of a: NDArray) -> Bool {
    guard a.rank == 2, a.codes.allSatisfy({ $0 > 0 }), let layout = try? a.layout() else {
      return false
    }
    let bytes = a.codes.reduce(0.0) { $0 + Double($1) } * Double(Self.vectors * a.dtype.itemSize)
    let hasRoom = Session.current.roomBytes.map { bytes <= Double($0) } ?? true
    return hasRoom && !layout.isDense && layout.fill?.boolValue == false
  }

  /// The vectors of each side that the process holds for one value.
  private static let vectors = 20

  /// The value by `svds`; executors without sparse storage hand on dense elements, and get it from all values.
  ///
  /// - Shape: `[m, n]` to `[]`.
  /// - Throws: `no-convergence`, also for NaN and infinity; what `svds` throws.
  var routine: Routine {
    Routine(
      "singular_value", options: ["end": rawValue], arity: 1, takesEntries: true,
      body: { _, operands, _ in
        let matrix = NDArray(operands[0])
        guard operands[0].sparse != nil else {
          let all = svdvals(matrix)
          return [try (self == .greatest ? all[0] : all[-1]).buffer()]
        }
        let session = Session.current.with(executor: "sparse")
        return [
          try session.with { Result { () throws(WeftError) in try value(matrix).buffer() } }.get()
        ]
      }
    ) { types in [TensorType(types[0].dtype.realPart, .scalar)] }
  }

  private func value(_ a: NDArray) throws(WeftError) -> NDArray {
    let size = try abs(a).max().double
    guard size.isFinite else {
      throw WeftError(.noConvergence, "svds", "the matrix has infinite or NaN elements")
    }
    let isVector = a.codes.contains(1)
    if size == 0 { return zeros([], dtype: a.dtype.realPart) }
    // A power of two, so that squares do not overflow.
    let unit = NDArray.number(size.binade, a.dtype.realPart)
    let scaled = a / unit
    if isVector { return unit * vectorNorm(scaled) }
    if self == .least, isSingular(scaled) { return zeros([], dtype: a.dtype.realPart) }
    let found = try svds(
      scaled, count: 1, smallest: self == .least, maxIterations: Self.mostRestarts)
    return unit * found.s[0]
  }

  /// The restarts of Lanczos' process after which it gives up: some seconds for 100,000 entries.
  private static let mostRestarts = 200

  /// Whether elimination, where there is room for it, comes to a pivot of 0.
  private func isSingular(_ a: NDArray) -> Bool {
    guard a.codes[0] == a.codes[1] else { return false }
    do {
      _ = try factorized(
        a, mostBytes: Session.current.roomBytes, Call("factorized", SourceSite.none))
      return false
    } catch { return error.code == .singular }
  }
}
