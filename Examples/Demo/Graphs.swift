import Weft

/// Graphs as sparse matrices: PageRank, triangles and eigenvalues, beside what networkx gets.
func graphs(_ data: String, _ known: KnownResults, names: [String]) throws -> Report {
  var report = Report()
  for name in names {
    let graph = try NDArray(contentsOf: "\(data)/\(name).mtx")
    let ranks = try pageRank(graph)
    for place in 0..<3 {
      let node = Int(try known(name, rankTitle, "\(place)", "0"))
      report.add(
        "PageRank of \(name) \(node)", try ranks[node].item(),
        known: try known(name, rankTitle, "\(place)", "2"), tolerance: 1e-9)
    }
    if name == "python_stdlib_imports" {
      let twoSteps = try (graph • graph).compute()
      report.add(
        "two-step imports", Double(try twoSteps.storedCount()),
        known: try known(name, "A@A nonzeros and sum", "0"))
      report.add(
        "ways of two steps", try twoSteps.sum().asType(.float64).item(),
        known: try known(name, "A@A nonzeros and sum", "1"))
      continue
    }
    let triangles = ((graph • graph) * graph).sum() / 6
    report.add(
      "triangles of \(name)", try triangles.asType(.float64).item(),
      known: try known(name, "triangles"))
    let greatest = try eigsh(graph.asType(.float64), count: 1, which: .largest).values
    report.add(
      "greatest eigenvalue of \(name)", try greatest[0].item(),
      known: try known(name, "adjacency_largest_eigenvalue"))
  }
  return report
}

private let rankTitle = "pagerank_0.85_top10 (index from 0, name, value)"

/// The stationary distribution of a walk that follows a random edge with probability 0.85 and else
/// begins anywhere; nodes without edges lead anywhere.
///
/// - Source: Page, Brin, Motwani, Winograd, The PageRank citation ranking, 1999.
private func pageRank(_ graph: NDArray) throws -> NDArray {
  let n = Double((graph.shape[0] ?? 1))
  let degree = graph.sum(axis: 1)
  let isEnd = try (degree .== 0).compute()
  let step = try (graph / which(isEnd, 1, degree).reshaped([-1, 1])).T.asSparse(.csr).compute()
  var ranks = try (ones(like: degree, dtype: .float64) / n).compute()
  for _ in 0..<200 {
    let lost = (ranks * isEnd).sum() / n
    let next = 0.85 * (step • ranks + lost) + 0.15 / n
    let (moved, change) = try compute(next, abs(next - ranks).sum())
    ranks = moved
    if try change.item(Double.self) < 1e-14 { break }
  }
  return ranks
}
