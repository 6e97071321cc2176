import WeftIR

/// Reads boxes of sources for a run: in pieces, so that a cancelled run soon ends, and again where that
/// may help.
struct RegionReader {
  let context: RunContext
  /// Waits so many seconds, less where the run ends meanwhile.
  let pause: (Double) throws -> Void

  /// The most bytes that are read without a look whether the run is cancelled; a disk that reads
  /// 100 MB a second takes 42 ms for them.
  private static let mostBytes = 4 << 20

  /// Reads the elements of a box.
  ///
  /// - Throws: what the source throws at the last try, with the box, the source and the number of
  ///   tries; `cancelled`.
  func read(
    _ region: Region, of source: any RegionSource, to base: UnsafeMutableRawPointer
  ) throws {
    let itemSize = source.type.dtype.itemSize
    // Who has chunks reads them whole.
    let isOne = source.chunks != nil || region.count * itemSize <= Self.mostBytes
    var target = base
    for piece in isOne ? [region] : Self.pieces(region, itemSize) {
      try context.token.check()
      try readAgain(piece, of: source, to: target)
      target += piece.count * itemSize
    }
  }

  /// The box in pieces that lie one after the other in C order.
  private static func pieces(_ region: Region, _ itemSize: Int) -> [Region] {
    var pieces = [region]
    for axis in 0..<region.rank {
      guard let bytes = pieces.first.map({ $0.count * itemSize }), bytes > mostBytes else { break }
      let range = region.ranges[axis]
      let step = max(1, range.count * mostBytes / bytes)
      pieces = pieces.flatMap { piece in
        stride(from: range.lowerBound, to: range.upperBound, by: step).map { start in
          var part = piece
          part.ranges[axis] = start..<min(start + step, range.upperBound)
          return part
        }
      }
    }
    return pieces
  }

  private func readAgain(
    _ box: Region, of source: any RegionSource, to base: UnsafeMutableRawPointer
  ) throws {
    let policy = context.readPolicy
    var tries = 1
    while true {
      do {
        return try source.read(box, to: base)
      } catch {
        guard tries <= policy.retries, Self.mayPass(error) else {
          throw Self.located(error, box, source, tries)
        }
        context.counters.add("readRetries")
        try pause(policy.delay(before: tries))
        try context.token.check()
        tries += 1
      }
    }
  }

  /// Whether another try may succeed: what the system refuses, and errors that we do not know.
  private static func mayPass(_ error: any Error) -> Bool {
    (error as? WeftError).map { $0.code == .file } ?? true
  }

  private static func located(
    _ error: any Error, _ box: Region, _ source: any RegionSource, _ tries: Int
  ) -> WeftError {
    let place = "elements \(box) of \(source.origin), \(tries == 1 ? "1 try" : "\(tries) tries")"
    guard var known = error as? WeftError else {
      return WeftError(.file, "read", "\(error) (\(place))")
    }
    if known.code == .cancelled { return known }
    known.message += " (\(place))"
    return known
  }
}
