import Testing
import Weft
import WeftExecution
import WeftIR

/// A turn of a loop that fills an array, as a user writes it.
struct LoopCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let turn: @Sendable (Operands, Int) -> NDArray

  struct Operands: Sendable {
    let a: NDArray
    let b: NDArray
    let v: NDArray
    let stack: NDArray

    init(_ n: Int, _ dtype: DType, grade: Double) throws {
      func ready(_ shape: [Int], _ phase: Double) throws -> NDArray {
        let k = arange(shape.reduce(1, *)).asType(.float64)
        let x = sin(k * k * 0.731 + k * 12.989 + phase).reshaped(shape)
        let scale = pow(arange(n).asType(.float64) / Double(n) * 0 + 1 / grade, arange(n) / n)
        return try (shape.count == 1 ? x : x * scale).asType(dtype).compute()
      }
      a = try ready([n, n], 0.1)
      b = try ready([n, n], 0.7)
      v = try ready([n], 1.3)
      stack = try ready([n, 3, n], 2.9)
    }

    init(widening other: Operands) throws {
      a = try other.a.asType(.float64).compute()
      b = try other.b.asType(.float64).compute()
      v = try other.v.asType(.float64).compute()
      stack = try other.stack.asType(.float64).compute()
    }
  }

  static let all = [
    LoopCase(testDescription: "elements of a diagonal") { x, i in x.a.dot(x.b)[i, i] },
    LoopCase(testDescription: "elements against the diagonal") { x, i in
      x.a.dot(x.b)[i, -1 - i]
    },
    LoopCase(testDescription: "rows backwards") { x, i in exp(x.a.dot(x.b)[-1 - i]) },
    LoopCase(testDescription: "rows of a product") { x, i in x.a.dot(x.b)[i] + x.v },
    LoopCase(testDescription: "columns of a product") { x, i in x.a.dot(x.b)[AxisIndex.all, i] * 2.0
    },
    LoopCase(testDescription: "a row times a matrix") { x, i in x.a[i].dot(x.b) },
    LoopCase(testDescription: "a row times a column") { x, i in
      x.a[i].dot(x.b[AxisIndex.all, i])
    },
    LoopCase(testDescription: "sums of rows of a product") { x, i in x.a.dot(x.b)[i].sum() },
    LoopCase(testDescription: "the index in the formula") { x, i in
      x.v[i] * Double(i) + x.a[i, i]
    },
    LoopCase(testDescription: "matrices of a stack") { x, i in x.stack[i].dot(x.b).dot(x.v) },
    LoopCase(testDescription: "a square of what a turn makes") { x, i in
      let y = x.a[i] * x.v - x.b[i]
      return (y * y).sum() / (y * y + 1).sum()
    },
    LoopCase(testDescription: "steps and transposes") { x, i in
      x.b.T[AxisIndex.all, i] + x.a[i, AxisIndex.stride(from: 1, to: 9, by: 2)].sum()
    },
  ]
}

@Suite("Loops that are written out")
struct RolledLoopTests {
  private func filled(_ loop: LoopCase, _ operands: LoopCase.Operands, _ turns: Int, axis: Int)
    -> NDArray
  {
    stack((0..<turns).map { loop.turn(operands, $0) }, axis: axis)
  }

  private func elements(_ x: NDArray) throws -> [Double] { try x.asType(.float64).toArray() }

  private func error(_ got: [Double], _ want: [Double]) -> Double {
    let scale = want.reduce(0) { max($0, abs($1)) }
    return zip(got, want).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(scale, 1e-300)
  }

  @Test(
    "turns made at once are as accurate as one by one", arguments: LoopCase.all.indices,
    [1.0, 1000.0])
  func accuracy(index: Int, grade: Double) throws {
    let loop = LoopCase.all[index]
    for (n, turns) in [(24, 24), (37, 9)] {
      let single = try LoopCase.Operands(n, .float32, grade: grade)
      let wide = try LoopCase.Operands(widening: single)
      let exact = try Session.current.with(exactness: .exact) {
        try elements(filled(loop, wide, turns, axis: 0))
      }
      let naive = try Session.current.with(exactness: .exact) {
        try error(elements(filled(loop, single, turns, axis: 0)), exact)
      }
      for executor in ["blas", "reference"] {
        let rolled = try Session.current.with(executor: ExecutorName(executor)) {
          try error(elements(filled(loop, single, turns, axis: 0)), exact)
        }
        #expect(rolled <= 4 * naive + 4e-7, "\(loop) on \(executor): \(rolled), \(naive)")
      }
    }
  }

  @Test("the turns' axis goes where the stack has it", arguments: LoopCase.all.indices, [0, -1])
  func axes(index: Int, axis: Int) throws {
    let loop = LoopCase.all[index]
    let operands = try LoopCase.Operands(16, .float64, grade: 1)
    var session = Session.current
    session.disabledRules = ["roll-loop"]
    let one = try session.with { try filled(loop, operands, 11, axis: axis).compute() }
    let all = try filled(loop, operands, 11, axis: axis).compute()
    #expect(all.shape == one.shape)
    #expect(try error(elements(all), elements(one)) < 1e-13)
  }

  @Test(
    "the rule fires, says why, leaves few steps, and can be switched off",
    arguments: LoopCase.all.indices)
  func fires(index: Int) throws {
    let loop = LoopCase.all[index]
    let operands = try LoopCase.Operands(40, .float64, grade: 1)
    let text = try Session.current.explain([filled(loop, operands, 40, axis: 0).expr])
    #expect(text.contains("rule roll-loop:"), "\(text)")
    #expect(text.contains("roll-loop: turns of a loop"))
    #expect(!text.contains("step 12:"), "\(text)")
    var session = Session.current
    session.disabledRules = ["roll-loop"]
    let off = try session.explain([filled(loop, operands, 40, axis: 0).expr])
    #expect(!off.contains("rule roll-loop:"))
  }

  @Test("exact sessions roll what keeps every bit, and no sums")
  func exactness() throws {
    let operands = try LoopCase.Operands(16, .float32, grade: 1)
    let session = Session.current
    try session.with(exactness: .exact) { () throws in
      let sums = stack((0..<16).map { operands.a[$0].dot(operands.v) })
      #expect(try !Session.current.explain([sums.expr]).contains("rule roll-loop"))
      let elementwise = stack((0..<16).map { exp(operands.a[$0] * operands.v) })
      #expect(try Session.current.explain([elementwise.expr]).contains("rule roll-loop"))
      #expect(
        try elements(elementwise) == elements(exp(operands.a * operands.v)))
    }
  }

  @Test("turns that are not alike stay as they are")
  func others() throws {
    let x = try LoopCase.Operands(16, .float64, grade: 1)
    let programs = [
      stack((0..<16).map { $0 == 7 ? cos(x.a[$0]) : sin(x.a[$0]) }),
      stack((0..<16).map { sin(x.a[$0 * $0 % 16]) }),
      stack((0..<16).map { x.v * Double($0 * $0) }),
    ]
    for program in programs {
      #expect(try !Session.current.explain([program.expr]).contains("rule roll-loop"))
    }
    // -0, -1, -2, ...: whole numbers have no negative zero.
    let signs = stack((0..<16).map { abs(x.v[$0]) * -Double($0) })
    #expect(try elements(signs).first?.sign == .minus)
    let rows = (0..<16).map { x.a[$0 * $0 % 16] }
    #expect(try elements(sin(stack(rows))) == elements(stack(rows.map { sin($0) })))
  }
}
