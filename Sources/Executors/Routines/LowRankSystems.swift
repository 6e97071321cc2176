import WeftIR

extension Routines {
  /// Solves with a diagonal and a correction of low rank; see `Routine.lowRankSolve`.
  static func lowRankSolve(_ call: MatrixCall) throws -> [Buffer] {
    if call.results[0].count == 0 { return call.results }
    switch call.dtype {
    case .float32: try LowRankSystem<Float>(call).run()
    default: try LowRankSystem<Double>(call).run()
    }
    return call.results
  }
}

/// One system (diag(d) + U V) X = B.
///
/// With S = I + (V b)(a U) for vectors with a b = 1 / d, taken elementwise along n, a right-hand side R has
/// the solution b (a R - a U S^-1 V b a R). Where V is U's transpose and d is positive, a and b are the root of
/// 1 / d: S is definite, none of its eigenvalues is less than 1, and nothing can go wrong but rounding.
/// A solution is corrected once by what it leaves of B, unless d's elements are of about one size.
private struct LowRankSystem<Real: BinaryFloatingPoint & Sendable>: Sendable {
  private let call: MatrixCall
  private let n: Int
  private let rank: Int
  private let width: Int
  /// Whether V is U's transpose; asked for in loops.
  private let isSymmetric: Bool

  /// Elements of d that differ by no more than this factor cost no digit (0027).
  private static var evenShare: Real { 256 }
  /// The rows of S that a task makes.
  private static var blockRows: Int { 128 }
  /// Elements that are worth a task of their own.
  private static var taskElements: Int { 1 << 16 }

  init(_ call: MatrixCall) {
    self.call = call
    let isLeft = call.flag("left")
    (n, rank) = isLeft ? (call.columns, call.rows) : (call.rows, call.columns)
    width = call.results[0].type.shape.codes[1]
    isSymmetric = call.flag("symmetric")
  }

  private var size: Int { MemoryLayout<Real>.stride }

  private func elements(_ buffer: Buffer) -> UnsafeMutablePointer<Real> {
    buffer.base.assumingMemoryBound(to: Real.self)
  }

  private func room(_ rows: Int, _ columns: Int) throws -> Buffer {
    try Buffer(
      allocating: TensorType(call.dtype, Shape([rows, columns])), in: call.context.memory)
  }

  private func left() -> MatrixOperand {
    let isTransposed = call.flag("left")
    return MatrixOperand(
      base: call.operands[0].base, leading: isTransposed ? n : rank, isTransposed: isTransposed)
  }

  private func right() -> MatrixOperand {
    let isTransposed = call.flag("right")
    return MatrixOperand(
      base: call.operands[1].base, leading: isTransposed ? rank : n, isTransposed: isTransposed)
  }

  func run() throws {
    guard let scales = try scales(), let factors = try correction(scales) else {
      try solveWhole()
      return
    }
    let (b, x) = (call.operands[3], call.results[0])
    try apply(b, to: x, scales, factors)
    if scales.isEven { return }
    let rest = try room(n, width)
    try residual(of: x, to: rest, scales)
    let step = try room(n, width)
    try apply(rest, to: step, scales, factors)
    try add(step, to: x)
    if isSymmetric { return }
    try residual(of: x, to: rest, scales)
    if !isSmall(rest, scales) { try solveWhole() }
  }

  // MARK: - The diagonal

  /// What the rows are scaled with.
  private struct Scales: Sendable {
    let d: Buffer
    /// a U, which has U's rows one after another.
    let scaled: Buffer
    let a: Buffer
    let b: Buffer
    /// Whether solutions need no correction.
    let isEven: Bool
  }

  /// Nil where the diagonal has an element that is no divisor, or a symmetric matrix may be indefinite.
  private func scales() throws -> Scales? {
    let d = call.operands[2]
    let values = elements(d)
    var (least, most) = (Real.infinity, Real(0))
    for i in 0..<n {
      let magnitude = abs(values[i])
      guard magnitude.isFinite, magnitude >= Real.leastNormalMagnitude,
        values[i] > 0 || !isSymmetric
      else { return nil }
      (least, most) = (min(least, magnitude), max(most, magnitude))
    }
    let (a, b) = (try room(n, 1), try room(n, 1))
    let (first, second) = (elements(a), elements(b))
    for i in 0..<n {
      let inverse = 1 / values[i]
      first[i] = isSymmetric ? inverse.squareRoot() : inverse
      second[i] = isSymmetric ? first[i] : 1
    }
    let scaled = try room(n, rank)
    let (source, isTransposed) = (KernelBase(call.operands[0].base), call.flag("left"))
    let (target, factors) = (KernelBase(scaled.base), KernelBase(a.base))
    try forEachRows(of: rank) { rows in
      let from = UnsafePointer(source.pointer.assumingMemoryBound(to: Real.self))
      let to = target.pointer.assumingMemoryBound(to: Real.self)
      let factor = factors.pointer.assumingMemoryBound(to: Real.self)
      if isTransposed {
        Matrices.transpose(
          from + rows.lowerBound, rows: rank, columns: rows.count, leading: n, itemSize: size,
          to: to + rows.lowerBound * rank, targetLeading: rank)
      }
      for i in rows {
        let (line, given) = (to + i * rank, (isTransposed ? UnsafePointer(to) : from) + i * rank)
        for j in 0..<rank { line[j] = given[j] * factor[i] }
      }
    }
    return Scales(
      d: d, scaled: scaled, a: a, b: b, isEven: isSymmetric && most <= Self.evenShare * least)
  }

