import CBLAS
import WeftIR

/// A call of a routine over stacks of matrices: operands, results, and a loop over the stack.
struct MatrixCall: Sendable {
  let routine: Routine
  let operands: [Buffer]
  let results: [Buffer]
  let context: RunContext
  /// LAPACK's element type.
  let type: Int32
  /// The extents of the stack that operands broadcast to.
  let stack: [Int]
  /// The rows and columns of the first operand.
  let rows: Int
  let columns: Int

  /// Allocates the results.
  ///
  /// - Throws: `unsupported` without LAPACK; `too-large` for extents beyond its integers.
  init(_ routine: Routine, _ operands: [Buffer], _ context: RunContext) throws {
    if let reason = weft_lapack_open() {
      throw WeftError(
        .unsupported, routine.name, "needs LAPACK: \(String(cString: reason))",
        hint: "install OpenBLAS, or give its file in WEFT_BLAS_LIBRARY")
    }
    self.routine = routine
    self.operands = operands
    self.context = context
    let types = try routine.infer(operands.map(\.type))
    for operand in operands {
      for extent in operand.type.shape.codes.suffix(2) where extent > Int32.max / 2 {
        throw WeftError(
          .tooLarge, routine.name, "\(operand.type) is more than LAPACK's integers can count")
      }
    }
    type =
      switch operands[0].type.dtype {
      case .float32: Int32(WEFT_LAPACK_S)
      case .float64: Int32(WEFT_LAPACK_D)
      case .complex64: Int32(WEFT_LAPACK_C)
      default: Int32(WEFT_LAPACK_Z)
      }
    let stacks = operands.map { $0.type.shape.codes.dropLast(2) }
    let rank = stacks.map(\.count).max() ?? 0
    stack = (0..<rank).map { axis in
      // The one extent that is not 1, if there is one.
      var extent = 1
      for own in stacks where axis >= rank - own.count {
        let given = own[own.startIndex + axis - (rank - own.count)]
        if given != 1 { extent = given }
      }
      return extent
    }
    let extents = operands[0].type.shape.codes
    rows = extents[extents.count - 2]
    columns = extents[extents.count - 1]
    if routine.arity == 1, Self.isSquare.contains(routine.name), rows != columns {
      throw WeftError(.notSquare, routine.name, "\(operands[0].type) is not square")
    }
    results = try types.map { try Buffer(allocating: $0, in: context.memory) }
  }

  /// Unknown extents are compared only here.
  private static let isSquare: Set<String> = [
    "cholesky", "inv", "det", "slogdet", "eigh", "eigvalsh", "eig", "eigvals", "factor",
  ]

  var dtype: DType { operands[0].type.dtype }
  var itemSize: Int { dtype.itemSize }
  /// Bytes of a real number of the element type.
  var realSize: Int { dtype.realPart.itemSize }
  /// Bytes of a matrix of the first operand.
  var byteCount: Int { rows * columns * itemSize }
  /// The order of square matrices.
  var order: Int32 { Int32(columns) }
  var matrixCount: Int { stack.reduce(1, *) }

  /// The elements of a matrix; about so many operations each pass over it needs.
  var area: Double { Double(rows) * Double(columns) }
  /// About how many operations a factorisation needs, up to a small factor.
  var cube: Double { area * Double(min(rows, columns)) }

  /// An option that says true or false.
  func flag(_ name: String) -> Bool { routine.options[name] == "true" }

  // MARK: - Matrices of the stack

  /// Where an operand's matrix for a position of the stack stands among its own matrices.
  func place(_ index: Int, of operand: Int) -> Int {
    let own = operands[operand].type.shape.codes.dropLast(2)
    var (rest, place, step) = (index, 0, 1)
    for axis in stride(from: stack.count - 1, through: 0, by: -1) {
      let position = rest % stack[axis]
      rest /= stack[axis]
      let ownAxis = axis - (stack.count - own.count)
      guard ownAxis >= 0, own[ownAxis] > 1 else { continue }
      place += position * step
      step *= own[ownAxis]
    }
    return place
  }

