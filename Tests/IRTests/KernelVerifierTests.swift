import Testing
import WeftIR

@Suite("Kernel verifier")
struct KernelVerifierTests {
  /// Statements of a kernel over `%b0: float32[]`, `%b1: out float32[]`, `%b2: float16[]`, `%i0`,
  /// and the rule that they break.
  static let broken: [(statements: String, rule: String)] = [
    ("%0 = add 1, 2.0 : int64", "add takes operands of one dtype, not int64, float64"),
    ("%0 = add true, true : bool", "there is no add of bool"),
    ("%0 = load %b2[0] : float16\n%1 = add %0, %0 : float16", "there is no add of float16"),
    ("%0 = add 1, 2 : int32", "add of int64 gives int64, not int32"),
    ("%0 = less 1, 2 : int64", "less of int64 gives bool"),
    ("%0 = negate 1, 2 : int64", "negate takes 1 operands, not 2"),
    ("%0 = select 1, 2, 3 : int64", "select takes a bool first"),
    ("%0 = sqrt 4 : int64", "there is no sqrt of int64"),
    ("%0 = abs uint8(4) : uint8", "there is no abs of uint8"),
    ("%0 = multiplyHigh 4, 5 : int64", "there is no multiplyHigh of int64"),
    ("%0 = call sqrt 4 : int64", "the library has no sqrt of int64"),
    ("%0 = call maximum 4.0 : float64", "maximum takes 2 operands, not 1"),
    ("%0 = call isnan 4.0 : float64", "isnan of float64 gives bool, not float64"),
    ("%0 = call add 4.0, 4 : float64", "add takes float64, float64, not float64, int64"),
    ("%0 = convert 1.0 : float16", "half floats convert to and from float32, not float64"),
    ("%0 = bitcast 1.0 : int32", "float64 and int32 have no common bits"),
    ("%0 = load %b0[0] : float64", "the buffer's dtype is float32, not float64"),
    ("%0 = load %i0[0] : int64", "parameter 3 is no buffer"),
    ("%0 = load %b0[1.0] : float32", "the index is float64, not int64"),
    ("%0 = add %b0, 1 : int64", "parameter 0 is no index parameter"),
    ("%0 = table [] at 0 : float64", "the table is empty"),
    ("%0 = table [0x1] at 1 : float64", "index 1 is outside the table of 1"),
    ("%0 = table [0x1] at 0 : int8", "elements of a table have 4 or 8 bytes"),
    ("store %b0[0] = float32(1.0)", "the buffer is not written"),
    ("store %b1[0] = 1.0", "the element is float64, not float32"),
    ("prefetch %b0[1.0]", "the index is float64, not int64"),
    ("prefetch %i0[0]", "parameter 3 is no buffer"),
    ("var %0 = 1 : float64", "the first value is int64, not float64"),
    ("%0 = add 1, 2 : int64\n%0 := 3", "what is assigned, %0, is no variable"),
    ("var %0 = 1 : int64\n%0 := 3.0", "the value is float64, not int64"),
    ("if 1 {\n}", "the condition is int64, not bool"),
    (
      "if true {\n%0 = add 1, 2 : int64\n}\n%1 = add %0, 1 : int64",
      "%0 is used outside the block that defines it"
    ),
    ("while {\n} 1 {\n}", "the condition is int64, not bool"),
    ("vector %0 in 0 ..< 9 {\nwhile {\n} false {\n}\n}", "a vector loop repeats by a condition"),
    (
      "while {\n%0 = add 1, 2 : int64\n} false {\n}\n%1 = add %0, 1 : int64",
      "%0 is used outside the block that defines it"
    ),
    ("serial %0 in 0 ..< 1.0 {\n}", "the upper bound is float64, not int64"),
    ("serial %0 in 0 ..< 9 step 0 {\n}", "the step 0 is below 1"),
    ("serial %0 in 0 ..< 9 {\n}\n%1 = add %0, 1 : int64", "%0 is used outside the block"),
    ("vector %0 in 0 ..< 9 step 2 {\n}", "the step of a vector loop is 2, not 1"),
    ("vector %0 in 0 ..< 9 {\nvector %1 in 0 ..< 9 {\n}\n}", "a vector loop is inside a vector"),
    ("vector %0 in 0 ..< 9 {\nserial %1 in 0 ..< %0 {\n}\n}", "the bounds differ between"),
    (
      "vector %0 in 0 ..< 9 {\n%1 = load %b0[%0] : float32\nstore %b1[0] = %1\n}",
      "iterations of the vector loop"
    ),
    ("var %0 = 1 : int64\nvector %1 in 0 ..< 9 {\n%0 := 2\n}", "a vector loop assigns only"),
    ("serial %0 in 0 ..< 9 {\nparallel %1 in 0 ..< 9 {\n}\n}", "a parallel loop is inside another"),
    ("parallel %0 in 0 ..< 9 {\n}\nparallel %1 in 0 ..< 9 {\n}", "beside the parallel loop only"),
    ("store %b1[0] = float32(1.0)\nparallel %0 in 0 ..< 9 {\n}", "beside the parallel loop only"),
    (
      "var %0 = 1 : int64\nserial %1 in 0 ..< 9 fold %0 add from 0 lanes 64 {\nyield %1\n}",
      "a serial loop folds nothing"
    ),
    (
      "var %0 = 1 : int64\nvector %1 in 0 ..< 9 fold %0 add from 0 lanes 48 {\nyield %1\n}",
      "48 lanes are no power of two"
    ),
    (
      "var %0 = 1 : int64\nvector %1 in 0 ..< 9 fold %0 add from 0.0 lanes 64 {\nyield %1\n}",
      "the identity is float64, not int64"
    ),
    (
      "var %0 = 1 : int64\nvector %1 in 0 ..< 9 fold %0 subtract from 0 lanes 64 {\nyield %1\n}",
      "subtract is no commutative function"
    ),
    (
      "var %0 = 1 : int64\nvector %1 in 0 ..< 9 fold %0 add from 0 lanes 64 {\nyield 1.0\n}",
      "what is yielded is float64, not int64"
    ),
    (
      "var %0 = 1 : int64\n"
        + "vector %1 in 0 ..< 9 fold %0 add from 0 lanes 64, %0 add from 0 lanes 64 {\n"
        + "yield %1, %1\n}",
      "two folds have one variable"
    ),
  ]

