import CBLAS
import Foundation
import Weft
import WeftIR

/// A reference form as one call of BLAS or LAPACK, on all threads, past our passes and executors.
///
/// The library is the one that the executors use. The calls are found by name, since the package
/// itself does not need all of them.
struct DirectReference {
  typealias Matrix = (rows: Int, columns: Int, buffer: Buffer)

  private let run: () throws -> [Buffer]

  /// The call that a reference's words stand for; nil when they stand for none.
  init?(_ text: String, of example: AwarenessCase, _ arrays: [String: NDArray]) {
    guard let word = Self.words.first(where: { AwarenessCase.identifiers(in: text).contains($0) })
    else { return nil }
    let names = AwarenessCase.identifiers(in: example.expression).filter { arrays[$0] != nil }
    var matrices: [String: Matrix] = [:]
    for name in names {
      guard let array = arrays[name], let buffer = array.expr.buffer,
        let shape = buffer.type.shape.known, (1...2).contains(shape.count)
      else { continue }
      matrices[name] = (shape[0], shape.count == 2 ? shape[1] : 1, buffer)
    }
    let form = example.expression.filter { $0 != " " }
    switch word {
    case "trmm", "csr":
      let parts = form.split(separator: "@").map(String.init)
      guard parts.count == 2, let a = matrices[parts[0]], let b = matrices[parts[1]] else {
        return nil
      }
      if word == "csr" {
        let rows = CompressedRows(a)
        run = { [try rows.times(b)] }
      } else {
        let upper = example.inputs[parts[0]]?.structure.contains("upper") == true
        run = { [try Self.triangularProduct(a, b, upper: upper)] }
      }
    case "syrk":
      guard let name = names.first, let a = matrices[name] else { return nil }
      let transposed = form.hasPrefix("\(name).T@")
      let added = names.first { $0 != name }.flatMap { matrices[$0] }
      run = { [try Self.square(a, transposed: transposed, plus: added)] }
    case "syr2k":
      let distinct = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      guard distinct.count == 2, let a = matrices[distinct[0]], let b = matrices[distinct[1]] else {
        return nil
      }
      run = { [try Self.squareOfTwo(a, b)] }
    case "gemm":
      guard names.count == 3, let a = matrices[names[0]], let b = matrices[names[1]],
        let c = matrices[names[2]]
      else { return nil }
      let (alpha, beta) = (Self.number("alpha", in: text), Self.number("beta", in: text))
      run = { [try Self.update(a, b, c, alpha, beta)] }
    case "posv", "sysv", "trsm":
      guard names.count == 2, let a = matrices[names[0]], let b = matrices[names[1]] else {
        return nil
      }
      let upper = example.inputs[names[0]]?.structure.contains("upper") == true
      run = { [try Self.solution(word, a, b, upper: upper)] }
    default: return nil
    }
  }

  /// The words that stand for a call.
  static let words = ["trmm", "syrk", "syr2k", "gemm", "posv", "sysv", "trsm", "csr"]

  /// The call's results.
  func callAsFunction() throws -> [NDArray] {
    let threads = Int32(ProcessInfo.processInfo.activeProcessorCount)
    weft_blas_set_num_threads(threads)
    defer { weft_blas_set_num_threads(1) }
    return try run().map { NDArray($0) }
  }

  private static func number(_ name: String, in text: String) -> Double {
    guard let found = text.range(of: "\(name)=") else { return 1 }
    return Double(text[found.upperBound...].prefix { $0.isNumber || $0 == "." }) ?? 1
  }

  // MARK: - Calls

  private static func symbol<F>(_ name: String, as type: F.Type) throws -> F {
    guard weft_blas_open() == nil, let pointer = weft_blas_symbol(name) else {
      throw AwarenessError(description: "the library has no \(name)")
    }
    return unsafeBitCast(pointer, to: type)
  }

  static func result(_ rows: Int, _ columns: Int, like buffer: Buffer) throws -> Buffer {
    try Buffer(
      allocating: TensorType(buffer.type.dtype, Shape([rows, columns])), in: Session.current.memory)
  }

  private static func isSingle(_ buffer: Buffer) -> Bool { buffer.type.dtype == .float32 }

  private static let (rowMajor, upper, lower) = (
    Int32(WEFT_BLAS_ROW_MAJOR), Int32(WEFT_BLAS_UPPER), Int32(WEFT_BLAS_LOWER)
  )
  private static let (plain, transposed) = (Int32(WEFT_BLAS_NO_TRANS), Int32(WEFT_BLAS_TRANS))
  private static let (left, nonUnit) = (Int32(WEFT_BLAS_LEFT), Int32(WEFT_BLAS_NON_UNIT))

