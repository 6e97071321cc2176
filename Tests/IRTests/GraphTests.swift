import Testing
import WeftGoldenFile
import WeftIR

private let vector = TensorType(.float64, Shape([4]))

@Suite("Graphs")
struct GraphTests {
  @Test("equal rows are one row, whichever way they are added")
  func merging() throws {
    var graph = Graph()
    let x = graph.addParameter("x", vector)
    let a = try graph.add(.map(.sin), [x])
    #expect(try graph.add(.map(.sin), [x]) == a)
    #expect(graph.add(.map(.sin), [x], types: [vector], site: .none) == a)
    #expect(try graph.add(.map(.cos), [x]) != a)
    #expect(graph.count == 3)
  }

  @Test("constants are merged by bits: NaN with NaN, 0.0 not with -0.0, 1 not with 1.0")
  func constants() throws {
    var graph = Graph()
    func add(_ scalar: Scalar) throws -> Value { try graph.add(.constant(scalar)) }
    #expect(try add(Scalar(.nan, .float64)) == add(Scalar(.nan, .float64)))
    #expect(try add(Scalar(0.0, .float64)) != add(Scalar(-0.0, .float64)))
    #expect(try add(Scalar(1.0, .float64)) != add(Scalar(1 as Int64, .int64)))
    #expect(try add(Scalar(1.0, .float64)) != add(Scalar(1.0, .float32)))
  }

  @Test("inputs, random streams and impure routines are never merged")
  func unmerged() throws {
    var graph = Graph()
    let x = graph.addParameter("x", vector)
    #expect(graph.addParameter("x", vector) != x)
    let key = try graph.add(.constant(Scalar(7 as UInt64, .uint64)))
    let stream = Op.random(RandomStream(shape: Shape([2]), lane: 0))
    #expect(try graph.add(stream, [key]) != graph.add(stream, [key]))
    let tick = Routine("tick", isPure: false) { $0 }
    #expect(try graph.add(.call(tick), [x]) != graph.add(.call(tick), [x]))
    let tock = Routine("tock") { $0 }
    #expect(try graph.add(.call(tock), [x]) == graph.add(.call(tock), [x]))
  }

  @Test("merging holds over a hundred thousand rows")
  func manyRows() throws {
    var graph = Graph()
    let x = graph.addParameter("x", vector)
    for _ in 0..<2 {
      var value = x
      for n in 0..<50_000 { value = try graph.add(.map(n % 2 == 0 ? .sin : .cos), [value]) }
    }
    #expect(graph.count == 50_001)
  }

  @Test("an error of inference carries the site of the row")
  func site() throws {
    var graph = Graph()
    let x = graph.addParameter("x", vector)
    let site = SourceSite(file: "Model.swift", line: 3)
    let error = try #require(throws: WeftError.self) {
      try graph.add(.reduce(.add, [1]), [x], site: site)
    }
    #expect(error.site == site && error.code == .axis)
    #expect("\(error)".hasPrefix("Model.swift:3: error: reduce: "))
  }

  @Test("live rows and use counts leave out what no output needs")
  func liveness() throws {
    let graph = try Graph(
      parsing: """
        graph @m(%x: float64[4], %y: float64[4]) {
          %0 = sin %x
          %1 = cos %x
          %2 = add %0, %0
          return %2, %2
        }
        """)
    #expect(graph.liveRows() == [true, false, true, false, true])
    #expect(graph.useCounts() == [1, 0, 2, 0, 2])
  }

  @Test("rebuilding drops dead rows and keeps every parameter")
  func rebuilt() throws {
    let graph = try Graph(
      parsing: """
        graph @m(%x: float64[4], %y: float64[4]) {
          %0 = sin %x
          %1 = cos %y
          %z = input : float64[4]
          %2, %3 = sort %z axis 0
          return %3, %1
        }
        """)
    let copy = try graph.rebuilt { _, _, _ in nil }
    #expect(
      copy.text() == """
        graph @m(%x: float64[4], %y: float64[4], %z: float64[4]) {
          %0 = cos %y : float64[4]
          %1, %2 = sort %z axis 0 : float64[4], int64[4]
          return %2, %0
        }

        """)
  }

  @Test("rebuilding keeps which unknown extents are equal")
  func rebuiltUnknowns() throws {
    let graph = try Graph(
      parsing: """
        graph @m(%x: float64[?0]) {
          %0 = concatenate %x, %x axis 0 : float64[?1]
          %1 = constant 1.0 : float64[]
          %2 = broadcast %1 to [?1] : float64[?1]
          %3 = add %0, %2 : float64[?1]
          return %3
        }
        """)
    #expect(try graph.rebuilt { _, _, _ in nil } == graph)
    // A known operand leaves the made-up extent what it was.
    let changed = try graph.rebuilt { graph, row, operands in
      row == 1 ? [try graph.add(.reverse([0]), [operands[0]])] + [] : nil
    }
    try GraphVerifier.verify(changed)
  }

  @Test("a summary counts rows, ops and bytes")
  func summary() throws {
    let graph = try Graph(
      parsing: """
        graph @m(%x: float64[4], %y: float64[?0]) {
          %0 = sin %x
          %1 = sin %0
          %2 = cos %0
          return %1
        }
        """)
    #expect(
      graph.summary.description == """
        rows 5 (live 3), parameters 2, outputs 1
        bytes: parameters 32, values 96, 1 values of unknown size
        ops: sin 2, cos 1
        """)
    let huge = try Graph(
      parsing: """
        graph @m(%x: float64[1000000000000000000], %y: float64[1000000000000000000]) {
          return
        }
        """)
    #expect(huge.summary.parameterBytes == .max)
  }

  @Test("DOT and JSON show each row")
  func exports() throws {
    let graph = try Graph(
      parsing: """
        graph @m(%x: float64[4]) {
          %0, %1 = sort %x axis 0 descending
          %2 = constant -inf : float64[]
          return %1
        }
        """)
    #expect(
      graph.dot == """
        digraph "m" {
          node [shape=box, fontname=monospace];
          r0 [label="%x\\nfloat64[4]"];
          r1 [label="sort %x axis 0 descending\\nfloat64[4]\\nint64[4]"];
          r0 -> r1;
          r2 [label="constant -inf\\nfloat64[]"];
          out0 [label="output 0", shape=ellipse];
          r1 -> out0 [label=1];
        }

        """)
    #expect(
      graph.json == """
        {"name": "m",
         "parameters": [
          {"name": "x", "dtype": "float64", "shape": [4]}],
         "rows": [
          {"row": 0, "op": "input", "parameter": 0, "operands": [], "types": [{"dtype": "float64", "shape": [4]}]},
          {"row": 1, "op": "sort", "axis": 0, "descending": true, "operands": [[0, 0]], "types": [{"dtype": "float64", "shape": [4]}, {"dtype": "int64", "shape": [4]}]},
          {"row": 2, "op": "constant", "value": "-inf", "operands": [], "types": [{"dtype": "float64", "shape": []}]}],
         "outputs": [[1, 1]]}

        """)
  }
}

