import Testing
import WeftGoldenFile
import WeftIR

@Suite("Text form of kernels")
struct KernelTextTests {
  /// A kernel with every statement and every expression.
  static let everything = """
    kernel @every(%b0: float32[], %b1: out float32[], %i0, %b2: bool[], %i1) {
      %0 = load %b0[0] : float32
      parallel %1 in 0 ..< %i0 {
        %2 = multiply %1, %i1 : int64
        %3 = add %2, %i1 : int64
        var %4 = 0.0 : float64
        var %5 = float32(-0.0) : float32
        var %6 = uint8(255) : uint8
        vector %7 in %2 ..< %3 fold %5 add from float32(-0.0) lanes 64, %6 minimum from uint8(255) lanes 64 {
          %8 = load %b0[%7] : float32
          %9 = load %b2[%7] : bool
          var %10 = %8 : float32
          if %9 {
            %11 = call sqrt %8 : float32
            %10 := %11
          } else {
            %10 := float32(nan(0x7ff8000020000000))
          }
          %12 = select %9, %10, float32(-inf) : float32
          %13 = bitcast %12 : uint32
          %14 = and %13, uint32(3) : uint32
          %15 = table [0x0, 0x3f800000, 0x40000000, 0x40400000] at %14 : float32
          %16 = fma %15, %12, %0 : float32
          %17 = astype %16 : uint8
          store %b1[%7] = %16
          yield %16, %17
        }
        serial %18 in %2 ..< %3 step 4 {
          %19 = convert %18 : float64
          %4 := %19
        }
        if true {
        }
        var %20 = %2 : int64
        while {
          %21 = less %20, %3 : bool
        } %21 {
          %22 = add %20, 1 : int64
          %20 := %22
        }
        %23 = astype %4 : float32
        store %b1[-1] = %23
      }
    }

    """

  static let others = [
    "kernel @k() {\n}\n",
    "kernel @\"odd name\"(%i0, %i1, %b0: out bfloat16[]) {\n  %0 = convert 1e-300 : float32\n}\n",
    "kernel @k(%b0: out int8[]) {\n  vector %0 in -4 ..< 9223372036854775807 {\n"
      + "    store %b0[%0] = int8(-128)\n  }\n}\n",
    "kernel @k(%i0, %b0: int8[]) {\n  vector %0 in 0 ..< %i0 {\n    prefetch %b0[%0]\n  }\n"
      + "  prefetch %b0[-1]\n}\n",
  ]

  @Test("a text parses, prints the same, and verifies")
  func roundTrip() throws {
    for text in [Self.everything] + Self.others {
      let kernel = try Kernel(parsing: text)
      #expect(kernel.text() == text)
      #expect(kernel.canonical() == kernel)
      #expect(throws: Never.self) { try KernelVerifier.verify(kernel) }
    }
  }

  @Test("kernels that differ in the numbers of locals print the same and are equal when canonical")
  func canonical() throws {
    func kernel(firstID: Int) -> Kernel {
      let builder = KernelBuilder(firstID: firstID)
      let first = builder.load(0, .float32, at: builder.term(.parameter(1)))
      builder.branch(
        first .> 0, then: { builder.store(first * 2, to: 0, at: builder.term(.parameter(1))) })
      return Kernel(
        name: "k", parameters: [.buffer(.float32, isWritten: true), .index],
        body: builder.statements)
    }
    let (a, b) = (kernel(firstID: 0), kernel(firstID: 40))
    #expect(a != b)
    #expect(a.text() == b.text())
    #expect(a.canonical() == b.canonical())
    #expect(a.canonical().hashValue == b.canonical().hashValue)
    #expect(try Kernel(parsing: b.text()) == b.canonical())
    #expect(throws: Never.self) { try KernelVerifier.verify(b) }
  }

