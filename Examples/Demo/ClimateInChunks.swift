import Foundation
import Weft

/// Monthly temperatures on a fine grid: anomalies against the climatology of each calendar month, their
/// series and its trend, and the trend of every cell.
///
/// The months are made from the annual means of `climate_a1b.npy`: a cosine over the year whose
/// amplitude grows with the latitude, on a grid four times as fine. It adds up to nothing over a year,
/// so that annual results are those of the data.
func climateInChunks(
  _ data: String, _ known: KnownResults, scratch: String, picture: String
) throws -> Report {
  let path = try monthlyFile(data, scratch)
  defer { try? FileManager.default.removeItem(atPath: path) }
  let months = try NDArray(contentsOf: path)
  let year = try NDArray(contentsOf: "\(data)/climate_a1b_year.npy").asType(.float64)
  let latitude = try NDArray(contentsOf: "\(data)/climate_a1b_lat.npy").asType(.float64)

  let time = year - year.mean()
  let spread = (time * time).sum()

  var trends = NDArray(0)
  var report = try InChunks().run("monthly temperatures", over: months) { report in
    let (rows, columns) = (Grid.rows, Grid.columns)
    let temperature = months.asType(.float64).reshaped([240, 12, rows, columns])
    // One pass: the climatology of each calendar month.
    let climatology = try temperature.mean(axis: 0).compute(progress: .bar)
    let anomaly = temperature - climatology

    // Another: the weighted series of anomalies, the greatest of them, and the trend of every cell.
    let weight = repeated(cos(latitude * (Double.pi / 180)), Grid.factor).reshaped([rows, 1])
    let cells = (weight * ones([rows, columns])).sum()
    let slope = time.reshaped([240, 1, 1]) * anomaly.mean(axis: 1)
    let results = try compute(
      [
        (anomaly * weight).sum(axes: [2, 3]) / cells, slope.sum(axis: 0) / spread,
        abs(anomaly).max(),
      ],
      progress: .bar)
    let (series, map) = (results[0], results[1])

    let annual = series.mean(axis: 1)
    report.add(
      "trend in kelvin a year", try ((time * annual).sum() / spread).item(),
      known: try known("climate_a1b", "linear_trend_kelvin_per_year"), tolerance: 1e-5)
    report.add(
      "last 30 years against the first",
      try (annual[(-30)...].mean() - annual[..<30].mean()).item(),
      known: try known("climate_a1b", "anomaly_vs_first_30_years: last 30 years mean"),
      tolerance: 1e-5)
    report.add(
      "greatest trend of a cell", try map.max().item(),
      known: try known("climate_a1b", "gridpoint_trend_max_and_where", "0"), tolerance: 1e-4)
    let most: Double = try results[2].item()
    report.add("greatest anomaly of a month: \(most) K")
    trends = map
    try map[.stride(by: -1), .all].savePNG(to: picture)
  }

  // The same on a part that fits, by plain loops.
  let part = months[.all, 40..<44, 60..<70].asType(.float64).reshaped([240, 12, 4, 10])
  let partSlope =
    (time.reshaped([240, 1, 1]) * (part - part.mean(axis: 0)).mean(axis: 1))
    .sum(axis: 0) / spread
  let difference: Double = try abs(
    partSlope.compute(on: .reference) - trends[40..<44, 60..<70]
  ).max().item()
  report.add("trends of 40 cells against the reference executor: at most \(difference) apart")
  if difference > 1e-12 { report.fail("trends of 40 cells") }
  return report
}

private enum Grid {
  static let factor = 4
  static let rows = 37 * factor
  static let columns = 49 * factor
}

/// Writes the months, year by year: nothing larger than a year is ever in memory.
private func monthlyFile(_ data: String, _ scratch: String) throws -> String {
  let annual = try NDArray(contentsOf: "\(data)/climate_a1b.npy")
  let latitude = try NDArray(contentsOf: "\(data)/climate_a1b_lat.npy").asType(.float32)
  let amplitude = repeated(latitude / 3, Grid.factor).reshaped([1, Grid.rows, 1])
  let phase = cos((arange(12).asType(.float32) - 6) * (Float.pi / 6)).reshaped([12, 1, 1])
  let cycle = try (amplitude * phase).compute()
  let file = try PartsFile(
    "\(scratch)/climate.npy", descr: "<f4", shape: [240 * 12, Grid.rows, Grid.columns])
  let months = compile { (year: NDArray, cycle: NDArray) in
    repeated(repeated(year, Grid.factor, axis: 0), Grid.factor, axis: 1) + cycle
  }
  for year in 0..<240 { try file.append(try months(annual[year].compute(), cycle)) }
  try file.close()
  return file.path
}
