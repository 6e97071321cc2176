import Testing
import WeftIR

@testable import WeftHost
@testable import WeftKernelCache

/// Where LLVM is missing, tests of compiled code are skipped with its reason.
extension Trait where Self == ConditionTrait {
  static var needsLLVM: Self {
    .enabled(if: LLVMLibrary.unavailable == nil, Comment(rawValue: LLVMLibrary.unavailable ?? ""))
  }
}

/// Texts of kernels, and what runs them.
enum HandWritten {
  static let signature = "(ptr %bases, ptr %ints, i64 %begin, i64 %end) nounwind"

  /// `c[i] = f(a[i], b[i])` for 16 elements at a time, with a masked rest.
  static func elementwise(_ name: String, wide: String, rest: String, also: String = "") -> String {
    let lanes = (0..<16).map { "i64 \($0)" }.joined(separator: ", ")
    return """
      define void @\(name)\(signature) {
      entry:
        %i = alloca i64
        %a = load ptr, ptr %bases
        %second = getelementptr ptr, ptr %bases, i64 1
        %b = load ptr, ptr %second
        %third = getelementptr ptr, ptr %bases, i64 2
        %c = load ptr, ptr %third
        store i64 %begin, ptr %i
        br label %head
      head:
        %at = load i64, ptr %i
        %next = add i64 %at, 16
        %pa = getelementptr float, ptr %a, i64 %at
        %pb = getelementptr float, ptr %b, i64 %at
        %pc = getelementptr float, ptr %c, i64 %at
        %isWhole = icmp sle i64 %next, %end
        br i1 %isWhole, label %body, label %tail
      body:
        %x = load <16 x float>, ptr %pa, align 4
        %y = load <16 x float>, ptr %pb, align 4
        \(wide)
        store <16 x float> %z, ptr %pc, align 4
        store i64 %next, ptr %i
        br label %head
      tail:
        %left = sub i64 %end, %at
        %one = insertelement <16 x i64> poison, i64 %left, i64 0
        %all = shufflevector <16 x i64> %one, <16 x i64> poison, <16 x i32> zeroinitializer
        %mask = icmp slt <16 x i64> <\(lanes)>, %all
        %xr = call <16 x float> @llvm.masked.load.v16f32.p0(ptr %pa, i32 4, <16 x i1> %mask, <16 x float> zeroinitializer)
        %yr = call <16 x float> @llvm.masked.load.v16f32.p0(ptr %pb, i32 4, <16 x i1> %mask, <16 x float> zeroinitializer)
        \(rest)
        call void @llvm.masked.store.v16f32.p0(<16 x float> %zr, ptr %pc, i32 4, <16 x i1> %mask)
        ret void
      }
      declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, i32, <16 x i1>, <16 x float>)
      declare void @llvm.masked.store.v16f32.p0(<16 x float>, ptr, i32, <16 x i1>)
      \(also)
      """
  }

  static func add(_ name: String = "add") -> String {
    elementwise(
      name, wide: "%z = fadd <16 x float> %x, %y", rest: "%zr = fadd <16 x float> %xr, %yr")
  }

  /// A kernel that differs from the others by a constant.
  static func storing(_ value: Int) -> String {
    """
    define void @store\(signature) {
      %p = load ptr, ptr %bases
      store i64 \(value), ptr %p
      ret void
    }
    """
  }

  /// What a kernel makes of two arrays, in an array that is longer by one.
  static func run(
    _ kernel: LoadedKernel, _ a: [Float], _ b: [Float], from begin: Int = 0
  ) -> [Float] {
    var a = a
    var b = b
    var c = [Float](repeating: -1, count: a.count + 1)
    a.withUnsafeMutableBytes { a in
      b.withUnsafeMutableBytes { b in
        c.withUnsafeMutableBytes { c in
          kernel(
            [a.baseAddress, b.baseAddress, c.baseAddress], [], from: Int64(begin),
            to: Int64(a.count / 4))
        }
      }
    }
    return c
  }