  private static func triangularProduct(_ a: Matrix, _ b: Matrix, upper isUpper: Bool) throws
    -> Buffer
  {
    let c = try result(b.rows, b.columns, like: b.buffer)
    c.base.copyMemory(from: b.buffer.base, byteCount: b.buffer.byteCount)
    let (m, n, half) = (Int32(b.rows), Int32(b.columns), isUpper ? upper : lower)
    if isSingle(a.buffer) {
      weft_blas_strmm(
        rowMajor, left, half, plain, nonUnit, m, n, 1,
        a.buffer.base.assumingMemoryBound(to: Float.self), m,
        c.base.assumingMemoryBound(to: Float.self), n)
    } else {
      weft_blas_dtrmm(
        rowMajor, left, half, plain, nonUnit, m, n, 1,
        a.buffer.base.assumingMemoryBound(to: Double.self), m,
        c.base.assumingMemoryBound(to: Double.self), n)
    }
    return c
  }

  private static func square(_ a: Matrix, transposed isTransposed: Bool, plus added: Matrix?) throws
    -> Buffer
  {
    let n = isTransposed ? a.columns : a.rows
    let k = Int32(isTransposed ? a.rows : a.columns)
    let trans = isTransposed ? transposed : plain
    let c = try result(n, n, like: a.buffer)
    if let added { c.base.copyMemory(from: added.buffer.base, byteCount: c.byteCount) }
    let beta = added == nil ? 0.0 : 1.0
    let (lda, n32) = (Int32(a.columns), Int32(n))
    if isSingle(a.buffer) {
      weft_blas_ssyrk(
        rowMajor, upper, trans, n32, k, 1, a.buffer.base.assumingMemoryBound(to: Float.self), lda,
        Float(beta), c.base.assumingMemoryBound(to: Float.self), n32)
      mirror(c, n, Float.self)
    } else {
      weft_blas_dsyrk(
        rowMajor, upper, trans, n32, k, 1, a.buffer.base.assumingMemoryBound(to: Double.self), lda,
        beta, c.base.assumingMemoryBound(to: Double.self), n32)
      mirror(c, n, Double.self)
    }
    return c
  }

  private static func squareOfTwo(_ a: Matrix, _ b: Matrix) throws -> Buffer {
    let c = try result(a.rows, a.rows, like: a.buffer)
    let (n, k) = (Int32(a.rows), Int32(a.columns))
    if isSingle(a.buffer) {
      typealias F =
        @convention(c) (
          Int32, Int32, Int32, Int32, Int32, Float, UnsafeRawPointer, Int32, UnsafeRawPointer,
          Int32,
          Float, UnsafeMutableRawPointer, Int32
        ) -> Void
      try symbol("cblas_ssyr2k", as: F.self)(
        rowMajor, upper, plain, n, k, 1, a.buffer.base, k, b.buffer.base, k, 0, c.base, n)
      mirror(c, a.rows, Float.self)
    } else {
      typealias F =
        @convention(c) (
          Int32, Int32, Int32, Int32, Int32, Double, UnsafeRawPointer, Int32, UnsafeRawPointer,
          Int32,
          Double, UnsafeMutableRawPointer, Int32
        ) -> Void
      try symbol("cblas_dsyr2k", as: F.self)(
        rowMajor, upper, plain, n, k, 1, a.buffer.base, k, b.buffer.base, k, 0, c.base, n)
      mirror(c, a.rows, Double.self)
    }
    return c
  }

  private static func update(
    _ a: Matrix, _ b: Matrix, _ c: Matrix, _ alpha: Double, _ beta: Double
  ) throws -> Buffer {
    let out = try result(c.rows, c.columns, like: c.buffer)
    out.base.copyMemory(from: c.buffer.base, byteCount: out.byteCount)
    let (m, n, k) = (Int32(a.rows), Int32(b.columns), Int32(a.columns))
    if isSingle(a.buffer) {
      weft_blas_sgemm(
        rowMajor, plain, plain, m, n, k, Float(alpha),
        a.buffer.base.assumingMemoryBound(to: Float.self), k,
        b.buffer.base.assumingMemoryBound(to: Float.self), n, Float(beta),
        out.base.assumingMemoryBound(to: Float.self), n)
    } else {
      weft_blas_dgemm(
        rowMajor, plain, plain, m, n, k, alpha, a.buffer.base.assumingMemoryBound(to: Double.self),
        k, b.buffer.base.assumingMemoryBound(to: Double.self), n, beta,
        out.base.assumingMemoryBound(to: Double.self), n)
    }
    return out
  }

  /// Copies the upper triangle to the lower one, in blocks that stay in cache.
  private static func mirror<T>(_ c: Buffer, _ n: Int, _ type: T.Type) {
    let out = c.base.assumingMemoryBound(to: T.self)
    let block = 32
    for top in stride(from: 0, to: n, by: block) {
      for first in stride(from: 0, through: top, by: block) {
        for i in top..<min(n, top + block) {
          for j in first..<min(i, first + block) { out[i * n + j] = out[j * n + i] }
        }
      }
    }
  }

