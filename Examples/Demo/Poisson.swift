import Weft

/// Poisson's equation on a square of n x n points, by conjugate gradients and by a factorisation.
func poisson(points n: Int) throws -> Report {
  var report = Report()
  // Four times each point, less its neighbours along both axes.
  let grid = arange(n * n).reshaped([n, n])
  let points = grid.reshaped([-1])
  let (left, right) = (grid[.all, ..<(n - 1)].reshaped([-1]), grid[.all, 1...].reshaped([-1]))
  let (above, below) = (grid[..<(n - 1)].reshaped([-1]), grid[1...].reshaped([-1]))
  let matrix = try NDArray(
    coordinates: [
      concatenate([points, left, right, above, below]),
      concatenate([points, right, left, below, above]),
    ],
    values: concatenate([4 * ones([n * n]), -ones([4 * n * (n - 1)])]), shape: [n * n, n * n],
    format: .csr)
  report.add("entries", Double(try matrix.storedCount()), known: Double(5 * n * n - 4 * n))

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