  static func value(of kernel: LoadedKernel) -> Int64 {
    var value: Int64 = 0
    withUnsafeMutableBytes(of: &value) { kernel([$0.baseAddress], [], from: 0, to: 1) }
    return value
  }

  static let uncached = KernelDiskCache(directory: nil)
}

@Suite("compiled code", .needsLLVM)
struct CompiledCodeTests {
  private let code = KernelCode(disk: HandWritten.uncached)

  @Test("a kernel adds arrays of every length, and writes nothing beside its part")
  func add() throws {
    let kernel = try code.load(ir: HandWritten.add(), symbol: "add")
    #expect(kernel.origin == .compiled)
    for count in [0, 1, 15, 16, 17, 100] {
      let a = (0..<count).map { Float($0) }
      let b = a.map { $0 * 0.5 + 1 }
      let sums = zip(a, b).map { $0 + $1 }
      #expect(HandWritten.run(kernel, a, b) == sums + [-1])
      if count > 3 {
        #expect(HandWritten.run(kernel, a, b, from: 3) == [-1, -1, -1] + sums[3...] + [-1])
      }
    }
  }

  @Test("a product and a sum round twice, and llvm.fma once")
  func contraction() throws {
    let fma = "@llvm.fma.v16f32(<16 x float>"
    let fused = HandWritten.elementwise(
      "fused", wide: "%z = call <16 x float> \(fma) %x, <16 x float> %x, <16 x float> %y)",
      rest: "%zr = call <16 x float> \(fma) %xr, <16 x float> %xr, <16 x float> %yr)",
      also: "declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)")
    let separate = HandWritten.elementwise(
      "separate", wide: "%p = fmul <16 x float> %x, %x\n%z = fadd <16 x float> %p, %y",
      rest: "%pr = fmul <16 x float> %xr, %xr\n%zr = fadd <16 x float> %pr, %yr")
    // The square of 1 + 2^-12 is 1 + 2^-11 + 2^-24, whose last term a float32 rounds away.
    let a = [Float](repeating: 1 + 0x1p-12, count: 20)
    let b = [Float](repeating: -(1 + 0x1p-11), count: 20)
    let once = HandWritten.run(try code.load(ir: fused, symbol: "fused"), a, b)
    let twice = HandWritten.run(try code.load(ir: separate, symbol: "separate"), a, b)
    #expect(once.dropLast().allSatisfy { $0 == 0x1p-24 })
    #expect(twice.dropLast().allSatisfy { $0 == 0 })
  }

  @Test("what is not IR is an error with LLVM's message")
  func invalid() {
    let texts = [
      ("no text", "expected top-level entity"),
      ("define void @k() { ret i32 1 }", "value doesn't match function result type"),
      (
        "define i32 @k(i1 %c) { br i1 %c, label %a, label %a\na: %p = phi i32 [1, %0]\nret i32 %p }",
        "PHINode"
      ),
    ]
    for (text, expected) in texts {
      let error = #expect(throws: WeftError.self) { try ObjectCompiler.compile(ir: text) }
      #expect(error?.code == .internal)
      #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
    }
    for _ in 0..<2 {
      #expect(throws: WeftError.self) { try code.load(ir: "no text", symbol: "k") }
    }
    #expect(code.counts.failed == 2)
  }

