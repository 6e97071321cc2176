import Weft

/// The first program of the documentation, checked against its parts computed one by one.
func seedExample() throws -> Report {
  var report = Report()
  let x = random.uniform([20_000, 1_000], key: 7)
  let y = x.T • (log(x) + 1)
  let z = y - y.mean(axis: 0)
  let head = try z[..<5].compute()

  // The same five rows by hand: row i of y is a sum over the samples.
  let logs = try (log(x) + 1).compute()
  let row = try (x[.all, 3].reshaped([20_000, 1]) * logs).sum(axis: 0).compute()
  let means = try (x.mean(axis: 1).reshaped([20_000, 1]) * logs).sum(axis: 0).compute()
  for column in [0, 500, 999] {
    let byHand: Double = try (row[column] - means[column]).item()
    report.add(
      "z[3, \(column)]", try head[3, column].item(), known: byHand, tolerance: 1e-6)
  }
  report.add("z[:5] is \(head)")
  return report
}
