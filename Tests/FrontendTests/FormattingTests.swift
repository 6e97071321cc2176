import Testing
import WeftConformance
import WeftExecution
import WeftIR
import WeftReference

@testable import Weft

@Suite("Arrays as text") struct FormattingTests {
  @Test("text is NumPy's", arguments: [FormattingTable.real, FormattingTable.other])
  func table(table: FormattingTable) throws {
    let cases = try table.cases
    #expect(cases.count >= 70)
    for one in cases {
      let text = try one.text()
      #expect(text == one.expected.joined(separator: "\n"), "\(one.header)")
    }
  }

  @Test("bfloat16 has the shortest digits of its own width")
  func bfloat16() throws {
    let x = NDArray([1.0, 0.1, 3.14159265, -2.5, .nan]).asType(.bfloat16)
    #expect(
      try x.representation() == "array([ 1.  ,  0.1 ,  3.14, -2.5 ,   nan], dtype=bfloat16)")
    #expect(try NDArray(0.1).asType(.bfloat16).formatted() == "0.1")
    #expect(try NDArray(99.5).asType(.bfloat16).formatted() == "99.5")
    #expect(try NDArray(128.0).asType(.bfloat16).formatted() == "1.28e+02")
    #expect(try NDArray(0x1.FEp127).asType(.bfloat16).formatted() == "3.39e+38")
    #expect(try NDArray(0x1p-133).asType(.bfloat16).formatted() == "9e-41")
  }

  @Test("a buffer is written as its array")
  func buffers() throws {
    let buffer = try arange(3).buffer()
    #expect(try buffer.formatted() == "[0 1 2]")
    #expect(try buffer.representation() == "array([0, 1, 2])")
  }

  @Test("a summary in memory and one computed by corners are the same", arguments: 0...4)
  func corners(edge: Int) throws {
    var options = FormatOptions()
    options.threshold = 20
    options.edgeItems = edge
    for shape in [[30], [3, 10], [10, 3], [5, 6, 7], [7, 1, 8], [2, 3, 2, 9], [21, 0]] {
      let count = shape.reduce(1, *)
      let x = NDArray((0..<count).map { Double($0) / 8 }).reshaped(shape)
      let lazy = x * 2 + 1
      let text = try lazy.representation(options: options)
      #expect(!lazy.isComputed || count == 0 || edge == 0 || shape.allSatisfy { $0 <= 2 * edge })
      #expect(text == (try lazy.compute().representation(options: options)))
    }
  }

  @Test("a summary computes only the edges")
  func edgesOnly() throws {
    try Session.standard.with(memoryLimit: .bytes(1 << 24)) {
      let n = 1_000_000
      let x = sin(arange(n).asType(.float64)[.all, .newAxis]) + arange(n).asType(.float64)
      let text = try x[0...2].formatted()
      let expected = """
        [[0.00000000e+00 1.00000000e+00 2.00000000e+00 ... 9.99997000e+05
          9.99998000e+05 9.99999000e+05]
         [8.41470985e-01 1.84147098e+00 2.84147098e+00 ... 9.99997841e+05
          9.99998841e+05 9.99999841e+05]
         [9.09297427e-01 1.90929743e+00 2.90929743e+00 ... 9.99997909e+05
          9.99998909e+05 9.99999909e+05]]
        """
      #expect(text == expected)
      let row = " [ True  True  True ...  True  True  True]"
      let signs = try (x .> -2).formatted()
      #expect(
        signs.hasSuffix(" ...\n" + Array(repeating: row, count: 3).joined(separator: "\n") + "]"))
      let huge = arange(1_000_000_000_000)
      let even = try (huge * 2).formatted()
      let line = "[            0             2             4 ... 1999999999994 1999999999996"
      #expect(even == line + "\n 1999999999998]")
      #expect(!huge.isComputed)
    }
  }

  @Test("what needs its operand whole is computed once and remembered")
  func wholeOnce() throws {
    let counting = CountingExecutor(ReferenceExecutor())
    try Session.isolated(counting).with {
      let x = arange(100_000).reshaped([250, 400])
      let text = try x.formatted()
      #expect(counting.runs == 1 && x.isComputed)
      #expect(text.hasPrefix("[[    0     1     2 ...   397   398   399]\n"))
    }
  }

  @Test("mistakes are thrown, and extreme options do no harm")
  func extremes() throws {
    var options = FormatOptions()
    options.precision = -1
    let precision = #expect(throws: WeftError.self) { try zeros([2]).formatted(options: options) }
    #expect(precision?.code == .argument)
    options = FormatOptions()
    options.edgeItems = -1
    let edge = #expect(throws: WeftError.self) { try zeros([2]).representation(options: options) }
    #expect(edge?.code == .argument)
    let broken = #expect(throws: WeftError.self) { try (zeros([2]) + zeros([3])).formatted() }
    #expect(broken?.code == .broadcast)

    options = FormatOptions()
    (options.precision, options.edgeItems, options.threshold) = (.max, .max, .min)
    for width in [Int.min, -1, 0, .max] {
      options.lineWidth = width
      for mode in FormatOptions.FloatMode.allCases {
        options.floatMode = mode
        let text = try NDArray([1.5, -0x1p-1074, .greatestFiniteMagnitude, .infinity])
          .array2string(separator: "", options: options)
        #expect(text.hasPrefix("["))
      }
    }
  }

  @Test("extents that only the data tell are found")
  func unknownExtents() throws {
    let x = arange(3000)
    let text = try x[x .>= 1500].formatted()
    #expect(text == "[1500 1501 1502 ... 2997 2998 2999]")
  }
}