  @Test("what LLVM calls fatal, and passes that it does not know, are errors")
  func fatal() throws {
    let ir = HandWritten.add()
    for passes in ["function(licm)", "function(no-such-pass)"] {
      let error = #expect(throws: WeftError.self) {
        try ObjectCompiler.compile(ir: ir, passes: passes)
      }
      #expect(error?.code == .internal)
    }
    #expect(throws: Never.self) { try ObjectCompiler.compile(ir: ir) }
  }

  @Test("a symbol that is nowhere is an error that names it")
  func missingSymbol() throws {
    let ir = """
      declare void @nowhere()
      define void @k\(HandWritten.signature) {
        call void @nowhere()
        ret void
      }
      """
    for symbol in ["k", "other"] {
      let error = #expect(throws: WeftError.self) { try code.load(ir: ir, symbol: symbol) }
      let name = symbol == "k" ? "nowhere" : "other"
      #expect(error?.message.contains(name) == true, "\(String(describing: error))")
    }
    #expect(throws: WeftError.self) { try CompiledObject([1, 2, 3]) }
  }

  @Test("a kernel may call memset, and addresses that it is given")
  func symbols() throws {
    let ir = """
      declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
      declare i64 @given(i64)
      define void @k\(HandWritten.signature) {
        %p = load ptr, ptr %bases
        %count = mul i64 %end, 8
        call void @llvm.memset.p0.i64(ptr %p, i8 1, i64 %count, i1 false)
        %answer = call i64 @given(i64 %end)
        store i64 %answer, ptr %p
        ret void
      }
      """
    let given: @convention(c) (Int64) -> Int64 = { $0 * 3 }
    let object = try CompiledObject(
      try ObjectCompiler.compile(ir: ir),
      symbols: ["given": unsafeBitCast(given, to: UnsafeRawPointer.self)])
    let kernel = LoadedKernel(object, at: try object.address(of: "k"), .compiled, seconds: 0)
    var values = [Int64](repeating: 0, count: 1000)
    values.withUnsafeMutableBytes { kernel([$0.baseAddress], [], from: 0, to: 1000) }
    #expect(values[0] == 3000)
    #expect(values.dropFirst().allSatisfy { $0 == 0x0101_0101_0101_0101 })
  }

  @Test("objects with equal names do not meet, and unloading one leaves the other")
  func names() throws {
    var kernels: [LoadedKernel?] = try (0..<6).map {
      let code = KernelCode(disk: HandWritten.uncached)
      return try code.load(ir: HandWritten.storing($0), symbol: "store")
    }
    for index in [0, 2, 4] { kernels[index] = nil }
    let later = try code.load(ir: HandWritten.storing(9), symbol: "store")
    #expect(kernels.map { $0.map(HandWritten.value) } == [nil, 1, nil, 3, nil, 5])
    #expect(HandWritten.value(of: later) == 9)
  }

  @Test("calls for one text at the same time compile it once")
  func concurrency() async throws {
    let code = code
    let values = try await withThrowingTaskGroup(of: Int64.self) { group in
      for index in 0..<24 {
        group.addTask {
          HandWritten.value(
            of: try code.load(ir: HandWritten.storing(index % 3), symbol: "store"))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(values.sorted() == (0..<3).flatMap { Array(repeating: $0, count: 8) })
    #expect(code.counts.compiled == 3)
    #expect(code.counts.fromMemory == 21)
  }

  @Test("vectors are as wide as the features say")
  func vectorWidth() {
    #expect(LLVMLibrary.vectorBytes(of: "+sse2,-avx2") == 16)
    #expect(LLVMLibrary.vectorBytes(of: "+avx,+avx2,-avx512f") == 32)
    #expect(LLVMLibrary.vectorBytes(of: "+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl") == 64)
    #expect([16, 32, 64].contains(LLVMLibrary.vectorBytes))
    #expect(!LLVMLibrary.version.isEmpty)
  }
}

@Suite("compiled code without LLVM", .enabled(if: LLVMLibrary.unavailable != nil, "LLVM is here"))
struct MissingLLVMTests {
  @Test("asking for compiled code is an error that says why")
  func reason() {
    let error = #expect(throws: WeftError.self) {
      try KernelCode(disk: HandWritten.uncached).load(ir: HandWritten.add(), symbol: "add")
    }
    #expect(error?.code == .unusableExecutor)
    #expect(error?.message == LLVMLibrary.unavailable)
  }
}
