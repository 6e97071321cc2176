import Weft

/// A hyperspectral image: band statistics, a vegetation index, covariance and first components.
func indianPines(_ data: String, _ known: KnownResults, picture: String) throws -> Report {
  var report = Report()
  let cube = try NDArray(contentsOf: "\(data)/indian_pines.npy").asType(.float64)
  let pixels = cube.reshaped([-1, 200])

  // Band statistics: one pass each, computed together.
  let (mean, bandMeans, bandDeviations) = try compute(
    cube.mean(), pixels.mean(axis: 0), pixels.std(axis: 0))
  report.add("mean", try mean.item(), known: try known("indian_pines", "mean"))
  for band in 0..<3 {
    report.add(
      "mean of band \(band)", try bandMeans[band].item(),
      known: try known("indian_pines", "per_band_mean_first5", "\(band)"))
    report.add(
      "deviation of band \(band)", try bandDeviations[band].item(),
      known: try known("indian_pines", "per_band_std_ddof0_first5", "\(band)"))
  }

  // A normalised difference of near infrared and red.
  let (infrared, red) = (cube[.all, .all, 50], cube[.all, .all, 29])
  let index = (infrared - red) / (infrared + red)
  let (indexMean, indexMost) = try compute(index.mean(), index.max())
  let indexName = "ndvi_like (b50-b29)/(b50+b29), zero-based"
  report.add(
    "index mean", try indexMean.item(), known: try known("indian_pines", indexName, "mean"))
  report.add("index max", try indexMost.item(), known: try known("indian_pines", indexName, "max"))

  // Standardised bands give the correlation matrix.
  let standard = (pixels - bandMeans) / bandDeviations
  let correlation = standard.T • standard / Double(21_025)
  let bandTitle = "band_correlation_trace_and_entry_0_100"
  let (corner, diagonal) = try compute(
    correlation[0, 100], (correlation * eye(200)).sum())
  report.add(
    "trace of the correlation", try diagonal.item(),
    known: try known("indian_pines", bandTitle, "0"))
  report.add(
    "correlation of bands 0 and 100", try corner.item(),
    known: try known("indian_pines", bandTitle, "1"), tolerance: 1e-7)

  // First components of the covariance by power iteration, each taken out before the next.
  let centred = try (pixels - bandMeans).compute()
  var scatter = try (centred.T • centred).compute()
  let total: Double = try (scatter * eye(200)).sum().item()
  for component in 0..<2 {
    let (value, vector) = try dominantPair(of: scatter)
    let share = try known(
      "indian_pines", "pca_of_pixels_by_bands", "explained_variance_ratio", "\(component)")
    report.add("variance of component \(component)", value / total, known: share, tolerance: 1e-8)
    if component == 0 {
      let scores = (centred • vector).reshaped([145, 145])
      try scores.savePNG(to: picture)
    }
    scatter = try (scatter - value * vector.reshaped([200, 1]) * vector).compute()
  }
  return report
}

/// The greatest eigenvalue of a symmetric matrix and its vector, by power iteration.
private func dominantPair(of matrix: NDArray) throws -> (value: Double, vector: NDArray) {
  var vector = try (ones([200]) / 200.0.squareRoot()).compute()
  var value = 0.0
  for _ in 0..<500 {
    let product = matrix • vector
    let length = sqrt((product * product).sum())
    let (next, norm) = try compute(product / length, length)
    vector = next
    let newValue: Double = try norm.item()
    let isSettled = abs(newValue - value) <= 1e-14 * newValue
    value = newValue
    if isSettled { break }
  }
  return (value, vector)
}