  private func forEachRows(of elements: Int, _ body: @Sendable (Range<Int>) -> Void) throws {
    let tasks = max(1, min(n, n * elements / Self.taskElements))
    try call.context.scheduler.run(tasks, call.context.token) { task, _ in
      body(n * task / tasks..<n * (task + 1) / tasks)
    }
  }

  // MARK: - The matrix of the lesser order

  /// S with its factors, as `solveFactored` takes them; nil where S is singular.
  private func correction(_ scales: Scales) throws -> [Buffer]? {
    let s = try room(rank, rank)
    let scaled = KernelBase(scales.scaled.base)
    let (target, other) = (KernelBase(s.base), right())
    let blocks = (rank + Self.blockRows - 1) / Self.blockRows
    func span(_ n: Int) -> Range<Int> { rank * n / blocks..<rank * (n + 1) / blocks }
    var pairs: [(Range<Int>, Range<Int>)] = []
    for i in 0..<blocks {
      for j in 0..<(isSymmetric ? i + 1 : blocks) { pairs.append((span(i), span(j))) }
    }
    let all = pairs
    try call.context.scheduler.run(all.count, call.context.token) { task, _ in
      let (rows, columns) = all[task]
      var first = MatrixOperand(
        base: scaled.pointer + rows.lowerBound * size, leading: rank, isTransposed: true)
      if !isSymmetric {
        first = other
        first.base += rows.lowerBound * (other.isTransposed ? 1 : other.leading) * size
      }
      let second = MatrixOperand(
        base: scaled.pointer + columns.lowerBound * size, leading: rank, isTransposed: false)
      MatrixOperand.multiply(
        call.dtype, rows.count, columns.count, n, first, second,
        to: target.pointer + (rows.lowerBound * rank + columns.lowerBound) * size, rank,
        adds: false)
    }
    let values = elements(s)
    for i in 0..<rank { values[i * rank + i] += 1 }
    var facts = Facts.none
    if isSymmetric {
      Matrices.mirrorLower(s.base, order: rank, dtype: call.dtype)
      facts = Facts([.symmetric])
    }
    do {
      return [s]
        + (try Routines.factor(MatrixCall(.factor(facts, for: user), [s], call.context)))
    } catch let error as WeftError where error.code == .singular {
      return nil
    }
  }

  private var user: String { call.routine.options["for"] ?? call.routine.name }

  // MARK: - Solutions

  /// X = b (a R - a U S^-1 V b a R).
  private func apply(
    _ source: Buffer, to target: Buffer, _ scales: Scales, _ factors: [Buffer]
  ) throws {
    let scaled = MatrixOperand(base: scales.scaled.base, leading: rank, isTransposed: false)
    try scaleRows(of: source, by: scales.a, to: target)
    let folded = try room(rank, width)
    let whole = MatrixOperand(base: target.base, leading: width, isTransposed: false)
    try multiply(rank, n, isSymmetric ? scaled.flipped : right(), whole, to: folded, .sets)
    let solved = try Routines.solveFactored(
      MatrixCall(
        .solveFactored(transposed: false, right: false), factors + [folded], call.context))
    // Who only has an address keeps nothing alive.
    try withExtendedLifetime((solved, scales)) {
      let inner = MatrixOperand(base: solved[0].base, leading: width, isTransposed: false)
      try multiply(n, rank, scaled, inner, to: target, .subtracts)
    }
    if isSymmetric { try scaleRows(of: target, by: scales.b, to: target) }
  }

  private enum Update { case sets, adds, subtracts }