  private static func kernel(_ statements: String) throws -> Kernel {
    try Kernel(
      parsing: "kernel @k(%b0: float32[], %b1: out float32[], %b2: float16[], %i0) {\n"
        + statements + "\n}")
  }

  @Test("what breaks a rule is an internal error that names kernel, statement and rule")
  func rules() throws {
    for (statements, rule) in Self.broken {
      let kernel = try Self.kernel(statements)
      let error = #expect(throws: WeftError.self, "\(statements)") {
        try KernelVerifier.verify(kernel)
      }
      guard let error else { continue }
      #expect(error.code == .internal)
      #expect(error.message.hasPrefix("kernel @k, '"), "\(error)")
      #expect(error.message.contains(rule), "\(error)")
      #expect(error.excerpt?.contains("\n> ") == true, "\(error)")
    }
  }

  @Test("the message shows the guilty statement among its neighbours, and the step before")
  func message() throws {
    let kernel = try Self.kernel(
      "%0 = add 1, 2 : int64\n%1 = add %0, 2.0 : int64\nstore %b1[%1] = float32(0.0)")
    let error = try #require(throws: WeftError.self) {
      try KernelVerifier.verify(kernel, after: "lowering")
    }
    #expect(
      error.message == "after lowering, kernel @k, '%1 = add %0, 2.0 : int64': "
        + "add takes operands of one dtype, not int64, float64")
    #expect(error.excerpt?.contains("    %0 = add 1, 2 : int64\n>   %1 = add") == true)
  }

  @Test("what only a builder can get wrong is found: undefined, repeated, of two dtypes, complex")
  func built() {
    let (a, b) = (Kernel.Local(id: 0, dtype: .int64), Kernel.Local(id: 1, dtype: .int64))
    let one = Kernel.Operand.constant(Scalar(1 as Int64, .int64))
    let sum = Kernel.Expression.primitive(.add, [one, .local(a)])
    let wide = Kernel.Operand.local(Kernel.Local(id: 0, dtype: .int32))
    let cases: [([Kernel.Statement], String)] = [
      ([.define(b, sum)], "%!0 is used before it is defined"),
      ([.define(a, sum)], "%!0 is used before it is defined"),
      ([.variable(a, one), .variable(a, one)], "it defines %0 again"),
      ([.variable(a, one), .assign(a, wide)], "%0 is defined as int64 and used as int32"),
      ([.define(b, .convert(.constant(Scalar(1.0, 2.0, .complex64))))], "complex64 is complex"),
      ([.store(buffer: 7, at: one, one)], "parameter 7 is no buffer"),
    ]
    for (body, rule) in cases {
      let kernel = Kernel(name: "k", parameters: [], body: body)
      let error = #expect(throws: WeftError.self) { try KernelVerifier.verify(kernel) }
      #expect(error?.message.contains(rule) == true, "\(String(describing: error))")
    }
  }

  @Test("every function and conversion of the library holds")
  func library() throws {
    for (f, dtype) in KernelLibraryTests.cases {
      let body = try #require(KernelLibrary.function(f, dtype))
      try KernelVerifier.verify(body, name: "\(f.name).\(dtype)")
    }
    let dtypes = DType.allCases.filter { !$0.isComplex }
    for from in dtypes {
      for to in dtypes {
        let body = try #require(KernelLibrary.conversion(from: from, to: to))
        try KernelVerifier.verify(body, name: "\(from).\(to)")
      }
    }
  }

  @Test("a function prints its parameters, statements and result")
  func functionText() throws {
    let body = try #require(KernelLibrary.function(.multiply, .float32))
    #expect(
      body.text(name: "multiply") == """
        function @multiply(%0: float32, %1: float32) {
          %2 = multiply %0, %1 : float32
          return %2 : float32
        }

        """)
  }
}
