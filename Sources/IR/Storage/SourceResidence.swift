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