  @Test("texts with random edits parse or fail, and never trap")
  func mutations() throws {
    var random = SeededGenerator(seed: 1)
    let seeds = ([Self.everything] + Self.others).map { Array($0.utf8) }
    let words = [
      "-", "9223372036854775807", "99999999999999999999", "[", "]", "%0", "%b0", "%i0", ":", " = ",
      "float64", "complex64(1.0)", "nan(0x", "\"", "\\", "..<", "\n", "1e999", "{", "}", "yield %0",
      "if true {\n", "serial %90 in 0 ..< 1 {\n", ":=", "lanes 3", "step 0", "call select", "var",
      "store", "parallel", "vector", "table [] at 0",
    ].map { Array($0.utf8) }
    var (parsed, verified) = (0, 0)
    for _ in 0..<10_000 {
      var text = seeds.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<max(1, text.count), using: &random)
        let end = min(text.count, place + Int.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text.replaceSubrange(place..<end, with: [])
        case 1: text.replaceSubrange(place..<end, with: [UInt8.random(in: 0...255, using: &random)])
        case 2: text.replaceSubrange(place..<place, with: words.randomElement(using: &random) ?? [])
        case 3:
          // Another digit changes a name, a dtype or a number.
          let digits = text.indices.filter { text[$0] >= 48 && text[$0] < 58 }
          guard let digit = digits.randomElement(using: &random) else { continue }
          text[digit] = UInt8.random(in: 48...57, using: &random)
        default:
          let from = Int.random(in: 0..<max(1, text.count), using: &random)
          let piece = text[from..<min(text.count, from + 30)]
          text.replaceSubrange(place..<end, with: Array(piece))
        }
      }
      let kernel: Kernel
      do {
        kernel = try Kernel(parsing: String(decoding: text, as: UTF8.self))
      } catch {
        #expect(error.message.first?.isNumber == true, "\(error)")
        continue
      }
      parsed += 1
      #expect(try Kernel(parsing: kernel.text()) == kernel)
      #expect(kernel.canonical() == kernel)
      if (try? KernelVerifier.verify(kernel)) != nil { verified += 1 }
    }
    #expect(parsed > 300 && verified > 100 && verified < parsed)
  }

  @Test("long and deep texts fail without a trap")
  func hostile() {
    let deep = String(repeating: "if true {\n", count: 100_000)
    let loops = (0..<1000).map { "serial %\($0) in 0 ..< 1 {\n" }.joined()
    let texts = [
      "", "kernel", "kernel @", "kernel @k", "kernel @k(", "kernel @k()", "kernel @k() {",
      "kernel @k() {\n" + deep, "kernel @k() {\n" + loops, "kernel @k(%b0: float32) {\n}",
      "kernel @k(%a, %a) {\n}", "kernel @k() {\n}\n}", "kernel @k() {\n  yield 1\n}",
      "kernel @k() {\n  %0 = add 1, 1\n}", "kernel @k() {\n  %0 = nonsense 1 : int64\n}",
      "kernel @k() {\n  %0 = call nonsense 1 : int64\n}", "kernel @k() {\n  %0 := 1\n}",
      "kernel @k() {\n  store 1[0] = 1\n}", "kernel @k() {\n  var %0 = int8(128) : int8\n}",
      "kernel @k() {\n  serial %0 in 0 .. 1 {\n  }\n}",
      "kernel @k() {\n  %0 = table [1] at 0 : int64\n}",
    ]
    for text in texts {
      #expect(throws: WeftError.self, "\(text.prefix(60))") { try Kernel(parsing: text) }
    }
  }

  @Test("an error tells line and column and shows the line with a caret")
  func errorPlace() throws {
    let text = "kernel @k(%b0: float32[]) {\n  %0 = load %b1[0] : float32\n}"
    let error = try #require(throws: WeftError.self) { try Kernel(parsing: text) }
    #expect(error.code == .name)
    #expect(error.message == "2:13: there is no parameter %b1")
    #expect(error.excerpt == "    %0 = load %b1[0] : float32\n              ^")
  }
}
