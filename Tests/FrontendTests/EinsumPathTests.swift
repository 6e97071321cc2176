import Testing
import Weft

@Suite("einsum paths")
struct EinsumPathTests {
  private static let operands = [
    arange(6).reshaped([2, 3]), arange(12).reshaped([3, 4]) % 5, arange(8).reshaped([4, 2]) - 3,
    arange(4).reshaped([2, 2]),
  ]
  private static let subscripts = "ab,bc,cd,de->ae"

  @Test(
    "every order gives the same value",
    arguments: [
      EinsumOptimizer.greedy, .optimal, .leftToRight, .search(seconds: 0.01),
      .path([[0, 1], [0, 1], [0, 1]]), .path([[2, 3], [1, 2], [0, 1]]),
      .path([[0, 3], [0, 1, 2]]),
      .path([[0, 1, 2, 3]]), .path([[1], [0, 1], [0, 2], [1, 0]]),
    ])
  func orders(_ optimizer: EinsumOptimizer) throws {
    let x = Self.operands
    let whole = einsum(Self.subscripts, x)
    let ordered = einsum(Self.subscripts, x, optimize: optimizer)
    #expect(try whole.compute(on: .reference).toArray(of: Int.self) == [-4, -31, 92, 98])
    #expect(
      try ordered.compute(on: .reference).toArray(of: Int.self)
        == whole.compute(on: .reference).toArray(of: Int.self))
  }

  @Test("an order makes a row for each of its steps") func rows() {
    let x = Self.operands
    let count = { (optimizer: EinsumOptimizer) in
      einsum(Self.subscripts, x, optimize: optimizer).ir.components(separatedBy: "contract").count
        - 1
    }
    #expect(count(.automatic) == 1)
    #expect(count(.leftToRight) == 3)
    #expect(count(.path([[0, 1, 2], [0, 1]])) == 2)
  }

  @Test("diagonals, batch indices, hyperedges and repeated extents go through orders") func forms()
    throws
  {
    let (a, b) = (arange(9).reshaped([3, 3]), arange(27).reshaped([3, 3, 3]) % 7)
    for subscripts in ["ii,ijk,ij,k->", "xi,xij,xj,i->x", "ab,abc,b->ac", "ab,abc,ab,ab->c"] {
      let term = subscripts.prefix { $0 != "-" }.split(separator: ",").map { term in
        term.count == 3 ? b : term.count == 2 ? a : a[0]
      }
      let whole = try einsum(subscripts, term).compute(on: .reference).toArray(of: Int.self)
      for optimizer in [EinsumOptimizer.greedy, .optimal, .leftToRight] {
        let found = einsum(subscripts, term, optimize: optimizer)
        #expect(
          try found.compute(on: .reference).toArray(of: Int.self) == whole, "\(subscripts)")
      }
    }
    let repeated = einsum("ij,ij,jk->ik", a, a[..<1], a, optimize: .path([[0, 1], [0, 1]]))
    #expect(
      try repeated.compute(on: .reference).toArray(of: Int.self)
        == einsum("ij,ij,jk->ik", a, a[..<1], a).compute(on: .reference).toArray(of: Int.self))
  }

  @Test("the report is NumPy's table") func report() throws {
    let path = try einsumPath(
      "ij,jk,kl->il", ones([3, 4]), ones([4, 5]), ones([5, 6]), optimize: .path([[1, 2], [0, 1]]))
    #expect(path.path == [[1, 2], [0, 1]])
    #expect(path.flops == 384)
    #expect(path.naiveFlops == 1080)
    #expect(path.largestIntermediate == 24)
    #expect(
      path.description == """
          Complete contraction:  ij,jk,kl->il
                 Naive scaling:  4
             Optimized scaling:  3
              Naive FLOP count:  1.080e+03
          Optimized FLOP count:  3.840e+02
           Theoretical speedup:  2.812
          Largest intermediate:  2.400e+01 elements
        --------------------------------------------------------------------------
        scaling                  current                                remaining
        --------------------------------------------------------------------------
           3                   jk,kl->jl                                ij,jl->il
           3                   ij,jl->il                                   il->il
        """)
  }

  @Test("the automatic order of a few operands is the best") func best() throws {
    let c = ones([10, 10])
    let path = try einsumPath("ea,fb,abcd,gc,hd->efgh", c, c, ones([10, 10, 10, 10]), c, c)
    #expect(path.isOptimal)
    #expect(path.flops == 800_000)
    #expect(path.largestIntermediate == 10_000)
    #expect(try einsumPath("ij->", c).path == [[0]])
    #expect(
      try einsumPath(operands: [(c, [.index(7), .index(9)]), (c, [.index(9), .index(7)])]).flops
        == 200)
  }

  @Test("mistakes are errors, limits too") func mistakes() throws {
    let x = arange(6).reshaped([2, 3])
    for path in [
      [[0, 1]], [[0, 5], [0, 1]], [[0, 0], [0, 1]], [[]], [], [[0, -1], [0, 1]],
    ] {
      let result = einsum("ij,jk,kl", x, x.T, x, optimize: .path(path))
      #expect(errorCode(result) == "einsum", "\(path)")
      #expect(throws: WeftError.self) {
        try einsumPath("ij,jk,kl", x, x.T, x, optimize: .path(path))
      }
    }
    #expect(throws: WeftError.self) { try einsumPath("ij,jk", x, x) }
    #expect(throws: WeftError.self) { try einsumPath("ij,jk", x + arange(4), x) }
    do {
      _ = try einsumPath("ij,jk,kl->il", x, x.T, x, memoryLimit: 3)
      Issue.record("a limit below the operands was met")
    } catch {
      #expect(error.code == .tooLarge && error.message.contains("6.0 would do"))
    }
    #expect(errorCode(einsum("ij,jk,kl", x, x.T, x, optimize: .search(seconds: .nan))) == nil)
  }

  @Test("scripts name optimizers, orders and limits as NumPy does") func scripts() throws {
    func value(_ text: String) throws -> String {
      try Script.evaluate("x = arange(6).reshape(2, 3); y = x.T; " + text).formatted()
    }
    let plain = try value("einsum('ij,jk,kl->il', x, y, x)")
    for optimize in [
      "True", "False", "None", "'greedy'", "'optimal'", "'dp'", "'auto'",
      "['einsum_path', (0, 1), (0, 1)]",
      "[(1, 2), (0, 1)]", "((0, 2), (0, 1))",
    ] {
      #expect(
        try value("einsum('ij,jk,kl->il', x, y, x, optimize=\(optimize))") == plain, "\(optimize)")
    }
    #expect(
      try value("einsum_path('ij,jk,kl->il', x, y, x)[0]") == "['einsum_path', (0, 1), (0, 1)]")
    #expect(try value("einsum_path(x, [0, 1], y, [1, 2])[0]") == "['einsum_path', (0, 1)]")
    #expect(try value("einsum_path('ij,jk', x, y)[1]").contains("Complete contraction:  ij,jk->ik"))
    for mistake in [
      "optimize='best'", "optimize=3", "optimize=[(0, 1)]", "optimize=[(0, 9), (0, 1)]",
      "optimize=['einsum_path', 0, 1]", "optimize=('greedy', 'x')", "optimize=('greedy', 0)",
    ] {
      #expect(throws: (any Error).self) {
        try value("einsum_path('ij,jk,kl->il', x, y, x, \(mistake))")
      }
    }
  }
}
