import Foundation
import Testing
import WeftIR

/// Rows of `reference/dtype-promotion.tsv`, where that file is beside the checkout.
private func referenceRows(_ section: String) -> [[String]] {
  let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  for folder in [checkout, checkout.deletingLastPathComponent()] {
    let path = folder.appending(path: "shared/reference/dtype-promotion.tsv")
    if let text = try? String(contentsOf: path, encoding: .utf8) {
      return text.split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }.filter { $0[0] == section }
    }
  }
  return []
}

@Suite("Types")
struct TypeTests {
  @Test("promotion is NumPy's on a copied sample")
  func promotion() {
    let sample: [(DType, DType, DType)] = [
      (.bool, .int8, .int8), (.int8, .uint8, .int16), (.int32, .uint32, .int64),
      (.int64, .uint64, .float64), (.int16, .float16, .float32), (.int32, .float32, .float64),
      (.float32, .complex64, .complex64), (.int64, .complex64, .complex128),
      (.float64, .complex64, .complex128), (.uint16, .uint32, .uint32), (.bool, .bool, .bool),
      (.bfloat16, .float16, .float32), (.bfloat16, .int64, .bfloat16),
    ]
    for (a, b, result) in sample {
      #expect(a.promoted(with: b) == result, "\(a) with \(b)")
      #expect(b.promoted(with: a) == result, "\(b) with \(a)")
    }
  }

  @Test("promotion and weak scalars are those of the reference table")
  func reference() {
    for row in referenceRows("promote") {
      guard let a = DType(name: row[1]), let b = DType(name: row[2]) else { continue }
      #expect(a.promoted(with: b).name == row[3], "\(row)")
    }
    let kinds: [String: WeakKind] = [
      "python_bool": .bool, "python_int": .integer, "python_float": .float,
      "python_complex": .complex,
    ]
    for row in referenceRows("weak_scalar_add") {
      guard let a = DType(name: row[1]), let kind = kinds[row[2]], DType(name: row[3]) != nil
      else { continue }
      #expect(a.promoted(withWeak: kind).name == row[3], "\(row)")
    }
  }

  @Test("conversions are allowed as the reference table says", arguments: Casting.allCases)
  func casting(_ casting: Casting) {
    for row in referenceRows("can_cast_\(casting.rawValue)") {
      guard let a = DType(name: row[1]), let b = DType(name: row[2]) else { continue }
      #expect(a.canConvert(to: b, casting: casting) == (row[3] == "yes"), "\(row)")
    }
  }

  @Test("promotion is commutative, and each dtype promotes to itself")
  func lattice() {
    for a in DType.allCases {
      #expect(a.promoted(with: a) == a)
      for b in DType.allCases { #expect(a.promoted(with: b) == b.promoted(with: a)) }
      #expect(DType(name: a.name) == a)
    }
  }

  @Test("a shape counts its elements, or says that it cannot")
  func counts() {
    #expect(Shape([3, 4]).count == 12)
    #expect(Shape.scalar.count == 1)
    #expect(Shape([1 << 40, 1 << 40]).count == nil)
    #expect(Shape([1 << 40, 1 << 40, 0]).count == 0)
    #expect(Shape([Extent.known(0), .unknown(id: 1)]).count == nil)
    #expect(TensorType(.float64, Shape([1 << 61])).byteCount == nil)
    #expect(TensorType(.complex128, Shape([2])).byteCount == 32)
  }

  @Test("unknown extents have ids: equal ones are equal, fresh ones never are")
  func unknowns() {
    let (a, b) = (Shape.freshUnknown(), Shape.freshUnknown())
    #expect(a != b && Shape([a]) == Shape([a]) && Shape([a]) != Shape([b]))
    guard case .unknown(let id) = a else { return }
    var shape = Shape([.known(2), a])
    #expect(!shape.isKnown && shape.known == nil && shape[1] == a)
    #expect(shape.resolved([id: 5]) == Shape([2, 5]))
    #expect(shape.replacingUnknowns { _ in b } == Shape([.known(2), b]))
    shape[1] = .known(7)
    #expect(shape == Shape([2, 7]) && shape.description == "[2, 7]")
    #expect(Shape([2, 3, 4]).removing([0, 2]) == Shape([3]))
  }

  @Test("labels of a contraction are numbered in order of appearance")
  func contraction() {
    let a = Contraction([[7, 3], [3, 9]], to: [7, 9])
    #expect(a == Contraction([[0, 1], [1, 2]], to: [0, 2]))
    #expect(a.labelCount == 3 && Contraction([[]], to: []).labelCount == 0)
  }
}

@Suite("Scalars")
struct ScalarTests {
  @Test("integers wrap to their width")
  func wrapping() {
    #expect(Scalar(300 as Int64, .uint8).intValue == 44)
    #expect(Scalar(200 as Int64, .int8).intValue == -56)
    #expect(Scalar(-1 as Int64, .uint64).uintValue == .max)
    #expect(Scalar(-1 as Int64, .uint32).uintValue == 0xFFFF_FFFF)
    #expect(Scalar(UInt64.max, .int64).intValue == -1)
    #expect(Scalar(5 as Int64, .bool).boolValue)
  }

