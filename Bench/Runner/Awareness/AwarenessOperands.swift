import Foundation
import Weft
import WeftIR

/// Makes operands whose structure is in their values.
struct AwarenessOperands {
  private var state: UInt64
  /// What a file may name beside the kinds that are made here.
  static let known: Set<String> = [
    "lower", "upper", "diagonal", "tridiagonal", "blockdiag", "symmetric", "spd", "identity",
    "positive",
  ]

  /// Operands that follow from a text.
  init(seed: String) {
    state = seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Uniform in (-1, 1).
  private mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
  }

  /// The array of an operand.
  ///
  /// Triangles have their weight on the diagonal, as solutions with random ones overflow.
  mutating func make(_ operand: AwarenessCase.Operand) throws -> NDArray {
    let words = operand.structure
    for word in words where !Self.known.contains(String(word.prefix { $0 != "(" })) {
      throw AwarenessError(description: "the structure '\(word)' is not known")
    }
    let buffer = try Buffer(
      allocating: TensorType(operand.dtype, Shape(operand.shape)), in: Session.current.memory)
    switch operand.dtype {
    case .float32: fill(buffer, Float.self, operand)
    case .float64: fill(buffer, Double.self, operand)
    default: throw AwarenessError(description: "operands of \(operand.dtype) are not made")
    }
    return NDArray(buffer)
  }

  private mutating func fill<T: BinaryFloatingPoint>(
    _ buffer: Buffer, _ type: T.Type, _ operand: AwarenessCase.Operand
  ) {
    let out = buffer.base.assumingMemoryBound(to: T.self)
    let words = Set(operand.structure.map { String($0.prefix { $0 != "(" }) })
    guard operand.shape.count == 2, !words.isEmpty else {
      for i in 0..<buffer.count {
        let value = next()
        out[i] = T(words.contains("positive") ? 1.25 + 0.75 * value : value)
      }
      return
    }
    let (rows, columns) = (operand.shape[0], operand.shape[1])
    let blocks = operand.structure.first { $0.hasPrefix("blockdiag") }
    var block: [Int] = []
    let extents = blocks.map { AwarenessCase.arguments(of: $0) } ?? []
    for (number, extent) in extents.enumerated() {
      block += Array(repeating: number, count: extent)
    }
    let isDefinite = words.contains("spd")
    let isSymmetric = isDefinite || words.contains("symmetric")
    let isDiagonal = words.contains("diagonal") || words.contains("identity")
    let scale = 1 / Double(max(rows, columns))
    var factor = [Double](repeating: 0, count: isDefinite && !isDiagonal ? rows * 4 : 0)
    for i in factor.indices { factor[i] = next() }
    for i in 0..<rows {
      for j in 0..<columns {
        var value = 0.0
        let isKept =
          !(words.contains("lower") && j > i) && !(words.contains("upper") && j < i)
          && !(isDiagonal && i != j) && !(words.contains("tridiagonal") && abs(i - j) > 1)
          && (block.isEmpty || i < block.count && j < block.count && block[i] == block[j])
        if isKept {
          let isTriangle = words.contains("lower") || words.contains("upper")
          if words.contains("identity") {
            value = 1
          } else if i == j, isDefinite || isTriangle || isDiagonal || words.contains("tridiagonal")
          {
            value = 2 + 0.5 * next()
          } else if isDefinite {
            // Diagonal weight plus a matrix of rank 4.
            if j < i {
              value = Double(out[j * columns + i])
            } else {
              for k in 0..<4 { value += factor[i * 4 + k] * factor[j * 4 + k] * scale }
            }
          } else if isSymmetric, j < i {
            value = Double(out[j * columns + i])
          } else {
            value = isTriangle ? next() * scale * 4 : next()
          }
        }
        out[i * columns + j] = T(value)
      }
    }
  }
}
