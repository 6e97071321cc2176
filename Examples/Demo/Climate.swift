import Weft

/// A climate series: weighted means, anomalies, the linear trend of each cell as a map.
func climate(_ data: String, _ known: KnownResults, picture: String) throws -> Report {
  var report = Report()
  let temperature = try NDArray(contentsOf: "\(data)/climate_a1b.npy").asType(.float64)
  let latitude = try NDArray(contentsOf: "\(data)/climate_a1b_lat.npy").asType(.float64)
  let year = try NDArray(contentsOf: "\(data)/climate_a1b_year.npy").asType(.float64)

  // The mean over the region, each cell weighted by the cosine of its latitude.
  let weight = cos(latitude * (Double.pi / 180)).reshaped([37, 1])
  let cells = (weight * ones([37, 49])).sum()
  let series = (temperature * weight).sum(axes: [1, 2]) / cells
  let mean = try series.compute()
  report.add(
    "weighted mean 1860", try mean[0].item(),
    known: try known("climate_a1b", "cos_lat_weighted_mean_first_last", "0"))
  report.add(
    "weighted mean 2099", try mean[-1].item(),
    known: try known("climate_a1b", "cos_lat_weighted_mean_first_last", "1"))

  // Warmest and coldest year, and the anomaly of the last thirty years.
  let (warmest, coldest) = try compute(year[mean.argmax(axis: 0)], year[mean.argmin(axis: 0)])
  report.add("warmest year", try warmest.item(), known: try known("climate_a1b", "warmest_year"))
  report.add("coldest year", try coldest.item(), known: try known("climate_a1b", "coldest_year"))
  let anomaly = mean[(-30)...].mean() - mean[..<30].mean()
  report.add(
    "last 30 years against the first", try anomaly.item(),
    known: try known("climate_a1b", "anomaly_vs_first_30_years: last 30 years mean"))

  // Least squares against time: of the mean, and of every cell at once.
  let time = year - year.mean()
  let spread = (time * time).sum()
  let trend = (time * mean).sum() / spread
  report.add(
    "trend in kelvin a year", try trend.item(),
    known: try known("climate_a1b", "linear_trend_kelvin_per_year"), tolerance: 1e-8)
  let map = (time.reshaped([240, 1, 1]) * temperature).sum(axis: 0) / spread
  let (most, place) = try compute(map.max(), map.reshaped([-1]).argmax(axis: 0))
  report.add(
    "greatest trend of a cell", try most.item(),
    known: try known("climate_a1b", "gridpoint_trend_max_and_where", "0"), tolerance: 1e-8)
  let flat: Int = try place.item()
  let row = try known("climate_a1b", "gridpoint_trend_max_and_where", "1", "0")
  let column = try known("climate_a1b", "gridpoint_trend_max_and_where", "1", "1")
  report.add("its row", Double(flat / 49), known: row)
  report.add("its column", Double(flat % 49), known: column)
  try map[.stride(by: -1), .all].savePNG(to: picture)
  return report
}