  @Test("floats are rounded once to their dtype, halves to even")
  func rounding() {
    #expect(Scalar(0.1, .float32).doubleValue == Double(Float(0.1)))
    #expect(Scalar(65520.0, .float16).doubleValue == .infinity)
    #expect(Scalar(65519.99, .float16).doubleValue == 65504)
    #expect(Scalar(1e39, .float32).doubleValue == .infinity)
    #expect(Scalar(1e-60, .float32).doubleValue.sign == .plus)
    // 1 + 2^-8 is a tie between 1 and 1 + 2^-7; 1 + 3 * 2^-8 between 1 + 2^-7 and 1 + 2^-6.
    #expect(Scalar(1 + 0x1p-8, .bfloat16).doubleValue == 1)
    #expect(Scalar(1 + 3 * 0x1p-8, .bfloat16).doubleValue == 1 + 0x1p-6)
    // Just above a tie in float64: rounding to float32 first would make it a tie.
    #expect(Scalar(1 + 0x1p-8 + 0x1p-40, .bfloat16).doubleValue == 1 + 0x1p-7)
    #expect(Scalar(1 + 0x1p-8 - 0x1p-40, .bfloat16).doubleValue == 1)
    #expect(Scalar(Double.greatestFiniteMagnitude, .bfloat16).doubleValue == .infinity)
    #expect(Scalar(-1e-60, .bfloat16).doubleValue == 0)
    #expect(Scalar(-1e-60, .bfloat16).doubleValue.sign == .minus)
    #expect(Scalar(0x1p-133, .bfloat16).doubleValue == 0x1p-133)
    // 2^53 + 1 is no float64; 2^24 + 1 is no float32.
    #expect(Scalar(Int64(1 << 53) + 1, .float64).doubleValue == 0x1p53)
    #expect(Scalar(Int64(1 << 24) + 3, .float32).doubleValue == 0x1p24 + 4)
  }

  @Test("floats convert to integers as C casts on x86-64")
  func truncation() {
    #expect(Scalar(-1.9, .int64).intValue == -1)
    #expect(Scalar(.nan, .int64).intValue == .min)
    #expect(Scalar(.infinity, .int32).intValue == Int64(Int32.min))
    #expect(Scalar(1e10, .int8).intValue == 0)
    #expect(Scalar(-1.0, .uint64).uintValue == .max)
    #expect(Scalar(0x1p63, .uint64).uintValue == 1 << 63)
    #expect(Scalar(4294967295.0, .uint32).uintValue == 4_294_967_295)
    #expect(Scalar(300.7, .uint8).uintValue == 44)
  }

  @Test("conversion keeps NaN true, drops imaginary parts, and round-trips what fits")
  func conversion() {
    #expect(Scalar(.nan, .float64).converted(to: .bool).boolValue)
    #expect(!Scalar(-0.0, .float64).converted(to: .bool).boolValue)
    #expect(Scalar(0, 1, .complex128).converted(to: .bool).boolValue)
    #expect(Scalar(2, 1, .complex128).converted(to: .int8).intValue == 2)
    #expect(Scalar(-3.0, .float32).converted(to: .complex64) == Scalar(-3, 0, .complex64))
    #expect(Scalar(UInt64.max, .uint64).converted(to: .float64).doubleValue == 0x1p64)
    for dtype in DType.allCases {
      #expect(Scalar(true).converted(to: dtype).converted(to: .bool) == Scalar(true), "\(dtype)")
    }
  }

  @Test("memory holds what was stored", arguments: DType.allCases)
  func memory(_ dtype: DType) {
    let p = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
    defer { p.deallocate() }
    for value in [0.0, 1, -2, 0.5, 100, .infinity, -0.0] {
      let scalar = dtype.isComplex ? Scalar(value, -value, dtype) : Scalar(value, dtype)
      scalar.store(to: p)
      #expect(Scalar(dtype, loading: p) == scalar)
    }
  }

  @Test("equality is by dtype and bits")
  func equality() {
    #expect(Scalar(.nan, .float64) == Scalar(.nan, .float64))
    #expect(Scalar(0.0, .float64) != Scalar(-0.0, .float64))
    #expect(Scalar(1.0, .float64) != Scalar(1.0, .float32))
  }

  @Test("literals are the shortest that read back")
  func literals() throws {
    let cases: [(Scalar, String)] = [
      (Scalar(true), "true"), (Scalar(-5 as Int64, .int8), "-5"), (Scalar(0.1, .float64), "0.1"),
      (Scalar(0.1, .float32), "0.1"), (Scalar(-0.0, .float64), "-0.0"),
      (Scalar(.nan, .float32), "nan"), (Scalar(-.infinity, .float64), "-inf"),
      (Scalar(-.nan, .float64), "nan(0xfff8000000000000)"),
      (Scalar(1, -0.0, .complex64), "(1.0, -0.0)"),
      (Scalar(UInt64.max, .uint64), "18446744073709551615"),
    ]
    for (scalar, text) in cases {
      #expect(scalar.literal == text)
      let graph = try Graph(
        parsing: "graph @m() {\n %0 = constant \(text) : \(scalar.dtype)[]\n return %0\n}")
      #expect(graph.rows[0].op == .constant(scalar), "\(text)")
    }
  }
}
