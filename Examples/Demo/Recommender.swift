import Weft

/// The loss of a factor model at the ratings that there are, `sum(mask * (R - U @ V.T)**2)`, and some
/// steps down its slope: the product of all users with all items is never made.
func recommender(users: Int, items: Int, ratings: Int) throws -> Report {
  var report = Report()
  let rank = 16
  // Places without a pattern, the same in every run.
  let numbers = arange(ratings)
  let rows = try (random.uniform([ratings], key: 1) * Double(users)).asType(.int64).compute()
  let columns = try (random.uniform([ratings], key: 2) * Double(items)).asType(.int64).compute()
  let stars = try (numbers * 7 % 5 + 1).asType(.float64).compute()
  let shape = [users, items]
  let mask = try
    (NDArray(coordinates: [rows, columns], values: ones([ratings]), shape: shape, format: .csr) .> 0)
    .asType(.float64).compute()
  let observed = try NDArray(
    coordinates: [rows, columns], values: stars, shape: shape, format: .csr
  ).compute()
  var u = try (random.uniform([users, rank], key: 3) * 0.5).compute()
  var v = try (random.uniform([items, rank], key: 4) * 0.5).compute()

  func loss() -> NDArray {
    let error = observed - u • v.T
    return (mask * error * error).sum()
  }
  // The proof: what a plan multiplies, and the most bytes that are alive.
  let plan = try loss().explain().split(separator: "\n").map(String.init)
  let wanted = ["rule masked-product", "masked-product:", "flops:", "peak:"]
  for line in plan where wanted.contains(where: line.hasPrefix) { report.add(line) }
  let product = Double(users) * Double(items)
  report.add(
    "U @ V.T would take \(Int(2 * product * Double(rank))) flops and \(Int(product * 8)) bytes")
  let memory = Session.current.memory
  memory.resetPeak()
  let before = memory.liveBytes
  let value: Double = try loss().item()
  let taken = memory.peakBytes - before
  report.add("bytes taken at the peak: \(taken)")
  report.add("less than a tenth of U @ V.T", taken < Int(product * 8) / 10 ? 1 : 0, known: 1)

  // The same from the entries, one by one.
  let (places, values) = try observed.entries()
  let guess = (take(u, places[0], axis: 0) * take(v, places[1], axis: 0)).sum(axis: 1)
  report.add(
    "loss", value, known: try ((values - guess) * (values - guess)).sum().item(), tolerance: 1e-9)

  for _ in 0..<5 {
    let error = mask * (observed - u • v.T)
    let (nextU, nextV) = try compute(u + 0.01 * (error • v), v + 0.01 * (error.T • u))
    (u, v) = (nextU, nextV)
  }
  let after: Double = try loss().item()
  report.add("after five steps the loss is \(after)")
  report.add("it has fallen", after < value ? 1 : 0, known: 1)
  return report
}
