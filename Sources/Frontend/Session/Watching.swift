import WeftExecution
import WeftIR

extension NDArray {
  /// Computes the array and writes it to a file, as `save(to:)`, while its progress is shown.
  ///
  /// - Shape: any that the format takes.
  /// - DType: any that the format takes.
  /// - Throws: as `save(to:)`.
  /// - NumPy: none; `dask.diagnostics.ProgressBar`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-progress.npy"
  /// try sqrt(arange(1000).rechunked(100)).save(to: path, progress: .bar)
  /// try NDArray(contentsOf: path)[81]  // 9.0
  /// ```
  public func save(to path: String, progress: ProgressDisplay) throws(WeftError) {
    do {
      try Session.$scoped.withValue(Session.current.showing(progress)) { try save(to: path) }
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.internal, "save", "\(error)")
    }
  }
}
