/// What one thread did when: spans in the order of their ends, neighbours joined when there are many.
struct TimelineLane: Sendable {
  /// A stretch of time with one task or several.
  struct Span: Hashable, Sendable {
    var start: Int
    var end: Int
    /// The step that took most of it.
    var step: Int
    /// The nanoseconds of tasks in it.
    var busy: Int
    /// The nanoseconds of `step` in it.
    var most: Int
    var tasks = 1

    /// The stretch of two.
    func joined(with other: Span) -> Span {
      var major = most >= other.most ? self : other
      if step == other.step { major.most = most + other.most }
      major.start = min(start, other.start)
      major.end = max(end, other.end)
      major.busy = busy + other.busy
      major.tasks = tasks + other.tasks
      return major
    }
  }

  let name: String
  private let mostSpans: Int
  private(set) var spans: [Span] = []
  /// Tasks that are joined before they become a span.
  private var unit = 1
  private var open: Span?

  init(_ name: String, mostSpans: Int = 4096) {
    self.name = name
    self.mostSpans = mostSpans
  }

  /// All spans, the last one too that may still grow.
  var all: [Span] { spans + (open.map { [$0] } ?? []) }

  mutating func add(_ start: Int, _ end: Int, step: Int) {
    let span = Span(start: start, end: end, step: step, busy: end - start, most: end - start)
    let grown = open.map { $0.joined(with: span) } ?? span
    if grown.tasks < unit {
      open = grown
      return
    }
    open = nil
    spans.append(grown)
    if spans.count < mostSpans { return }
    unit *= 2
    spans = stride(from: 0, to: spans.count, by: 2).map { place in
      place + 1 < spans.count ? spans[place].joined(with: spans[place + 1]) : spans[place]
    }
  }
}

/// Bytes over time: neighbouring samples are joined when there are many, and keep what was most.
struct SampleSeries: Sendable {
  /// What was known at a time.
  struct Sample: Hashable, Sendable {
    var time: Int
    /// The most bytes alive since the sample before.
    var live: Int
    /// All bytes read and written so far.
    var read: Int
    var written: Int

    fileprivate func joined(with later: Sample) -> Sample {
      var joined = later
      joined.live = max(live, later.live)
      return joined
    }
  }

  private let mostSamples: Int
  private var samples: [Sample] = []
  private var unit = 1
  private var open: Sample?
  private var openCount = 0

  init(mostSamples: Int = 4096) { self.mostSamples = mostSamples }

  /// All samples, the last one too that may still grow.
  var all: [Sample] { samples + (open.map { [$0] } ?? []) }

  mutating func add(_ sample: Sample) {
    let grown = open.map { $0.joined(with: sample) } ?? sample
    openCount += 1
    if openCount < unit {
      open = grown
      return
    }
    (open, openCount) = (nil, 0)
    samples.append(grown)
    if samples.count < mostSamples { return }
    unit *= 2
    samples = stride(from: 0, to: samples.count, by: 2).map { place in
      place + 1 < samples.count ? samples[place].joined(with: samples[place + 1]) : samples[place]
    }
  }
}