  /// The first element of an operand's matrix for a position of the stack.
  func operand(_ operand: Int = 0, at index: Int) -> UnsafeMutableRawPointer {
    let buffer = operands[operand]
    let bytes = buffer.type.shape.codes.suffix(2).reduce(buffer.type.dtype.itemSize, *)
    return buffer.base + place(index, of: operand) * bytes
  }

  /// The first element of a result for a position of the stack.
  func result(_ result: Int = 0, at index: Int) -> UnsafeMutableRawPointer {
    let buffer = results[result]
    let bytes = buffer.type.shape.codes.dropFirst(stack.count)
      .reduce(buffer.type.dtype.itemSize, *)
    return buffer.base + index * bytes
  }

  // MARK: - Running

  /// Work on one matrix, by its position in the stack.
  typealias Body = (_ index: Int) throws -> Void

  /// Runs over the stack, in parts on the scheduler's threads where that is worth it.
  ///
  /// `prepare` runs once a part and takes its scratch; `operations` is how many a matrix needs.
  func forEach(operations: Double, _ prepare: @Sendable () throws -> Body) throws {
    let count = matrixCount
    // Less than about a tenth of a millisecond is not worth waking threads.
    let isSmall = count < 2 || operations * Double(count) < 1e5
    let parts = isSmall ? min(1, count) : min(count, context.scheduler.threadCount * 4)
    if parts <= 1 {
      try run(0..<count, prepare)
    } else {
      try context.scheduler.run(parts, context.token) { part, _ in
        try run(count * part / parts..<count * (part + 1) / parts, prepare)
      }
    }
  }

  private func run(_ range: Range<Int>, _ prepare: () throws -> Body) throws {
    if range.isEmpty { return }
    let body = try prepare()
    for index in range {
      try context.token.check()
      try body(index)
    }
  }

  /// Bytes of a part's own; counted in the memory account.
  func scratch(_ bytes: Int) throws -> Buffer {
    try Buffer(allocating: TensorType(.uint8, Shape([max(bytes, 0)])), in: context.memory)
  }

  /// Room for a matrix in LAPACK's columns and a column to spare, which LAPACK.h asks for.
  func columns(_ count: Int, rows: Int) throws -> Buffer {
    try scratch((count + 1) * rows * itemSize)
  }

  /// The work space that a LAPACK routine asks for.
  func workspace(
    _ ask: (UnsafeMutablePointer<weft_lapack_sizes>) -> Int32
  ) throws -> (buffer: Buffer, sizes: weft_lapack_sizes) {
    var sizes = weft_lapack_sizes()
    guard ask(&sizes) == 0 else {
      throw WeftError(
        .tooLarge, routine.name, "\(operands[0].type) needs more work space than can be counted")
    }
    return (try scratch(Int(weft_lapack_bytes(type, sizes))), sizes)
  }

  // MARK: - Errors

  /// An error of one matrix, named by its position when there are several.
  func failure(_ code: ErrorCode, _ message: String, at index: Int) -> WeftError {
    // The operation that a user wrote, where a pass put another in its place.
    let name = routine.options["for"] ?? routine.name
    if stack.isEmpty { return WeftError(code, name, "the matrix \(message)") }
    var rest = index
    var position: [Int] = []
    for extent in stack.reversed() {
      position.insert(rest % extent, at: 0)
      rest /= extent
    }
    return WeftError(code, name, "matrix \(position) of the stack \(message)")
  }

  /// Iterations on NaN or infinity may not end.
  func requireFinite(_ elements: UnsafeRawPointer, _ count: Int, at index: Int) throws {
    let numbers = count * (dtype.isComplex ? 2 : 1)
    let isFinite =
      realSize == 4
      ? Self.isFinite(elements.assumingMemoryBound(to: Float.self), numbers)
      : Self.isFinite(elements.assumingMemoryBound(to: Double.self), numbers)
    if !isFinite { throw failure(.noConvergence, "has NaN or infinite elements", at: index) }
  }

  private static func isFinite<Real: BinaryFloatingPoint>(
    _ numbers: UnsafePointer<Real>, _ count: Int
  ) -> Bool {
    // x - x is 0, or NaN for NaN and infinity; a sum of them vectorises where a branch does not.
    var sum: Real = 0
    for i in 0..<count { sum += numbers[i] - numbers[i] }
    return sum == 0
  }
}
