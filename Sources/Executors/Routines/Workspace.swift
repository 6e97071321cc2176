import CBLAS
import CFourier
import WeftIR

extension Routines {
  /// Bytes that a routine needs besides operands and results while it runs on so many threads.
  ///
  /// What LAPACK asks for is asked of it; parts of a stack that run at once count each. A solution
  /// with factors that turn out to be a band takes a copy of the right-hand side, which is not
  /// counted, as only the data tell.
  public static func workspaceBytes(
    _ routine: Routine, _ operands: [TensorType], _ threads: Int
  ) -> Int {
    guard let first = operands.first, operands.allSatisfy(\.shape.isKnown) else { return 0 }
    if routine.name == "fft" { return fourierBytes(routine, first, threads) }
    guard first.rank >= 2, !first.shape.codes.contains(0) else { return 0 }
    if routine.name == "sampled_product" { return sampledBytes(routine, operands, threads) }
    guard let space = MatrixSpace(routine, operands, threads) else { return 0 }
    return space.bytes
  }

  private static func fourierBytes(_ routine: Routine, _ type: TensorType, _ threads: Int) -> Int {
    guard let last = type.shape.codes.last, last > 0, let all = type.shape.count,
      let count = routine.options["count"].flatMap({ Int($0) })
    else { return 0 }
    let code = fourierCode(routine)
    let (rows, scratch) = (all / last, Int(weft_fourier_scratch_bytes(code, Int64(count))))
    let parts = rows < 2 ? 0 : min(rows, threads)
    return Int(weft_fourier_plan_bytes(code, Int64(count))) + (parts + 1) * scratch
  }

  private static func sampledBytes(
    _ routine: Routine, _ operands: [TensorType], _ threads: Int
  ) -> Int {
    guard operands.count == 3 else { return 0 }
    let (left, right) = (operands[1].byteCount ?? 0, operands[2].byteCount ?? 0)
    var bytes = routine.options["left"] == "true" ? left : 0
    if routine.options["right"] != "true" { bytes += right }
    guard routine.options["sum"] != "none", let codes = operands.first?.shape.codes else {
      return bytes
    }
    let strips = (codes[0] + 63) / 64
    return bytes + 8 * strips + min(threads, strips) * 64 * codes[1] * operands[1].dtype.itemSize
  }
}

/// The work space of routines on matrices, by the scratch that each part of a stack takes.
private struct MatrixSpace {
  private(set) var bytes = 0

  init?(_ routine: Routine, _ operands: [TensorType], _ threads: Int) {
    guard weft_lapack_open() == nil else { return nil }
    let codes = operands[0].shape.codes
    let (m, n) = (codes[codes.count - 2], codes[codes.count - 1])
    guard max(m, n) <= Int(Int32.max) / 2 else { return nil }
    let stack = operands.map { $0.shape.codes.dropLast(2).reduce(1, *) }.max() ?? 1
    let parts = min(threads, max(1, stack))
    let dtype = operands[0].dtype
    let (size, real) = (dtype.itemSize, dtype.realPart.itemSize)
    let type: Int32
    switch dtype {
    case .float32: type = Int32(WEFT_LAPACK_S)
    case .float64: type = Int32(WEFT_LAPACK_D)
    case .complex64: type = Int32(WEFT_LAPACK_C)
    default: type = Int32(WEFT_LAPACK_Z)
    }
    func asked(_ ask: (UnsafeMutablePointer<weft_lapack_sizes>) -> Int32) -> Int {
      var sizes = weft_lapack_sizes()
      return ask(&sizes) == 0 ? Int(weft_lapack_bytes(type, sizes)) : 0
    }
    let matrix = m * n * size
    let last = operands[operands.count - 1].shape.codes
    let width = operands.count > 1 ? last[last.count - 1] : 1
    let vectors = CChar(UInt8(ascii: "V"))
    let none = CChar(UInt8(ascii: "N"))
    let upper = CChar(UInt8(ascii: "U"))
    let (rows, columns) = (Int32(m), Int32(n))
    switch routine.name {
    case "inv":
      if stack == 1, n >= BlockedInverse.leastOrder {
        let panel = BlockedFactors.panel(n)
        let lines = min(threads, (n + panel - 1) / panel) * panel * n * size
        bytes = matrix + 4 * n + lines
      } else {
        bytes = parts * (4 * n + asked { weft_lapack_getri(type, columns, nil, nil, nil, $0) })
      }
    case "solve": bytes = parts * (4 * n + matrix + n * width * size)
    case "det", "slogdet": bytes = parts * (4 * n + matrix)
    case "inverse_gram": bytes = operands[operands.count - 1].byteCount ?? 0
    case "eigh", "eigvalsh":
      let job = routine.name == "eigh" ? vectors : none
      bytes =
        parts
        * (matrix + n * size
          + asked { weft_lapack_heevd(type, job, upper, columns, nil, nil, nil, $0) })
    case "eig", "eigvals":
      let job = routine.name == "eig" ? vectors : none
      bytes =
        parts
        * (matrix + (job == vectors ? matrix : 0) + 2 * n * real
          + asked { weft_lapack_geev(type, job, columns, nil, nil, nil, nil, nil, $0) })
    case "qr":
      let least = min(m, n)
      let full = routine.options["mode"] == Routine.QRMode.complete.rawValue ? m : least
      bytes =
        parts
        * (m * max(n, full) * size + least * size
          + asked { weft_lapack_geqrf(type, rows, columns, nil, nil, nil, $0) }
          + asked { weft_lapack_orgqr(type, rows, Int32(full), Int32(least), nil, nil, nil, $0) })
    case "svd", "svdvals":
      let isFull = routine.options["full"] == "true"
      let job =
        routine.name == "svd" ? CChar(UInt8(ascii: isFull ? "A" : "S")) : none
      bytes =
        parts
        * (matrix + n * size
          + (routine.name == "svd" && dtype.isComplex
            ? (isFull ? m : min(m, n)) * (m + 1) * size : 0)
          + asked { weft_lapack_gesdd(type, job, columns, rows, nil, nil, nil, nil, nil, $0) })
    case "lstsq", "sparse_lstsq":
      let (tall, count) = (max(m, n), max(width, 1))
      bytes =
        parts
        * (matrix + m * size + (tall + n) * count * size
          + asked {
            weft_lapack_gelsd(type, rows, columns, Int32(count), nil, nil, nil, 0, nil, nil, $0)
          })
    default: return nil
    }
  }
}