@Suite("Verifier")
struct VerifierTests {
  private func message(_ make: (inout Graph, Value) -> Void) -> String {
    var graph = Graph()
    let x = graph.addParameter("x", vector)
    make(&graph, x)
    do {
      try GraphVerifier.verify(graph, after: "simplify")
      return ""
    } catch {
      #expect(error.code == .internal)
      return "\(error)"
    }
  }

  @Test("a bad row is named with the pass, the lines around it and how to dump")
  func message() {
    let text = message { graph, x in
      var last = x
      for _ in 0..<10 { last = graph.add(.map(.sin), [last], types: [vector], site: .none) }
      last = graph.add(.map(.cos), [last], types: [TensorType(.int8, .scalar)], site: .none)
      for _ in 0..<10 { last = graph.add(.reverse([]), [x], types: [vector], site: .none) }
    }
    #expect(text.contains("after simplify, row 11 of @main"))
    #expect(text.contains("the types are int8[], inference says float64[4]"))
    #expect(text.contains("\n> %10 = cos %9 : int8[]\n"))
    #expect(text.contains("\n  %9 = sin %8 : float64[4]\n"))
    #expect(text.contains("WEFT_DUMP"))
  }

  @Test("operands must be above, with a result that is there")
  func operands() {
    for bad in [Value(row: 1), Value(row: 7), Value(row: -1), Value(row: 0, result: 1)] {
      let text = message { graph, _ in
        _ = graph.add(.map(.sin), [bad], types: [vector], site: .none)
      }
      #expect(text.contains("which is not above"), "\(bad): \(text)")
    }
    let text = message { graph, _ in
      _ = graph.add(.map(.sin), [Value(row: 0, result: -1)], types: [vector], site: .none)
    }
    #expect(text.contains("which is not above"))
  }

  @Test("outputs must be there")
  func outputs() {
    for bad in [Value(row: 1), Value(row: -1), Value(row: 0, result: 1)] {
      #expect(message { graph, _ in graph.outputs = [bad] }.contains("which is not there"))
    }
    #expect(message { graph, x in graph.outputs = [x] } == "")
  }

  @Test("operands of the wrong number or dtype are found")
  func inference() {
    let count = message { graph, x in
      _ = graph.add(.map(.add), [x], types: [vector], site: .none)
    }
    #expect(count.contains("takes 2 operands, got 1"))
    let axis = message { graph, x in
      _ = graph.add(.scan(.add, axis: 3), [x], types: [vector], site: .none)
    }
    #expect(axis.contains("[axis]"))
  }

  @Test("labels of a contraction must be numbered in order of appearance")
  func labels() {
    let text = message { graph, x in
      var contraction = Contraction([[0]], to: [])
      contraction.operands = [[5]]
      _ = graph.add(
        .contract(contraction), [x], types: [TensorType(.float64, .scalar)], site: .none)
    }
    #expect(text.contains("order of appearance"))
  }

  @Test("input rows must give each parameter once")
  func parameters() {
    let twice = message { graph, x in
      _ = graph.add(.input(0, vector), [], types: [vector], site: .none)
    }
    #expect(twice.contains("each parameter once"))
    let none = message { graph, x in
      _ = graph.add(.input(9, vector), [], types: [vector], site: .none)
    }
    #expect(none.contains("there is no parameter 9"))
  }
}