  /// A product with as many columns as there are right-hand sides, by blocks of its rows.
  private func multiply(
    _ rows: Int, _ inner: Int, _ a: MatrixOperand, _ b: MatrixOperand, to out: Buffer,
    _ update: Update
  ) throws {
    let tasks = max(1, min(rows / 64, (rows * inner * width) >> 18))
    let target = KernelBase(out.base)
    try call.context.scheduler.run(tasks, call.context.token) { task, _ in
      let part = rows * task / tasks..<rows * (task + 1) / tasks
      var first = a
      first.base += part.lowerBound * (a.isTransposed ? 1 : a.leading) * size
      MatrixOperand.multiply(
        call.dtype, part.count, width, inner, first, b,
        to: target.pointer + part.lowerBound * width * size, width, adds: update == .adds,
        subtracts: update == .subtracts)
    }
  }

  private func scaleRows(of source: Buffer, by factors: Buffer, to target: Buffer) throws {
    let (from, by, to) = (
      KernelBase(source.base), KernelBase(factors.base), KernelBase(target.base)
    )
    try forEachRows(of: width) { rows in
      let input = from.pointer.assumingMemoryBound(to: Real.self)
      let factor = by.pointer.assumingMemoryBound(to: Real.self)
      let output = to.pointer.assumingMemoryBound(to: Real.self)
      for i in rows {
        for j in i * width..<(i + 1) * width { output[j] = input[j] * factor[i] }
      }
    }
  }

  private func add(_ step: Buffer, to x: Buffer) throws {
    let (from, to) = (KernelBase(step.base), KernelBase(x.base))
    try forEachRows(of: width) { rows in
      let input = from.pointer.assumingMemoryBound(to: Real.self)
      let output = to.pointer.assumingMemoryBound(to: Real.self)
      for j in rows.lowerBound * width..<rows.upperBound * width { output[j] += input[j] }
    }
  }

  /// B - d X - U V X.
  private func residual(of x: Buffer, to rest: Buffer, _ scales: Scales) throws {
    let (b, d) = (KernelBase(call.operands[3].base), KernelBase(scales.d.base))
    let (values, out) = (KernelBase(x.base), KernelBase(rest.base))
    try forEachRows(of: width) { rows in
      let given = b.pointer.assumingMemoryBound(to: Real.self)
      let diagonal = d.pointer.assumingMemoryBound(to: Real.self)
      let solution = values.pointer.assumingMemoryBound(to: Real.self)
      let target = out.pointer.assumingMemoryBound(to: Real.self)
      for i in rows {
        for j in i * width..<(i + 1) * width {
          target[j] = given[j].addingProduct(-diagonal[i], solution[j])
        }
      }
    }
    let folded = try room(rank, width)
    let whole = MatrixOperand(base: x.base, leading: width, isTransposed: false)
    try multiply(rank, n, right(), whole, to: folded, .sets)
    try withExtendedLifetime(folded) {
      let inner = MatrixOperand(base: folded.base, leading: width, isTransposed: false)
      try multiply(n, rank, left(), inner, to: rest, .subtracts)
    }
  }

  /// Whether a solution leaves no more of B than one by elimination may.
  private func isSmall(_ rest: Buffer, _ scales: Scales) -> Bool {
    func norm(_ buffer: Buffer) -> Double {
      let values = elements(buffer)
      var sum = 0.0
      for i in 0..<buffer.count { sum += Double(values[i]) * Double(values[i]) }
      return sum.squareRoot()
    }
    let matrix =
      (0..<n).reduce(0.0) { max($0, Double(abs(elements(scales.d)[$1]))) }
      + norm(call.operands[0]) * norm(call.operands[1])
    let bound = matrix * norm(call.results[0]) + norm(call.operands[3])
    return norm(rest) <= 8 * Double(Real.ulpOfOne) * bound
  }

  // MARK: - The matrix as a whole

  /// Makes the matrix and solves by its structure.
  private func solveWhole() throws {
    let matrix = try room(n, n)
    let (first, second) = (left(), right())
    let target = KernelBase(matrix.base)
    let tasks = max(1, min(n / 64, (n * n * rank) >> 18))
    try call.context.scheduler.run(tasks, call.context.token) { task, _ in
      let part = n * task / tasks..<n * (task + 1) / tasks
      var rows = first
      rows.base += part.lowerBound * (first.isTransposed ? 1 : first.leading) * size
      MatrixOperand.multiply(
        call.dtype, part.count, n, rank, rows, second,
        to: target.pointer + part.lowerBound * n * size, n, adds: false)
    }
    let (values, d) = (elements(matrix), elements(call.operands[2]))
    for i in 0..<n { values[i * n + i] += d[i] }
    let factors = try Routines.factor(
      MatrixCall(.factor(.none, for: user), [matrix], call.context))
    let solved = try Routines.solveFactored(
      MatrixCall(
        .solveFactored(transposed: false, right: false),
        [matrix] + factors + [call.operands[3]], call.context))
    withExtendedLifetime(solved) {
      call.results[0].base.copyMemory(from: solved[0].base, byteCount: solved[0].byteCount)
    }
  }
}
