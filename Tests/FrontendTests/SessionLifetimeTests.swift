import Testing
import Weft
import WeftExecution
import WeftIR

/// What stays of a session that nobody has any more.
@Suite("lifetime of sessions")
struct SessionLifetimeTests {
  /// Programs that make plans, constants, kernels and factors.
  private static let programs: [@Sendable (Double) throws -> Void] = [
    { number in _ = try (NDArray([1.0, 2, 3]) * number + number).compute() },
    { number in
      let x = (arange(70_000).asType(.float64) / 3).reshaped([70, 1000])
      _ = try (sin(x) + x * number).sum(axis: 0).compute()
      _ = try sort(x + number, axis: 0).compute()
    },
    { number in
      let f = compile { (x: NDArray) -> NDArray in exp(x) * number }
      _ = try f(ones([300])).compute()
    },
    { number in
      let a = try (eye(40) * 4 + ones([40, 40]) * (number / 40)).compute()
      _ = try solve(a, ones([40])).compute()
      _ = try eigh(a).values.compute()
      _ = try einsum("ij,jk,kl->il", a, a, a).compute()
    },
    { number in
      let s = try (eye(60) * 4 + eye(60, offset: 1) * number + eye(60, offset: -1) * number)
        .asSparse(.csr).compute()
      _ = try (s • s * number).sum().compute()
      _ = try cg(s, ones([60])).solution.compute()
      _ = try eigsh(s, count: 3, which: .largest).values.compute()
      _ = try solve(s, ones([60])).compute()
    },
    { number in
      var keys = random.Generator(seed: 7)
      _ = try (random.normal([200], key: keys.next()) * number).compute()
    },
  ]

  @Test(
    "plans that outlive a session keep neither its account nor what that kept",
    arguments: ["reference", "blas", "opencl", "sparse", "chunked"])
  func account(executor: String) throws {
    for (place, program) in Self.programs.enumerated() {
      weak var account: MemoryAccount?
      do {
        var session = Session.standard
        session.memory = MemoryAccount()
        account = session.memory
        // Numbers that no other test has: the plans are made here.
        try session.with(executor: ExecutorName(executor)) { () throws in
          try program(Double(place) / 8 + 0.0390625)
        }
      }
      #expect(account == nil, "program \(place)")
    }
  }

  @Test("buffers that outlive their account keep their elements")
  func buffers() throws {
    var session = Session.standard
    session.memory = MemoryAccount(limit: 8_000_000)
    let x = try session.with { () throws in
      _ = try (ones([300_000]) + 1).compute()
      return try (ones([100_000]) * 3).compute()
    }
    #expect(session.memory.keptBytes > 0)
    session.memory = MemoryAccount()
    let total: Double = try x.sum().item()
    #expect(total == 300_000)
  }
}
