import Testing
import WeftIR

@testable import Weft

/// Every solver on every executor that is here.
@Suite struct SolverExecutorTests {
  /// Results that the solvers give for one set of problems, real and complex, sparse and dense.
  private func results() throws -> [(String, NDArray)] {
    let n = 110
    let line = 2 * eye(n) - eye(n, offset: 1) - eye(n, offset: -1)
    let definite = try (line + diag(linspace(0.1, 1, count: n))).asSparse(.csr).compute()
    let general = try (4 * eye(n) - eye(n, offset: 1) - 2 * eye(n, offset: -1) + eye(n, offset: 5))
      .asSparse(.csr).compute()
    let i = NDArray(scalar: Complex(0.0, 1.0))
    let complex = try (general.asDense() + i * eye(n, offset: 2)).asSparse(.csr).compute()
    let hermitian = try (definite.asDense() + 0.3 * i * (eye(n, offset: 2) - eye(n, offset: -2)))
      .asSparse(.csr).compute()
    let b = sin(arange(n).asType(.float64))
    let tall = try concatenate([general.asDense(), definite.asDense()], axis: 0).asSparse(.csr)
      .compute()
    let scale = LinearOperator(shape: [n, n], dtype: .float64) { $0 / 4 }
    var all: [(String, NDArray)] = []
    for (name, matrix) in [("sparse", definite), ("dense", try definite.asDense().compute())] {
      all.append(("cg, \(name)", try cg(matrix, b, rtol: 1e-12).solution))
    }
    all.append(
      ("cg, preconditioned", try cg(definite, b, rtol: 1e-12, preconditioner: scale).solution))
    all.append(("bicgstab", try bicgstab(general, b, rtol: 1e-12).solution))
    all.append(("gmres", try gmres(general, b, rtol: 1e-12, restart: 12).solution))
    all.append(("gmres, complex", try gmres(complex, b, rtol: 1e-12).solution))
    all.append(("bicgstab, complex", try bicgstab(complex, b, rtol: 1e-12).solution))
    for choice in [EigenvalueChoice.largest, .smallestMagnitude] {
      all.append(("eigsh, \(choice)", try eigsh(definite, count: 4, which: choice).values))
    }
    all.append(("eigsh, near", try eigsh(hermitian, count: 3, near: 1.1).values))
    all.append(("eigsh, metric", try eigsh(definite, count: 3, metric: definite + eye(n)).values))
    all.append(("svds", try svds(tall, count: 4).s))
    all.append(("svds, least", try svds(general, count: 3, smallest: true).s))
    return all
  }

  @Test("all give the same answers", arguments: ["sparse", "blas", "opencl", "chunked"])
  func answers(executor: String) throws {
    do { _ = try ones([2]).compute(on: ExecutorName(executor)) } catch {
      // Not on this machine: others are tested.
      #expect(error.code == .unusableExecutor)
      return
    }
    let want = try Session.$scoped.withValue(Session.standard.with(executor: "reference")) {
      try results()
    }
    let got = try Session.$scoped.withValue(Session.standard.with(executor: ExecutorName(executor)))
    {
      try results()
    }
    for ((name, x), (_, y)) in zip(got, want) {
      #expect(x.type == y.type, "\(name)")
      #expect(try abs(x - y).max().item(Double.self) < 1e-9, "\(name)")
    }
  }
}
