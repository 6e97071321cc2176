import Foundation
import Weft

/// A hyperspectral scene of 36 tiles: the mean spectrum, principal components by the covariance of its
/// bands, and a classification by the nearest class mean among whitened components.
///
/// The tiles are Indian Pines, every other one turned around, so that statistics are those of the data.
func cubeInChunks(
  _ data: String, _ known: KnownResults, scratch: String, picture: String
) throws -> Report {
  let path = try sceneFile(data, scratch)
  defer { try? FileManager.default.removeItem(atPath: path) }
  let scene = try NDArray(contentsOf: path)
  let truth = try NDArray(contentsOf: "\(data)/indian_pines_gt.npy").asType(.int64)
  let flipped = truth[.stride(by: -1), .stride(by: -1)]
  let row = concatenate([truth, flipped, truth, flipped, truth, flipped], axis: 1)
  let labels = try concatenate(Array(repeating: row, count: Scene.tiles), axis: 0)
    .reshaped([-1]).compute()

  return try InChunks().run("scene", over: scene) { report in
    let pixels = scene.reshaped([-1, Scene.bands]).asType(.float64)
    let count = Double(Scene.side * Scene.side)
    // First pass: the mean spectrum.
    let mean = try pixels.mean(axis: 0).compute(progress: .bar)
    for band in 0..<2 {
      report.add(
        "mean of band \(band)", try mean[band].item(),
        known: try known("indian_pines", "per_band_mean_first5", "\(band)"))
    }
    // Second: the covariance of the bands, and the sums of each class's spectra.
    let members = (labels.reshaped([-1, 1]) .== arange(17)).asType(.float64)
    let centred = pixels - mean
    let sums = try compute(
      [centred.T • centred / count, members.T • centred], progress: .bar)
    let (values, vectors) = try compute(eigh(sums[0]).values, eigh(sums[0]).vectors)
    let total: Double = try values.sum().item()
    for component in 0..<3 {
      let share: Double = try values[-1 - component].item() / total
      report.add(
        "variance of component \(component)", share,
        known: try known(
          "indian_pines", "pca_of_pixels_by_bands", "explained_variance_ratio", "\(component)"),
        tolerance: 1e-8)
    }
    // Third: every pixel among whitened components, and the class whose mean is nearest.
    let kept = 30
    let whitening = try (vectors[.all, (-kept)...] / sqrt(values[(-kept)...])).compute()
    let sizes = members.sum(axis: 0).reshaped([17, 1])
    let centres = try (sums[1] • whitening / sizes)[1...].compute()
    let components = centred • whitening
    let distance =
      (centres * centres).sum(axis: 1) - 2 * (components • centres.T)
    let classes = try (distance.argmin(axis: 1) + 1).compute(progress: .bar)
    let isRight = (classes .== labels).sum()
    report.add(
      "pixels in their class, of 36 tiles", try isRight.asType(.float64).item(),
      known: 36 * 5194)
    try classes.reshaped([Scene.side, Scene.side])[..<290, ..<290].asType(.float64)
      .savePNG(to: picture)
  }
}

private enum Scene {
  static let tiles = 6
  static let side = 145 * tiles
  static let bands = 200
}

/// Writes the scene line by line of tiles.
private func sceneFile(_ data: String, _ scratch: String) throws -> String {
  let cube = try NDArray(contentsOf: "\(data)/indian_pines.npy")
  let turned = cube[.stride(by: -1), .stride(by: -1)]
  let file = try PartsFile(
    "\(scratch)/scene.npy", descr: "<u2", shape: [Scene.side, Scene.side, Scene.bands])
  let line = try concatenate([cube, turned, cube, turned, cube, turned], axis: 1).compute()
  for _ in 0..<Scene.tiles { try file.append(line) }
  try file.close()
  return file.path
}
