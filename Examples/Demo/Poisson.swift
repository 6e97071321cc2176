import Weft

/// Poisson's equation on a square of n x n points, by conjugate gradients and by a factorisation.
func poisson(points n: Int) throws -> Report {
  var report = Report()
  // Second differences along both axes: T (x) I + I (x) T.
  let identity = eye(n).asSparse(.csr)
  let second = (2 * eye(n) - eye(n, offset: 1) - eye(n, offset: -1)).asSparse(.csr)
  let matrix = try (kron(second, identity) + kron(identity, second)).asSparse(.csr).compute()
  report.add(
    "entries", Double(try matrix.storedCount()), known: Double(5 * n * n - 4 * n))

  // A product of sines is an eigenvector; its eigenvalue is that of the differences.
  let h = Double.pi / Double(n + 1)
  let wave = sin(h * arange(1, n + 1))
  let exact = try (wave.reshaped([n, 1]) * wave).reshaped([n * n]).compute()
  let eigenvalue: Double = try (4 - 4 * cos(h * ones([]))).item()
  let load = try (eigenvalue * exact).compute()
  let direct = try solve(matrix, load).compute()
  report.add(
    "direct: greatest error below 1e-10",
    try abs(direct - exact).max().item() < 1e-10 ? 1 : 0, known: 1)

  let uneven = try (load + arange(n * n) % 7).compute()
  let gradients = try cg(matrix, uneven, rtol: 1e-12)
  let factored = try solve(matrix, uneven).compute()
  report.add("conjugate gradients: \(gradients.iterations) iterations")
  report.add(
    "both solutions agree",
    try (abs(gradients.solution - factored).max() / abs(factored).max()).item() < 1e-9 ? 1 : 0,
    known: 1)
  return report
}
