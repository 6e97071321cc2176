import WeftIR

/// Moving the elements of single matrices.
enum Matrices {
  /// Writes the transpose of a row-major matrix: what LAPACK takes, or the way back.
  ///
  /// Rows are `leading` elements apart, those of the target `targetLeading`; nil for no gaps.
  static func transpose(
    _ source: UnsafeRawPointer, rows: Int, columns: Int, leading: Int? = nil, itemSize: Int,
    to target: UnsafeMutableRawPointer, targetLeading: Int? = nil
  ) {
    let leadings = (leading ?? columns, targetLeading ?? rows)
    switch itemSize {
    case 4: transpose(source, rows, columns, to: target, leadings, as: UInt32.self)
    case 8: transpose(source, rows, columns, to: target, leadings, as: UInt64.self)
    default: transpose(source, rows, columns, to: target, leadings, as: SIMD2<UInt64>.self)
    }
  }

  private static func transpose<Element>(
    _ source: UnsafeRawPointer, _ rows: Int, _ columns: Int,
    to target: UnsafeMutableRawPointer, _ leading: (source: Int, target: Int),
    as type: Element.Type
  ) {
    let from = source.assumingMemoryBound(to: type)
    let to = target.assumingMemoryBound(to: type)
    // Blocks whose lines on both sides stay in the first cache.
    let block = 16
    for top in stride(from: 0, to: rows, by: block) {
      for left in stride(from: 0, to: columns, by: block) {
        for i in top..<min(top + block, rows) {
          for j in left..<min(left + block, columns) {
            to[j * leading.target + i] = from[i * leading.source + j]
          }
        }
      }
    }
  }

  /// Sets what stands below the diagonal of a row-major matrix to 0, or what stands above.
  static func clear(
    below: Bool, _ matrix: UnsafeMutableRawPointer, rows: Int, columns: Int, itemSize: Int
  ) {
    for i in 0..<rows {
      let span = below ? 0..<min(i, columns) : min(i + 1, columns)..<columns
      (matrix + (i * columns + span.lowerBound) * itemSize)
        .initializeMemory(as: UInt8.self, repeating: 0, count: span.count * itemSize)
    }
  }

  /// Copies what stands below the diagonal of a row-major square, conjugated, above it.
  static func mirrorLower(_ matrix: UnsafeMutableRawPointer, order: Int, dtype: DType) {
    switch dtype {
    case .float32: mirror(matrix, order, order, Float.self) { ($1, $0) }
    case .float64: mirror(matrix, order, order, Double.self) { ($1, $0) }
    default:
      for i in 0..<order {
        for j in 0..<i {
          let (re, im) = element(matrix, i * order + j, dtype)
          store((re, -im), matrix, j * order + i, dtype)
        }
      }
    }
  }

  /// Copies what stands above the diagonal of a row-major square, conjugated, below it.
  static func mirrorUpper(
    _ matrix: UnsafeMutableRawPointer, order: Int, leading: Int, dtype: DType
  ) {
    switch dtype {
    case .float32: mirror(matrix, order, leading, Float.self) { ($0, $1) }
    case .float64: mirror(matrix, order, leading, Double.self) { ($0, $1) }
    default:
      for i in 0..<order {
        for j in 0..<i {
          let (re, im) = element(matrix, j * leading + i, dtype)
          store((re, -im), matrix, i * leading + j, dtype)
        }
      }
    }
  }

  /// Writes to one of two places beside the diagonal what stands in the other: `places` tells for the one
  /// below and the one above which is the target and which the source.
  @inline(__always)
  private static func mirror<Element>(
    _ matrix: UnsafeMutableRawPointer, _ order: Int, _ leading: Int, _ type: Element.Type,
    _ places: (Int, Int) -> (target: Int, source: Int)
  ) {
    let elements = matrix.assumingMemoryBound(to: type)
    let block = 32
    for top in stride(from: 0, to: order, by: block) {
      for left in stride(from: 0, through: top, by: block) {
        for i in top..<min(top + block, order) {
          for j in left..<min(left + block, i) {
            let (target, source) = places(i * leading + j, j * leading + i)
            elements[target] = elements[source]
          }
        }
      }
    }
  }

  /// Zeros.
  static func clear(_ elements: UnsafeMutableRawPointer, _ bytes: Int) {
    elements.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  /// Ones on the diagonal of a square matrix, zeros elsewhere.
  static func fillIdentity(_ matrix: UnsafeMutableRawPointer, order: Int, dtype: DType) {
    clear(matrix, order * order * dtype.itemSize)
    for i in 0..<order {
      let element = matrix + (i * order + i) * dtype.itemSize
      if dtype.realPart == .float32 {
        element.storeBytes(of: 1, as: Float.self)
      } else {
        element.storeBytes(of: 1, as: Double.self)
      }
    }
  }

  /// An element as real and imaginary part.
  static func element(
    _ elements: UnsafeRawPointer, _ index: Int, _ dtype: DType
  ) -> (re: Double, im: Double) {
    let start = elements + index * dtype.itemSize
    switch dtype {
    case .float32: return (Double(start.load(as: Float.self)), 0)
    case .float64: return (start.load(as: Double.self), 0)
    case .complex64:
      return (
        Double(start.load(as: Float.self)), Double(start.load(fromByteOffset: 4, as: Float.self))
      )
    default:
      return (start.load(as: Double.self), start.load(fromByteOffset: 8, as: Double.self))
    }
  }

  /// Writes an element, rounded; real dtypes take the real part.
  static func store(
    _ value: (re: Double, im: Double), _ elements: UnsafeMutableRawPointer, _ index: Int = 0,
    _ dtype: DType
  ) {
    let start = elements + index * dtype.itemSize
    switch dtype {
    case .float32: start.storeBytes(of: Float(value.re), as: Float.self)
    case .float64: start.storeBytes(of: value.re, as: Double.self)
    case .complex64:
      start.storeBytes(of: Float(value.re), as: Float.self)
      start.storeBytes(of: Float(value.im), toByteOffset: 4, as: Float.self)
    default:
      start.storeBytes(of: value.re, as: Double.self)
      start.storeBytes(of: value.im, toByteOffset: 8, as: Double.self)
    }
  }

  /// Conjugates complex elements in place.
  static func conjugate(_ elements: UnsafeMutableRawPointer, _ count: Int, _ dtype: DType) {
    switch dtype {
    case .complex64:
      let parts = elements.assumingMemoryBound(to: Float.self)
      for i in 0..<count { parts[2 * i + 1].negate() }
    case .complex128:
      let parts = elements.assumingMemoryBound(to: Double.self)
      for i in 0..<count { parts[2 * i + 1].negate() }
    default: break
    }
  }
}