  private static func solution(_ word: String, _ a: Matrix, _ b: Matrix, upper isUpper: Bool) throws
    -> Buffer
  {
    // Fortran's columns are our rows: the right-hand side is turned there and back.
    let (n, k) = (a.rows, b.columns)
    let single = isSingle(a.buffer)
    if word == "trsm" {
      let x = try result(n, k, like: b.buffer)
      x.base.copyMemory(from: b.buffer.base, byteCount: x.byteCount)
      let (m32, k32, half) = (Int32(n), Int32(k), isUpper ? upper : lower)
      if single {
        typealias F =
          @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafeRawPointer, Int32,
            UnsafeMutableRawPointer, Int32
          ) -> Void
        try symbol("cblas_strsm", as: F.self)(
          rowMajor, left, half, plain, nonUnit, m32, k32, 1, a.buffer.base, m32, x.base, k32)
      } else {
        typealias F =
          @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafeRawPointer, Int32,
            UnsafeMutableRawPointer, Int32
          ) -> Void
        try symbol("cblas_dtrsm", as: F.self)(
          rowMajor, left, half, plain, nonUnit, m32, k32, 1, a.buffer.base, m32, x.base, k32)
      }
      return x
    }
    let factors = try result(n, n, like: a.buffer)
    factors.base.copyMemory(from: a.buffer.base, byteCount: factors.byteCount)
    let columns = try result(k, n, like: b.buffer)
    transpose(b.buffer, to: columns, n, k, single)
    var (n32, k32, info) = (Int32(n), Int32(k), Int32(0))
    var half = CChar(UInt8(ascii: "L"))
    if word == "posv" {
      typealias F =
        @convention(c) (
          UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafeMutableRawPointer,
          UnsafePointer<Int32>, UnsafeMutableRawPointer, UnsafePointer<Int32>,
          UnsafeMutablePointer<Int32>, Int
        ) -> Void
      try symbol(single ? "sposv_" : "dposv_", as: F.self)(
        &half, &n32, &k32, factors.base, &n32, columns.base, &n32, &info, 1)
    } else {
      typealias F =
        @convention(c) (
          UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafeMutableRawPointer,
          UnsafePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutableRawPointer,
          UnsafePointer<Int32>, UnsafeMutableRawPointer, UnsafePointer<Int32>,
          UnsafeMutablePointer<Int32>, Int
        ) -> Void
      var pivots = [Int32](repeating: 0, count: n)
      var count = Int32(n * 64)
      var work = [Double](repeating: 0, count: n * 64)
      try symbol(single ? "ssysv_" : "dsysv_", as: F.self)(
        &half, &n32, &k32, factors.base, &n32, &pivots, columns.base, &n32, &work, &count, &info, 1)
    }
    guard info == 0 else { throw AwarenessError(description: "\(word) gives \(info)") }
    let x = try result(n, k, like: b.buffer)
    transpose(columns, to: x, k, n, single)
    return x
  }

  /// Turns rows by columns, in blocks.
  private static func transpose(
    _ source: Buffer, to target: Buffer, _ rows: Int, _ columns: Int, _ single: Bool
  ) {
    func turn<T>(_ type: T.Type) {
      let (from, to) = (
        source.base.assumingMemoryBound(to: T.self), target.base.assumingMemoryBound(to: T.self)
      )
      for top in stride(from: 0, to: rows, by: 32) {
        for first in stride(from: 0, to: columns, by: 32) {
          for i in top..<min(rows, top + 32) {
            for j in first..<min(columns, first + 32) { to[j * rows + i] = from[i * columns + j] }
          }
        }
      }
    }
    if single { turn(Float.self) } else { turn(Double.self) }
  }
}

/// A matrix without its zeros, row by row; made once, before the time counts.
private struct CompressedRows {
  private let starts: [Int]
  private let columns: [Int]
  private let values: [Double]
  private let rows: Int

  init(_ a: DirectReference.Matrix) {
    var (starts, columns, values) = ([0], [Int](), [Double]())
    for i in 0..<a.rows {
      for j in 0..<a.columns {
        let value = a.buffer.scalar(at: i * a.columns + j).doubleValue
        if value != 0 {
          columns.append(j)
          values.append(value)
        }
      }
      starts.append(columns.count)
    }
    (self.starts, self.columns, self.values, rows) = (starts, columns, values, a.rows)
  }

  func times(_ b: DirectReference.Matrix) throws -> Buffer {
    let c = try DirectReference.result(rows, b.columns, like: b.buffer)
    if b.buffer.type.dtype == .float32 {
      multiply(b, c, Float.self)
    } else {
      multiply(b, c, Double.self)
    }
    return c
  }

  private func multiply<T: BinaryFloatingPoint & Sendable>(
    _ b: DirectReference.Matrix, _ c: Buffer, _ type: T.Type
  ) {
    let n = b.columns
    let source = b.buffer
    DispatchQueue.concurrentPerform(iterations: (rows + 63) / 64) { part in
      let from = source.base.assumingMemoryBound(to: T.self)
      let to = c.base.assumingMemoryBound(to: T.self)
      for i in part * 64..<min(rows, part * 64 + 64) {
        let out = to + i * n
        for j in 0..<n { out[j] = 0 }
        for place in starts[i]..<starts[i + 1] {
          let (value, line) = (T(values[place]), from + columns[place] * n)
          for j in 0..<n { out[j] += value * line[j] }
        }
      }
    }
  }
}
