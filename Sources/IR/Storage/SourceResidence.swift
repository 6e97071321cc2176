/// Elements that a source gives when somebody reads them.
public final class SourceResidence: Residence {
  /// The source.
  public let source: any RegionSource

  /// The elements of a source.
  public init(_ source: any RegionSource) { self.source = source }

  /// Reads all elements.
  public func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError) {
    do {
      try source.read(Region(whole: source.type.shape.codes), to: base)
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.file, "read", "\(error)")
    }
  }
}

/// Elements that a source gives whole when somebody reads them.
public final class WholeResidence: Residence {
  /// The source.
  public let source: any ArraySource

  /// The elements of a source.
  public init(_ source: any ArraySource) { self.source = source }

  /// Reads all elements; for a moment they are in memory twice.
  public func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError) {
    let found: Buffer
    do {
      found = try source.read()
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.file, "read", "\(error)")
    }
    guard found.type == source.type, found.byteCount == byteCount else {
      throw WeftError(.value, "read", "the source gave \(found.type), it said \(source.type)")
    }
    try found.load()
    base.copyMemory(from: found.base, byteCount: byteCount)
  }
}
