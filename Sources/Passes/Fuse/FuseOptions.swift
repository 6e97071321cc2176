/// What an executor's kernels can do, and so how far rows may be joined.
public struct FuseOptions: Hashable, Sendable {
  /// Whether kernels use what they fold again, such as a softmax that reads its row once.
  public var rowKernels: Bool
  /// Whether kernels end with functions of what they fold over any axes, such as the division of
  /// a mean.
  public var epilogues: Bool
  /// Whether a value may be written by several kernels, each a box of it: pads, concatenations
  /// and updates of slices then need no copy.
  public var pieces: Bool
  /// Whether kernels over one shape that read the same array become one.
  public var siblings: Bool

  /// Whether kernels take elements at indices.
  public var gathers: Bool
  /// Whether kernels find the positions of extremes.
  public var positions: Bool
  /// Whether kernels fold along an axis and keep each step.
  public var scans: Bool
  /// Whether kernels put elements at indices.
  public var scatters: Bool
  /// The names of routines that read their operands through views, as contractions do.
  public var readers: Set<String> = []

  /// Options; the default is what any executor of clusters can run.
  public init(
    rowKernels: Bool = false, epilogues: Bool = false, pieces: Bool = false,
    siblings: Bool = false, gathers: Bool = false, positions: Bool = false, scans: Bool = false,
    scatters: Bool = false
  ) {
    self.gathers = gathers
    self.positions = positions
    self.scans = scans
    self.scatters = scatters
    self.rowKernels = rowKernels
    self.epilogues = epilogues
    self.pieces = pieces
    self.siblings = siblings
  }

  /// Whether some kernels are more than plain ones.
  var needsVersatile: Bool {
    usesFolds || pieces || gathers || positions || scans || scatters
  }

  /// Whether kernels use what they fold at all.
  var usesFolds: Bool { rowKernels || epilogues }

  /// Everything on.
  public static let all = FuseOptions(
    rowKernels: true, epilogues: true, pieces: true, siblings: true, gathers: true,
    positions: true, scans: true, scatters: true)
}
