import WeftIR

/// What it costs to compute a row again where it is used, against storing and reading it.
///
/// The unit is the time in which one core streams a byte from memory. Only rows over arrays that
/// are in memory anyway are compared: nothing is repeated twice over.
struct FusionCost {
  let reading: GraphReading

  /// The bytes that stream in the time of one vectorised function of an element.
  ///
  /// - Source: a core of this kind streams 10 GB/s, adds 8 float64 in about 1 ns, and needs 2 ns an
  ///   element for functions such as `exp`: 0.1 ns an element is 1 byte, 2 ns are 20 bytes.
  static func bytes(of function: ScalarFunction) -> Int {
    if function == .divide || function == .sqrt { return 4 }
    switch function.domain {
    case .any, .numeric, .integral: return 1
    default: return 20
    }
  }

  /// Whether `users` kernels should compute a row each for itself.
  ///
  /// `isReadAnyway` tells how many of them read the array of a row without that.
  func isRepeatCheaper(_ row: Int, users: Int, readAnyway: (_ array: Int) -> Int) -> Bool {
    guard reading.roles[row] == .elementwise, !reading.isDense[row] else { return false }
    let graph = reading.graph
    let work: Int
    switch graph.rows[row].op {
    case .map(let f): work = Self.bytes(of: f)
    case .convert: work = 1
    default: return false
    }
    guard let type = graph.types(row).first, let count = type.shape.count else { return false }
    var again = (users - 1) * work
    for operand in Set(graph.operands(row).map { reading.root($0) }) {
      switch reading.roles[operand.index] {
      case .constant, .iota: continue
      case .input, .reduce, .scatter, .contract, .other:
        guard graph.type(operand).shape.count ?? 0 >= count else { continue }
        again += max(0, users - 1 - readAnyway(operand.index)) * graph.type(operand).dtype.itemSize
      default: return false
      }
    }
    // Stored once, read by each user.
    return again < (users + 1) * type.dtype.itemSize
  }
}
