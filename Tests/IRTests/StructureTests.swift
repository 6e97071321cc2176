import Testing
import WeftIR

private let account = MemoryAccount()

private func leaf(_ extents: [Int] = [3], _ dtype: DType = .float64) throws -> Expr {
  Expr(try Buffer(allocating: TensorType(dtype, Shape(extents)), in: account))
}

private func map(_ f: ScalarFunction, _ x: Expr, _ y: Expr) -> Expr {
  Expr(.map(f), .two(x, y), type: x.type, site: .none)
}

private func structure(_ outputs: Expr...) throws -> Structure {
  try #require(try Capture(outputs, structureSteps: 1000).structure)
}

/// Plans are found by structure: what may be taken for the same must be the same program.
@Suite("Structures") struct StructureTests {
  @Test("equal expressions over other arrays match and give their arrays in capture's order")
  func equal() throws {
    let (a, b, c) = (try leaf(), try leaf(), try leaf())
    let capture = try Capture([map(.add, a, map(.multiply, b, c))], structureSteps: 1000)
    let found = try #require(capture.structure)
    let (x, y, z) = (try leaf(), try leaf(), try leaf())
    let other = map(.add, x, map(.multiply, y, z))
    let arrays = try #require(found.arrays(of: [other]))
    #expect(
      arrays.map(ObjectIdentifier.init) == (try Capture([other]).inputs).map(ObjectIdentifier.init))
    #expect(Structure.word(of: [other]) == Structure.word(of: [map(.add, a, map(.multiply, b, c))]))
  }

  @Test("expressions that share other arrays or nodes do not match")
  func sharing() throws {
    let (a, b) = (try leaf(), try leaf())
    let apart = try structure(map(.add, a, b))
    let same = try structure(map(.add, a, a))
    #expect(apart.arrays(of: [map(.add, a, a)]) == nil)
    #expect(same.arrays(of: [map(.add, a, b)]) == nil)
    #expect(same.arrays(of: [map(.add, b, b)])?.count == 1)
    #expect(Structure.word(of: [map(.add, a, a)]) == Structure.word(of: [map(.add, a, b)]))
    // Two nodes over one buffer are one array.
    let buffer = try #require(a.buffer)
    #expect(same.arrays(of: [map(.add, Expr(buffer), a)]) == nil)
    let twice = map(.multiply, a, b)
    let once = try structure(map(.add, twice, twice))
    #expect(once.arrays(of: [map(.add, map(.multiply, a, b), map(.multiply, a, b))]) == nil)
    #expect(once.arrays(of: [map(.add, twice, twice)]) != nil)
  }

  @Test("other ops, constants, dtypes, extents and numbers of outputs do not match")
  func different() throws {
    let (a, b) = (try leaf(), try leaf())
    func scaled(_ x: Expr, _ factor: Double) -> Expr {
      let type = TensorType(.float64, .scalar)
      let constant = Expr(.constant(Scalar(factor, .float64)), .none, type: type, site: .none)
      let wide = Expr(
        .broadcast(to: x.type.shape, axes: []), .one(constant), type: x.type, site: .none)
      return map(.multiply, x, wide)
    }
    let found = try structure(scaled(a, 2))
    #expect(found.arrays(of: [scaled(b, 2)]) != nil)
    #expect(found.arrays(of: [scaled(b, 3)]) == nil)
    #expect(found.arrays(of: [scaled(try leaf([4]), 2)]) == nil)
    #expect(found.arrays(of: [scaled(b, 2), b]) == nil)
    #expect(found.arrays(of: []) == nil)
    #expect(try structure(map(.add, a, b)).arrays(of: [map(.subtract, a, b)]) == nil)
    let narrow = map(.add, try leaf([3], .float32), try leaf([3], .float32))
    #expect(try structure(map(.add, a, b)).arrays(of: [narrow]) == nil)
  }

  @Test("a node computed meanwhile is an array like any other")
  func computed() throws {
    let (a, b) = (try leaf(), try leaf())
    let product = map(.multiply, a, b)
    let sum = map(.add, product, a)
    let found = try structure(sum)
    product.fulfil(with: try #require(b.buffer))
    #expect(found.arrays(of: [sum]) == nil)
    #expect(try structure(map(.add, b, a)).arrays(of: [sum])?.count == 2)
    #expect(Structure.word(of: [map(.add, product, a)]) == Structure.word(of: [map(.add, b, a)]))
  }

  @Test("arrays match that are stored in the same way, with about as many entries")
  func stored() throws {
    func sparse(_ count: Int, fill: Double = 0) throws -> Expr {
      let index = TensorType(.int32, Shape([count]))
      let elements = SparseElements(
        TensorType(.float64, Shape([1000])), .coordinates(rank: 1, fill: Scalar(fill, .float64)),
        levels: [
          .compressed(
            positions: try Buffer(allocating: TensorType(.int32, Shape([2])), in: account),
            coordinates: try Buffer(allocating: index, in: account))
        ],
        values: try Buffer(allocating: TensorType(.float64, Shape([count])), in: account))
      return Expr(Buffer(elements, in: account))
    }
    let (a, b) = (try sparse(100), try leaf([1000]))
    let found = try structure(map(.multiply, a, b))
    let other = map(.multiply, try sparse(120), b)
    let arrays = try #require(found.arrays(of: [other]))
    #expect(
      arrays.map(ObjectIdentifier.init) == (try Capture([other]).inputs).map(ObjectIdentifier.init))
    #expect(found.arrays(of: [map(.multiply, try sparse(400), b)]) == nil)
    #expect(found.arrays(of: [map(.multiply, try sparse(100, fill: 1), b)]) == nil)
    #expect(found.arrays(of: [map(.multiply, try leaf([1000]), b)]) == nil)
    #expect(found.arrays(of: [map(.multiply, a, try sparse(100))]) == nil)
    #expect(try structure(map(.multiply, b, b)).arrays(of: [map(.multiply, a, a)]) == nil)
  }

  @Test("poisoned nodes, unknown extents and too many steps have no structure")
  func absent() throws {
    let a = try leaf()
    let unknown = TensorType(.float64, Shape([Shape.freshUnknown()]))
    let mask = try leaf([3], .bool)
    let some = Expr(
      .compress(axis: 0, extent: unknown.shape[0]), .two(a, mask), type: unknown, site: .none)
    #expect(try Capture([some], structureSteps: 1000).structure == nil)
    #expect(try structure(map(.add, a, a)).arrays(of: [some]) == nil)
    let poison = Expr(WeftError(.value, "test", "is wrong"))
    #expect(try structure(map(.add, a, a)).arrays(of: [poison]) == nil)
    #expect(try Capture([map(.add, a, a)], structureSteps: 2).structure == nil)
    #expect(try Capture([map(.add, a, a)]).structure == nil)
  }

  @Test("structures of many nodes are walked without recursion and in linear time")
  func long() throws {
    func chain() throws -> Expr {
      let x = try leaf()
      var y = x
      for _ in 0..<20_000 { y = map(.add, map(.multiply, y, y), x) }
      return y
    }
    let (first, second) = (try chain(), try chain())
    let found = try #require(try Capture([first], structureSteps: 1 << 20).structure)
    #expect(found.arrays(of: [second])?.count == 1)
  }
}
